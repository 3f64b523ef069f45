"""Acceptance: what a new version of a file may take away, and what counts as cut off or unfinished."""

from pathlib import Path

import pytest

from tests.i18n.files import HEADER, Texts, catalog, entry
from verso.i18n.acceptance import MANY, Loss, State, Verdict, combined, judge, record_of
from verso.i18n.contents import read_contents
from verso.i18n.last_good import NO_RECORD, Record

MESSAGES = 200
TEXTS: Texts = {f"message {number}": f"Nachricht {number}" for number in range(MESSAGES)}
SMALL: Texts = {"Search": "Suche", "Blog": "Tagebuch", "Feed": "Feed"}


def taken(text: str, record: Record) -> tuple[State, Verdict, Record]:
    contents = read_contents(text.encode(), "de")
    verdict = judge(contents, record, None)
    state = combined(contents, record, verdict, "de")
    return state, verdict, record_of(contents, state, verdict, record)


def recorded(texts: Texts) -> Record:
    return taken(catalog(texts), NO_RECORD)[2]


def without(texts: Texts, *places: int) -> Texts:
    return {key: text for place, (key, text) in enumerate(texts.items()) if place not in places}


def served(state: State) -> dict[str, str]:
    return {key: message.text for key, message in state.contents.messages.items()}


def declaring(text: str, count: int) -> str:
    return text.replace('"Content-Type', f'"X-Verso-Messages: {count}\\n"\n"Content-Type')


@pytest.mark.parametrize("place", range(3))
def test_a_small_overlay_may_lose_any_of_its_messages(place: int) -> None:
    state, verdict, _ = taken(catalog(without(SMALL, place)), recorded(SMALL))
    assert served(state) == without(SMALL, place)
    assert verdict.loss is Loss.DELETED and state.contents.findings == ()


def test_a_few_messages_may_go_from_the_middle_of_a_large_file() -> None:
    places = range(10, 10 + MANY)
    state, verdict, record = taken(catalog(without(TEXTS, *places)), recorded(TEXTS))
    assert served(state) == without(TEXTS, *places) and verdict.finding is None
    assert record.entries.keys() == served(state).keys()


def test_a_file_that_lost_more_than_a_tenth_is_unfinished_and_all_stays_as_it_was() -> None:
    changed = {key: f"{text}!" for key, text in without(TEXTS, *range(21)).items()}
    before = recorded(TEXTS)
    state, verdict, after = taken(catalog(changed), before)
    assert served(state) == TEXTS and after == before
    assert len(state.kept) == 21
    assert verdict.finding and verdict.finding.sentence.startswith(
        "21 of the 200 messages that are shown are missing, so the file counts as unfinished"
    )
    assert "“X-Verso-Messages: 179”" in verdict.finding.sentence


def test_the_header_may_say_that_the_file_is_whole() -> None:
    texts = without(TEXTS, *range(100))
    state, verdict, _ = taken(declaring(catalog(texts), 100), recorded(TEXTS))
    assert served(state) == texts and verdict.finding is None


def test_a_number_in_the_header_that_is_not_that_of_the_file_says_nothing() -> None:
    text = declaring(catalog(without(TEXTS, *range(100))), 200)
    state, verdict, _ = taken(text, recorded(TEXTS))
    assert served(state) == TEXTS and verdict.loss is Loss.UNFINISHED


def test_messages_that_are_obsolete_emptied_or_fuzzy_are_meant_to_go() -> None:
    kept = without(TEXTS, *range(60))
    gone = [entry(key, "x") for key in list(TEXTS)[:20]]
    obsolete = "\n".join("".join(f"#~ {line}\n" for line in one.splitlines()) for one in gone)
    emptied = "\n".join(entry(key, "") for key in list(TEXTS)[20:40])
    fuzzy = "\n".join(f"#, fuzzy\n{entry(key, 'x')}" for key in list(TEXTS)[40:60])
    text = "\n".join([catalog(kept), emptied, fuzzy, obsolete])
    state, verdict, _ = taken(text, recorded(TEXTS))
    assert served(state) == kept and verdict.loss is Loss.NONE


def test_messages_that_the_code_does_not_ask_for_any_more_may_go(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    template.write_text(catalog(without(TEXTS, *range(100))), encoding="utf-8")
    contents = read_contents(catalog(without(TEXTS, *range(100))).encode(), "de")
    assert judge(contents, recorded(TEXTS), template).loss is Loss.NONE
    assert judge(contents, recorded(TEXTS), tmp_path / "none.pot").loss is Loss.UNFINISHED


def test_the_last_messages_of_a_large_file_do_not_go_silently() -> None:
    state, verdict, record = taken(catalog(without(TEXTS, 198, 199)), recorded(TEXTS))
    assert served(state) == TEXTS and record.entries.keys() == TEXTS.keys()
    assert verdict.finding and verdict.finding.code == "cut-off"
    again, verdict, _ = taken(catalog(without(TEXTS, 198, 199)), record)
    assert served(again) == TEXTS and verdict.loss is Loss.CUT


def test_the_rest_of_a_file_that_was_cut_off_is_served() -> None:
    changed = {**without(TEXTS, 199), "message 0": "neu", "message 198": "abgeschn"}
    state, *_ = taken(catalog(changed), recorded(TEXTS))
    # The entry at the cut may be cut itself.
    assert served(state) == {**TEXTS, "message 0": "neu"}


@pytest.mark.parametrize("end", ["\n#: verso/templates/base.html\n", "\n#: verso/temp"])
def test_a_file_that_ends_within_a_comment_was_cut_off_however_small_it_is(end: str) -> None:
    state, verdict, _ = taken(catalog(without(SMALL, 2)) + end, recorded(SMALL))
    assert served(state) == SMALL and verdict.loss is Loss.CUT


def test_a_file_that_never_ended_its_last_line_may_lose_a_message() -> None:
    record = taken(catalog(SMALL).rstrip("\n"), NO_RECORD)[2]
    state, *_ = taken(catalog(without(SMALL, 2)).rstrip("\n"), record)
    assert served(state) == without(SMALL, 2)


def test_a_last_text_that_lost_lines_is_as_it_was() -> None:
    lines = 'msgid "Blog"\nmsgstr ""\n"Tage"\n"buch"\n'
    whole = f"{HEADER}\n{entry('Search', 'Suche')}\n{lines}"
    record = taken(whole, NO_RECORD)[2]
    for cut in ('"buch"\n', '"Tage"\n"buch"\n', '\n"Tage"\n"buch"\n'):
        state, verdict, after = taken(whole.removesuffix(cut), record)
        assert verdict.finding and verdict.finding.code == "cut-text"
        assert served(state) == {"Search": "Suche", "Blog": "Tagebuch"}
        assert after.entries.keys() == {"Search", "Blog"}


def test_a_last_text_that_was_emptied_is_empty() -> None:
    state, verdict, _ = taken(catalog({**SMALL, "Feed": ""}), recorded(SMALL))
    assert served(state) == without(SMALL, 2) and verdict.loss is Loss.NONE


def test_a_file_that_says_nothing_has_only_its_own_finding() -> None:
    state, verdict, record = taken("", recorded(TEXTS))
    assert served(state) == TEXTS and record == recorded(TEXTS)
    assert verdict.finding is None
    assert [finding.code for finding in state.contents.findings] == ["empty-file"]
