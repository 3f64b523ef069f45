"""The shipped catalogs: complete, nothing of them refused, natural plurals, valid for gettext's own tools."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.postgresql import skip_or_fail
from verso.app import TRANSLATIONS
from verso.i18n.contents import Contents, read_contents
from verso.i18n.extraction import extract
from verso.i18n.po.syntax import key_of
from verso.values import canonical_locale

SHIPPED = tuple(sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir()))


def file_of(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def messages() -> set[str]:
    return {key_of(message.source.context, message.source.msgid) for message in extract()}


@pytest.fixture(scope="module")
def contents() -> dict[str, Contents]:
    return {
        locale: read_contents(file_of(locale).read_bytes(), canonical_locale(locale))
        for locale in SHIPPED
    }


@pytest.mark.parametrize("locale", SHIPPED)
def test_every_message_of_the_code_is_translated_and_no_other(
    locale: str, messages: set[str], contents: dict[str, Contents]
) -> None:
    assert sorted(messages - contents[locale].messages.keys()) == []
    assert sorted(contents[locale].named - messages - {""}) == []


@pytest.mark.parametrize("locale", SHIPPED)
def test_nothing_of_it_is_refused(locale: str, contents: dict[str, Contents]) -> None:
    assert contents[locale].findings == ()


@pytest.mark.parametrize("locale", SHIPPED)
def test_gettext_accepts_it(locale: str) -> None:
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        skip_or_fail("there is no `msgfmt` on the PATH; gettext brings it")
    command = [msgfmt, "-c", "-o", "/dev/null", str(file_of(locale))]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
