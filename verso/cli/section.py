"""`verso section new`: a section in the house's own shape, in a checkout of the source."""

import ast
import keyword
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

import click

from verso.content.slugs import SITE_WORDS
from verso.sections import Section
from verso.values import canonical_locale

CHECKOUT = Path(__file__).parents[2]
TEMPLATE = Path(__file__).parent / "section_template"
# The column of the inbox that holds a section's name is no longer.
MAX_LENGTH = 20
WIDTH = 100
NEXT = "Its name is in verso/templates/{}/base.html; `make test` checks all of it."


class SectionRefused(ValueError):
    """A section cannot be written here, or not by this name; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A row for the new section in a file: where it goes, and what comes of what stands there."""

    file: str
    where: str
    place: re.Pattern[str]
    replacement: Callable[[re.Match[str], str], str]

    def apply(self, text: str, name: str) -> str:
        """The text with the row; SectionRefused where the place is not there exactly once."""
        if len(self.place.findall(text)) != 1:
            raise SectionRefused(
                f"{self.file} does not look as expected: {self.where} was not found. Nothing was "
                "written; add the section by hand (docs/errors.md, “Adding a section”)."
            )
        return self.place.sub(lambda found: self.replacement(found, name), text)


def _import(found: re.Match[str], name: str) -> str:
    names = sorted({*re.findall(r"\w+", found[1]), name})
    return "from verso import (\n" + "".join(f"    {one},\n" for one in names) + ")\n"


def _loop(found: re.Match[str], name: str) -> str:
    names = [*re.findall(r"\w+", found[2]), name]
    line = f"{found[1]}for section in ({', '.join(names)}):\n"
    if len(line) <= WIDTH + 1:
        return line
    rows = "".join(f"{found[1]}    {one},\n" for one in names)
    return f"{found[1]}for section in (\n{rows}{found[1]}):\n"


EDITS = (
    Edit(
        "verso/sections.py",
        "the list of class Section",
        re.compile(r'(?:^    [A-Z0-9_]+ = "\w+"\n)+', re.MULTILINE),
        lambda found, name: f'{found[0]}    {name.upper()} = "{name}"\n',
    ),
    Edit(
        "verso/app.py",
        "“from verso import (...)”",
        re.compile(r"^from verso import \(\n((?:    \w+,\n)+)\)\n", re.MULTILINE),
        _import,
    ),
    Edit(
        "verso/app.py",
        "the list RESPONDERS",
        re.compile(r"^RESPONDERS = \{\n(?:    Section\.\w+: \w+\.respond,\n)+", re.MULTILINE),
        lambda found, name: f"{found[0]}    Section.{name.upper()}: {name}.respond,\n",
    ),
    Edit(
        "verso/app.py",
        "“for section in (...)”",
        re.compile(r"^( +)for section in \(([\w, \n]+)\):\n", re.MULTILINE),
        _loop,
    ),
    Edit(
        "pyproject.toml",
        "the layer of the sections",
        re.compile(r'^    "site \| [a-z0-9_ |]+(?=",\n)', re.MULTILINE),
        lambda found, name: f"{found[0]} | {name}",
    ),
)


@click.group()
def section() -> None:
    """Sections of the site, in a checkout of its source."""


@section.command()
@click.argument("name")
def new(name: str) -> None:
    """Write the section NAME: /<locale>/NAME/, its form of an error, templates and tests."""
    try:
        written = write_section(CHECKOUT, name)
    except SectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
    for path in written:
        click.echo(path.relative_to(CHECKOUT))
    click.echo(NEXT.format(name))


def write_section(checkout: Path, name: str) -> list[Path]:
    """Write a section into a checkout; returns the files, the new ones first.

    Raises SectionRefused with nothing written.
    """
    _check_checkout(checkout)
    _check_name(checkout, name)
    files = {**dict(_new_files(checkout, name)), **_edited_files(checkout, name)}
    _write(files, _folders(checkout, name))
    return list(files)


def _check_checkout(checkout: Path) -> None:
    needed = {"pyproject.toml", "tests", *(edit.file for edit in EDITS)}
    if missing := sorted(path for path in needed if not (checkout / path).exists()):
        raise SectionRefused(
            f"A section is written into a checkout of the source, and {checkout} is none "
            f"({missing[0]} is missing): clone the repository and use its own `verso`."
        )


def _check_name(checkout: Path, name: str) -> None:
    """What would break: as a package, a name of the factory, a first segment or a row of the inbox."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or len(name) > MAX_LENGTH:
        raise SectionRefused(
            f"{name!r} cannot name a section: take up to {MAX_LENGTH} letters from a to z, digits "
            "and underscores, a letter first."
        )
    if keyword.iskeyword(name):
        raise SectionRefused(f"{name!r} is a word of Python itself: choose another name.")
    if name in list(Section):
        raise SectionRefused(f"There is a section {name!r} already: choose another name.")
    if name in SITE_WORDS:
        raise SectionRefused(f"/{name} is an address of the site already: choose another name.")
    if _is_locale(name):
        raise SectionRefused(f"{name!r} is a language, and /{name}/ would be its home page.")
    for path in (*_folders(checkout, name), checkout / "verso" / f"{name}.py"):
        if path.exists():
            raise SectionRefused(f"{path} is there already: choose another name.")
    if name in _names_of(checkout / "verso" / "app.py"):
        raise SectionRefused(f"verso/app.py uses {name!r} for something else: choose another name.")


def _is_locale(name: str) -> bool:
    try:
        canonical_locale(name)
    except ValueError:
        return False
    return True


def _names_of(file: Path) -> set[str]:
    """The names that a module uses, imports not counted: those from verso are files of their own."""
    tree = ast.parse(file.read_text("utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return used | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _folders(checkout: Path, name: str) -> tuple[Path, ...]:
    """The folders that a section has to itself."""
    verso = checkout / "verso"
    return verso / name, verso / "templates" / name, checkout / "tests" / name


def _new_files(checkout: Path, name: str) -> Iterator[tuple[Path, str]]:
    words = {"name": name, "NAME": name.upper(), "heading": name.replace("_", " ").capitalize()}
    for file in sorted(TEMPLATE.rglob("*.txt")):
        path = file.relative_to(TEMPLATE).with_suffix("")
        parts = [part.replace("name", name) for part in path.parts]
        yield checkout.joinpath(*parts), Template(file.read_text("utf-8")).substitute(words)


def _edited_files(checkout: Path, name: str) -> Mapping[Path, str]:
    texts: dict[Path, str] = {}
    for edit in EDITS:
        path = checkout / edit.file
        texts[path] = edit.apply(texts.get(path) or path.read_text("utf-8"), name)
    return texts


def _write(files: Mapping[Path, str], folders: tuple[Path, ...]) -> None:
    """Write all files or, where the disk refuses one, none."""
    before = {path: path.read_bytes() for path in files if path.exists()}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        for path, old in before.items():
            path.write_bytes(old)
        raise SectionRefused(f"{error.filename} cannot be written: {error.strerror}.") from error
