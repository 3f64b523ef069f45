"""`verso translations check` and `status`: what is wrong in `.po` files, and how complete they are."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import click

from verso.cli.terminal import bar, columns, in_terminals_language, padded, say
from verso.i18n import upkeep
from verso.i18n.catalogs import Catalogs, candidates
from verso.i18n.checks.findings import Finding, Level
from verso.i18n.formats import numberformat, percentformat
from verso.i18n.gettext import gettext, ngettext
from verso.i18n.locales import get_locales
from verso.i18n.overview import Coverage
from verso.i18n.po.document import Document
from verso.i18n.written import findings_in, written
from verso.translating import get_overview
from verso.values import canonical_locale

AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")


class Checked(NamedTuple):
    """A finding, and the file that it is about as it was named."""

    file: str
    finding: Finding

    @property
    def sentence(self) -> str:
        """The reason in the language that is spoken."""
        return gettext(self.finding.reason, **self.finding.variables)


@click.command()
@click.argument("what", nargs=-1, metavar="[LOCALE|FILE]...")
@AS_JSON
@click.option("--quiet", is_flag=True, help="Only errors, and no summary.")
@in_terminals_language
def check(what: Sequence[str], as_json: bool, quiet: bool) -> None:
    """Check the translations of the package and of this site, or only what is named.

    An error keeps a message from being shown; warnings and notes are advice. Exits 1 if there is
    an error.
    """
    files = list(_files_to_check(what))
    found = [
        Checked(_shown(path), finding)
        for path, locale in files
        for finding in findings_in(path, locale, get_locales().catalogs)
        if not quiet or finding.level is Level.ERROR
    ]
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found], indent=2, ensure_ascii=False))
    else:
        for one in found:
            say(_line(one))
        if not quiet:
            say(_summary(files, found))
    if any(one.finding.level is Level.ERROR for one in found):
        raise SystemExit(1)


@click.command()
@click.argument("locales", nargs=-1, metavar="[LOCALE]...")
@AS_JSON
@in_terminals_language
def status(locales: Sequence[str], as_json: bool) -> None:
    """Show how complete each language is, and how many of its messages are refused."""
    overview = get_overview()
    known = overview.locales()
    asked = [_known_locale(name, known) for name in locales]
    try:
        rows = [overview.coverage(locale) for locale in asked or known]
    except OSError as error:
        raise click.ClickException(
            gettext(
                "%(file)s cannot be read (%(why)s): `verso translations extract` makes it.",
                file=overview.template.path,
                why=error.strerror,
            )
        ) from error
    if as_json:
        click.echo(json.dumps([_coverage_as_json(row) for row in rows], indent=2))
        return
    for line in _table(rows):
        say(line)


@click.command()
@click.argument("locale")
@in_terminals_language
def accept(locale: str) -> None:
    """Accept that the files of LOCALE lack messages which the site still shows: these go then.

    A file that lost more than a tenth of its messages at once, or its end, counts as unfinished
    until it is accepted, or says in its header that it is whole.
    """
    catalogs = get_locales().catalogs
    locale = _known_locale(locale, catalogs.locales())
    for path in _files_of(catalogs, locale):
        try:
            number = upkeep.accept(path, locale, catalogs)
        except upkeep.NotKept as error:
            raise click.ClickException(gettext(error.message, **error.variables)) from error
        words = ngettext(
            "%(num)s message goes with what %(file)s lacks",
            "%(num)s messages go with what %(file)s lacks",
            number,
            file=_shown(path),
        )
        say(f"{locale}: {words}")


def _files_to_check(what: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """The files that are named, or all of them, each once, with their locales."""
    catalogs = get_locales().catalogs
    found: dict[Path, str] = {}
    for name in what or catalogs.locales():
        if Path(name).is_file():
            found[Path(name)] = _locale_of(Path(name))
            continue
        locale = _known_locale(name, catalogs.locales())
        found.update(dict.fromkeys(_files_of(catalogs, locale), locale))
    yield from sorted(found.items())


def _files_of(catalogs: Catalogs, locale: str) -> Iterator[Path]:
    for folder in catalogs.folders:
        yield from (path for path in candidates(folder, locale) if path.is_file())


def _known_locale(name: str, known: Iterable[str]) -> str:
    """The locale that a word names, if it has a catalog."""
    try:
        locale = canonical_locale(name)
    except ValueError:
        locale = ""
    if locale in known:
        return locale
    raise click.BadParameter(
        gettext(
            "%(name)s is neither a file nor a language with a catalog: %(known)s.",
            name=name,
            known=", ".join(known),
        )
    )


def _locale_of(path: Path) -> str:
    """The locale of a file: by its own name, its folder, or its header."""
    folder = path.absolute().parent
    folder = folder.parent if folder.name == "LC_MESSAGES" else folder
    header = Document.parse(path.read_bytes()).get_header("Language")
    for name in (path.stem, folder.name, header or ""):
        try:
            return canonical_locale(name)
        except ValueError:
            continue
    raise click.BadParameter(
        gettext(
            "The language of %(file)s is unknown: put it into a folder such as pt_BR, or write "
            "“Language: pt_BR” into its header.",
            file=path,
        )
    )


def _shown(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _line(one: Checked) -> str:
    finding = one.finding
    place = f"{one.file}:{finding.line}:{finding.column}"
    return f"{place}: {_name_of(finding.level)}: {one.sentence} [{finding.code}]"


def _name_of(level: Level) -> str:
    names = {
        Level.ERROR: gettext("error"),
        Level.WARN: gettext("warning"),
        Level.INFO: gettext("note"),
    }
    return names[level]


def _summary(files: Sequence[tuple[Path, str]], found: Sequence[Checked]) -> str:
    """What was looked at and what was found, errors first."""
    levels = Counter(one.finding.level for one in found)
    locales = len({locale for _, locale in files})
    messages = sum(len(written(*file).entries.keys() - {""}) for file in files)
    errors, warnings, notes = (levels[level] for level in Level)
    return ", ".join(
        (
            ngettext("%(num)s locale", "%(num)s locales", locales, num=numberformat(locales)),
            ngettext("%(num)s message", "%(num)s messages", messages, num=numberformat(messages)),
            ngettext("%(num)s error", "%(num)s errors", errors, num=numberformat(errors)),
            ngettext("%(num)s warning", "%(num)s warnings", warnings, num=numberformat(warnings)),
            ngettext("%(num)s note", "%(num)s notes", notes, num=numberformat(notes)),
        )
    )


def _as_json(one: Checked) -> dict[str, object]:
    finding = one.finding
    return {
        "file": one.file,
        "line": finding.line,
        "column": finding.column,
        "level": finding.level,
        "code": finding.code,
        "msgid": finding.msgid,
        "context": finding.context,
        "message": one.sentence,
    }


def _coverage_as_json(row: Coverage) -> dict[str, object]:
    areas = {
        area: {**asdict(counts), "percent": counts.percent} for area, counts in row.areas.items()
    }
    return {
        "locale": row.locale,
        "offered": row.is_offered,
        "percent": row.counts.percent,
        **asdict(row.counts),
        "areas": areas,
    }


def _table(rows: Sequence[Coverage]) -> Iterator[str]:
    """One line for each locale below the names of the columns, which are as wide as they need."""
    head = ("", gettext("done"), gettext("fuzzy"), gettext("missing"), gettext("refused"))
    body = [_cells(row) for row in rows]
    widths = [max(map(columns, column)) for column in zip(head, *body, strict=True)]
    names = max(columns(row.locale) for row in rows)
    for cells, row in zip((head, *body), (None, *rows), strict=True):
        name = row.locale if row else ""
        picture = bar(row.counts.percent) if row else " " * columns(bar(0))
        numbers = "  ".join(map(padded, cells, widths))
        mark = "" if row is None or row.is_offered else "  " + gettext("not offered by the site")
        yield f"{name:<{names}}  {picture}  {numbers}{mark}"


def _cells(row: Coverage) -> tuple[str, ...]:
    counts = row.counts
    numbers = (counts.done, counts.fuzzy, counts.missing, counts.refused)
    return (percentformat(counts.percent), *map(numberformat, numbers))
