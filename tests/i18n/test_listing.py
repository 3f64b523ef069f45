"""Lists for people: the messages of a language by words, state and area, and what was noticed."""

from pathlib import Path

import pytest

from tests.i18n.languages import Languages
from verso.i18n.listing import Listed, Wanted, messages_of, noticed_in


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    made = Languages(tmp_path)
    made.ship("de").write({"Search": "Suche ", "Hello %(name)s": "Hallo %(nam)s"})
    return made


def chosen(messages: list[Listed], **wanted: str) -> list[str]:
    return [one.original.msgid for one in messages if Wanted(**wanted).takes(one)]


def test_messages_are_found_by_words_state_and_area(languages: Languages) -> None:
    messages = messages_of(languages.overview(), "de")
    assert len(messages) == len({one.anchor for one in messages}) == 4
    assert chosen(messages, words="suche") == chosen(messages, words="SEARCH") == ["Search"]
    assert chosen(messages, words="verb") == ["Post"]
    assert chosen(messages, words="hits") == ["%(num)s hit"]
    assert chosen(messages, state="doubtful") == ["Search"]
    assert chosen(messages, state="refused") == ["Hello %(name)s"]
    assert chosen(messages, state="missing") == ["Post", "%(num)s hit"]
    assert chosen(messages, state="missing", area="blog") == ["Post"]
    assert chosen(messages, area="mails", words="x") == []


def test_a_message_has_its_text_as_written_and_its_findings(languages: Languages) -> None:
    found = {one.original.msgid: one for one in messages_of(languages.overview(), "de")}
    refused = found["Hello %(name)s"]
    assert refused.forms == ("Hallo %(nam)s",)
    assert {one.code for one in refused.findings} == {"unknown-placeholder", "missing-placeholder"}
    assert refused.place == "verso/translations/de/messages.po:8"
    missing = found["Post"]
    assert not missing.forms and not missing.findings and not missing.place


def test_what_was_noticed_comes_errors_first(languages: Languages) -> None:
    overview = languages.overview()
    noticed = noticed_in(overview.files("de"))
    assert [one.finding.level for one in noticed] == ["error", "error", "warn"]
    assert noticed[0].place.startswith("verso/translations/de/messages.po:9:")
    assert noticed[0].forms == ("Hallo %(nam)s",) and not noticed[0].is_kept
    assert noticed[2].place == "verso/translations/de/messages.po:6:1"
