"""Comparing: the words that changed, in any script, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from verso.content.comparing import MAX_ROWS, Piece, compare, compare_words
from verso.content.paragraphs import join_paragraphs, split_paragraphs

SAME, OLD, NEW = Piece.SAME, Piece.OLD, Piece.NEW


def test_only_the_words_that_changed_are_marked() -> None:
    row = compare_words("We are open today.", "We are closed today.")
    assert row.pieces == ((SAME, "We are "), (OLD, "open"), (NEW, "closed"), (SAME, " today."))
    assert "".join(text for _, text in row.old) == "We are open today."
    assert "".join(text for _, text in row.new) == "We are closed today."


def test_scripts_without_spaces_are_compared_by_character() -> None:
    row = compare_words("今日は開いています", "今日は休んでいます")
    assert (SAME, "今日は") in row.pieces
    assert row.is_changed


def test_long_unchanged_stretches_are_folded() -> None:
    old = [f"Paragraph {number}." for number in range(20)]
    new = [*old[:10], "Changed.", *old[11:]]
    rows = compare(join_paragraphs(old), join_paragraphs(new))
    assert [row.hidden for row in rows] == [9, 0, 0, 0, 8]
    assert rows[2].is_changed and not rows[1].is_changed


def test_equal_texts_have_no_changed_row() -> None:
    assert not any(row.is_changed for row in compare("One.\n\nTwo.", "One.\n\nTwo."))


def test_what_would_take_too_long_is_shown_whole() -> None:
    old = [" ".join(f"old{number}" for number in range(300)) for _ in range(20)]
    new = [paragraph.replace("old", "new") for paragraph in old]
    rows = compare(join_paragraphs(["Open.", *old]), join_paragraphs(["Shut.", *new]))
    assert rows[0].pieces == ((OLD, "Open"), (NEW, "Shut"), (SAME, "."))
    assert rows[-1].pieces == ((OLD, old[0]), (NEW, new[0]))
    assert len(rows[1].pieces) > 2 and len(rows) == 21


def test_very_many_changed_paragraphs_are_not_all_shown() -> None:
    old = [f"Old {number}." for number in range(MAX_ROWS + 50)]
    rows = compare(join_paragraphs(old), "")
    assert len(rows) == MAX_ROWS + 1 and rows[-1].omitted == 50


TEXT = st.lists(st.text("ab c.漢", min_size=1).map(str.strip).filter(bool), max_size=6)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_the_rows(old: list[str], new: list[str]) -> None:
    before, after = join_paragraphs(old), join_paragraphs(new)
    rows = compare(before, after)
    changed = [row for row in rows if row.is_changed]
    for row in changed:
        words = "".join(text for _, text in row.old), "".join(text for _, text in row.new)
        assert words[0] in ("", *split_paragraphs(before))
        assert words[1] in ("", *split_paragraphs(after))
    assert bool(changed) == (split_paragraphs(before) != split_paragraphs(after))
