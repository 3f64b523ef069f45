"""The nearest old text: found by letters, each old text for one new text only."""

import pytest

from verso.i18n.po.fuzzy import LEAST, Index, likeness, pair


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Save page", "Save the page"),
        ("Delete this page?", "Delete these pages?"),
        ("The page was saved.", "The page was not saved."),
        ("Search", "Search…"),
        ("Ok", "OK!"),
        ("設定を保存しました。", "設定を保存できませんでした。"),
        ("word " * 100, "word " * 90 + "other " * 10),
    ],
)
def test_a_reworded_text_is_found(old: str, new: str) -> None:
    texts = ["Nothing like it", old, "Something else entirely", ""]
    assert pair(texts, [new]) == {0: 1}
    ((ratio, place),) = Index(texts).nearest(new)
    assert place == 1 and LEAST <= ratio <= 1


@pytest.mark.parametrize("new", ["", "x", "Unlike everything that there was before"])
def test_a_text_that_is_like_none_has_none(new: str) -> None:
    assert pair(["Save", "Delete", "Open the file"], [new]) == {}


def test_what_fits_best_is_paired_first() -> None:
    old = ["Delete page", "Delete pages"]
    new = ["Delete all pages", "Delete the page"]
    assert pair(old, new) == {0: 1, 1: 0}
    assert pair(["Delete page"], ["Delete pages", "Delete page!"]) in ({0: 0}, {1: 0})


def test_a_text_found_among_thousands_that_share_its_words() -> None:
    old = [f"The page number {number} could not be found here" for number in range(3000)]
    new = [text.replace("could not be", "was not") for text in old[::10]]
    assert sum(place == number * 10 for number, place in pair(old, new).items()) >= 295


def test_likeness_is_one_for_the_same_and_nothing_for_the_unlike() -> None:
    assert likeness("abc", "abc") == 1
    assert likeness("abc", "xyz") == 0
