"""`verso section new`: what it writes passes every check at once, and what it refuses leaves no trace."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from verso.cli.section import TEMPLATE, SectionRefused, write_section

ROOT = Path(__file__).parents[2]
COPIED = (
    "verso",
    "tests",
    "scripts",
    "docs",
    "benchmarks",
    "proofs",
    "README.md",
    "LICENSE",
    "pyproject.toml",
    "wsgi.py",
)
REST = (
    "tests/errors/test_audit.py::test_the_application_has_no_holes",
    "tests/i18n/test_shipped.py",
    "tests/i18n/test_extraction.py",
    "tests/test_sections.py",
)
Run = Callable[..., str]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the source, as somebody has it who cloned the repository."""
    made = tmp_path / "checkout"
    made.mkdir()
    left = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, made / name, ignore=left)
        else:
            shutil.copy(ROOT / name, made / name)
    return made


@pytest.fixture
def run(checkout: Path) -> Run:
    """Run a command of the virtual environment in the copy; what it prints."""

    def run(*words: str, status: int = 0) -> str:
        found = shutil.which(words[0], path=Path(sys.executable).parent) or words[0]
        done = subprocess.run(
            [found, *words[1:]],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout)},
            capture_output=True,
            text=True,
            timeout=500,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def files_of(folder: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_new_section_passes_the_checks_and_the_error_table_at_once(
    checkout: Path, run: Run
) -> None:
    if (ROOT / ".mypy_cache").is_dir():
        # What mypy knows already it need not find out again.
        shutil.copytree(ROOT / ".mypy_cache", checkout / ".mypy_cache")
    written = run(sys.executable, "-m", "verso", "section", "new", "shop").splitlines()[:-1]
    python = [path for path in written if path.endswith(".py")]
    assert "verso/shop/errors.py" in python and "tests/shop/test_shop.py" in python
    run("ruff", "format", "--check", *python)
    run("ruff", "check", *python)
    run("mypy")
    run("lint-imports", "--no-cache")
    run("djlint", "verso/templates", "--lint", "--quiet")
    run(sys.executable, "-m", "pytest", "-q", "-x", "tests/shop", *REST)
    # The rows of the other sections are what they were.
    table = run(sys.executable, "-m", "pytest", "-q", "tests/errors/test_table.py", "-k", "shop")
    assert re.search(r"\b[1-9][0-9]+ passed", table), table
    refused = run(sys.executable, "-m", "verso", "section", "new", "shop", status=1)
    assert "There is a section 'shop' already" in refused


def test_a_second_and_a_third_section_are_as_well_formed(checkout: Path, run: Run) -> None:
    for name in ("a_shop_of_many_words", "zines_and_broadsides", "q"):
        write_section(checkout, name)
    run("ruff", "format", "--check", ".")
    run("ruff", "check", "verso/app.py", "verso/sections.py", "verso/q", "tests/q")
    routes = run(sys.executable, "-m", "verso", "routes")
    assert "/<locale:locale>/zines_and_broadsides/" in routes and "/q/" in routes


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "cannot name a section"),
        ("Shop", "cannot name a section"),
        ("my-shop", "cannot name a section"),
        ("../shop", "cannot name a section"),
        ("läden", "cannot name a section"),
        ("x" * 21, "up to 20 letters"),
        ("class", "a word of Python"),
        ("blog", "a section 'blog' already"),
        ("search", "/search is an address of the site already"),
        ("is", "a word of Python"),
        ("pl", "is a language"),
        ("zh_hant", "is a language"),
        ("content", "is there already"),
        ("links", "is there already"),
        ("browser", "is there already"),
        ("settings", "uses 'settings' for something else"),
    ],
)
def test_a_name_that_would_break_something_is_refused(
    checkout: Path, name: str, reason: str
) -> None:
    before = files_of(checkout)
    with pytest.raises(SectionRefused, match=reason):
        write_section(checkout, name)
    assert files_of(checkout) == before


@pytest.mark.parametrize(
    ("file", "old", "words"),
    [
        ("verso/app.py", "RESPONDERS = {", "the list RESPONDERS"),
        ("verso/app.py", "for section in (", "“for section in"),
        ("verso/app.py", "from verso import (", "“from verso import"),
        ("verso/sections.py", 'SITE = "site"\n    ', "the list of class Section"),
        ("pyproject.toml", '"site | ', "the layer of the sections"),
    ],
)
def test_a_file_that_looks_otherwise_is_named_and_nothing_is_written(
    checkout: Path, file: str, old: str, words: str
) -> None:
    text = (checkout / file).read_text("utf-8")
    (checkout / file).write_text(text.replace(old, old + "# changed\n    "), "utf-8")
    before = files_of(checkout)
    with pytest.raises(SectionRefused, match=f"{file} does not look as expected: {words}"):
        write_section(checkout, "shop")
    assert files_of(checkout) == before


def test_what_the_disk_refuses_leaves_nothing_half_written(checkout: Path) -> None:
    shutil.rmtree(checkout / "verso" / "templates")
    (checkout / "verso" / "templates").write_text("no folder")
    before = files_of(checkout)
    with pytest.raises(SectionRefused, match="cannot be written"):
        write_section(checkout, "shop")
    assert files_of(checkout) == before and not (checkout / "verso" / "shop").exists()


def test_outside_of_a_checkout_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SectionRefused, match="pyproject.toml is missing"):
        write_section(tmp_path, "shop")
    assert list(tmp_path.iterdir()) == []


def test_what_it_is_made_of_is_in_the_wheel(run: Run, tmp_path: Path) -> None:
    run(sys.executable, "-m", "flit_core.wheel", "--outdir", str(tmp_path))
    packed = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    for file in TEMPLATE.rglob("*.txt"):
        assert str(file.relative_to(ROOT)) in packed
