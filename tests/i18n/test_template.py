"""The template: which files use a message, and which areas of the product those belong to."""

import os
from pathlib import Path

import pytest

from tests.i18n.languages import TEMPLATE
from verso.i18n.template import Area, Template, areas_of


@pytest.mark.parametrize(
    ("file", "areas"),
    [
        ("verso/templates/base.html", ["everywhere"]),
        ("verso/templates/_macros.html", ["everywhere"]),
        ("verso/templates/blog/post.html", ["blog"]),
        ("verso/api/documents.py", ["api"]),
        ("verso/admin/inbox.py", ["admin"]),
        ("verso/errors/client_problems.py", ["errors"]),
        ("verso/errors/letters.py", ["mails"]),
        ("verso/cli/doctor.py", ["commands"]),
        ("verso/content/noise.py", ["admin", "commands"]),
        ("verso/i18n/checks/findings.py", ["admin", "commands"]),
        ("verso/translating.py", ["admin"]),
        ("verso/layout.py", ["everywhere"]),
        ("verso/site.py", ["everywhere"]),
    ],
)
def test_a_file_belongs_to_an_area(file: str, areas: list[str]) -> None:
    assert areas_of((file,)) == tuple(map(Area, areas))


def test_a_message_in_several_files_counts_in_the_area_of_each(tmp_path: Path) -> None:
    file = tmp_path / "messages.pot"
    file.write_text(TEMPLATE, encoding="utf-8")
    originals = Template(file).originals()
    assert list(originals) == ["Search", "verb\x04Post", "Hello %(name)s", "%(num)s hit"]
    assert originals["Search"].areas == ("everywhere", "blog")
    assert originals["Hello %(name)s"].files == ("verso/admin/inbox.py", "verso/cli/errors.py")
    assert originals["Hello %(name)s"].areas == ("admin", "commands")
    assert originals["%(num)s hit"].plural == "%(num)s hits"


def test_it_is_read_again_when_it_has_changed_and_only_then(tmp_path: Path) -> None:
    file = tmp_path / "messages.pot"
    file.write_text(TEMPLATE, encoding="utf-8")
    template = Template(file)
    before = template.originals()
    assert template.originals() is before
    file.write_text('msgid "Feed"\nmsgstr ""\n')
    os.utime(file, (1, 1))
    assert list(template.originals()) == ["Feed"]


def test_without_the_file_the_error_names_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"messages\.pot"):
        Template(tmp_path / "messages.pot").originals()
