"""Merging: both changes are kept wherever they do not touch, and said to clash where they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verso.content.merging import Clash, merge_lists, merge_texts, merge_values
from verso.content.paragraphs import MAX_COMPARISONS, join_paragraphs, split_paragraphs

BASE = "One.\n\nTwo.\n\nThree.\n\nFour."


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (BASE, BASE, BASE),
        ("Uno.\n\nTwo.\n\nThree.\n\nFour.", BASE, "Uno.\n\nTwo.\n\nThree.\n\nFour."),
        (BASE, "One.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree."),
        (
            "Uno.\n\nTwo.\n\nThree.\n\nFour.",
            "One.\n\nDue.\n\nThree.\n\nFour.",
            "Uno.\n\nDue.\n\nThree.\n\nFour.",
        ),
        (
            "Zero.\n\nOne.\n\nTwo.\n\nThree.\n\nFour.",
            BASE + "\n\nFive.",
            "Zero.\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.",
        ),
        (
            "One.\n\nTwo.\n\nNew.\n\nThree.\n\nFour.",
            "One.\n\nTwo.\n\nTre.\n\nFour.",
            "One.\n\nTwo.\n\nNew.\n\nTre.\n\nFour.",
        ),
        ("Same.\n\nTwo.\n\nThree.\n\nFour.",) * 2 + ("Same.\n\nTwo.\n\nThree.\n\nFour.",),
    ],
)
def test_changes_of_different_paragraphs_are_both_kept(mine: str, theirs: str, both: str) -> None:
    merged = merge_texts(BASE, mine, theirs)
    assert (merged.text, merged.clashes) == (both, [])


def test_the_same_paragraph_clashes_and_says_what_is_mine() -> None:
    mine, theirs = BASE.replace("Two.", "Zwei."), BASE.replace("Two.", "Deux.")
    merged = merge_texts(BASE, mine, theirs)
    assert merged.text == mine
    assert merged.clashes == [Clash("Zwei.", "Deux.")]


def test_two_who_add_at_the_same_place_clash() -> None:
    merged = merge_texts(BASE, BASE + "\n\nMine.", BASE + "\n\nTheirs.")
    assert merged.clashes == [Clash("Mine.", "Theirs.")]


def test_what_one_removed_and_the_other_changed_clashes() -> None:
    merged = merge_texts(BASE, "One.\n\nFour.", BASE.replace("Two.", "Due."))
    assert merged.clashes == [Clash("", "Due.\n\nThree.")]


@pytest.mark.parametrize(
    "block",
    [
        "- item\n\n    ```\n    a\n\n\n    b\n    ```",
        "<pre>\nx\n\n\n\ny\n</pre>",
        "A line  \nbroken hard.",
        "    indented\n\n\n    code",
    ],
)
def test_what_nobody_touched_is_the_same_to_the_last_blank_line(block: str) -> None:
    base = f"One.\n\n{block}\n\nTwo."
    merged = merge_texts(base, base.replace("One.", "Uno."), base.replace("Two.", "Due."))
    assert merged.text == f"Uno.\n\n{block}\n\nDue." and not merged.clashes


def test_a_block_of_code_is_one_paragraph() -> None:
    code = "```\na\n\n\nb\n```"
    text = f"One.\n\n{code}\n\nTwo."
    assert split_paragraphs(text) == ["One.", code, "Two."]
    assert merge_texts(text, text.replace("One", "Uno"), text.replace("Two", "Due")).text == (
        f"Uno.\n\n{code}\n\nDue."
    )


PARAGRAPHS = st.lists(st.sampled_from(["a", "b", "c", "d", "```\nx\n\ny\n```"]), max_size=8)


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_no_word_of_either_is_lost_and_every_order_ends(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    texts = [join_paragraphs(one) for one in (base, mine, theirs)]
    merged = merge_texts(*texts)
    shown = split_paragraphs(merged.text)
    told = [block for clash in merged.clashes for block in split_paragraphs(clash.theirs)]
    for word in {*mine, *theirs} - {*base}:
        assert word in shown + told
    other = merge_texts(texts[0], texts[2], texts[1])
    assert bool(other.clashes) == bool(merged.clashes)
    if not merged.clashes:
        assert other.text == merged.text


def test_many_equal_paragraphs_do_not_take_long() -> None:
    many = ["x"] * (int(MAX_COMPARISONS**0.5) * 4)
    merged = merge_texts(
        join_paragraphs(many), join_paragraphs(["y", *many]), join_paragraphs([*many, "z"])
    )
    assert merged.clashes == []
    assert split_paragraphs(merged.text) == ["y", *many, "z"]


def test_values_and_lists_of_names() -> None:
    assert merge_values("a", "a", "b") == ("b", False)
    assert merge_values("a", "b", "a") == ("b", False)
    assert merge_values("a", "b", "b") == ("b", False)
    assert merge_values("a", "b", "c") == ("b", True)
    assert merge_lists(["a", "b"], ["a"], ["a", "b", "c"]) == ["a", "c"]
    assert merge_lists(["a"], ["a", "b"], ["c", "a"]) == ["c", "a", "b"]
    assert merge_lists(["a", "b"], ["b", "a"], ["a", "b"]) == ["b", "a"]
