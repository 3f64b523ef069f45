"""Accent colours: the contrast of WCAG, the papers of our stylesheet, the nearest that is enough."""

import re
from itertools import product
from pathlib import Path

import pytest

import verso
from verso.content.colours import (
    ACCENTS,
    ENOUGH,
    PAPERS,
    BadColour,
    Scheme,
    WeakColour,
    check_accent,
    contrast,
    nearest_enough,
    worst_contrast,
)

LIGHT, DARK = Scheme.LIGHT, Scheme.DARK


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # The grey that is known to be just enough on white, and its neighbour that is not.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag_whichever_comes_first(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_papers_and_accents_are_those_of_the_stylesheet() -> None:
    css = (Path(verso.__file__).parent / "static" / "verso.css").read_text("utf-8")
    found = dict(re.findall(r"--(\w+): light-dark\((#\w{6}, #\w{6})\);", css))
    pairs = [found[name].split(", ") for name in ("paper", "leaf", "ground", "field")]
    assert [tuple(column) for column in zip(*pairs, strict=True)] == [PAPERS[LIGHT], PAPERS[DARK]]
    assert found["accent"].split(", ") == [ACCENTS[LIGHT], ACCENTS[DARK]]


def test_our_own_accents_are_enough() -> None:
    for scheme in Scheme:
        assert check_accent(ACCENTS[scheme], scheme) == ACCENTS[scheme]


def test_a_weak_colour_is_refused_with_its_ratio_and_one_that_is_enough() -> None:
    with pytest.raises(WeakColour) as refused:
        check_accent("#FFcc00", LIGHT)
    assert refused.value.ratio == worst_contrast("#ffcc00", LIGHT) < 2
    assert check_accent(refused.value.nearest, LIGHT) == refused.value.nearest
    assert check_accent("#ffcc00", DARK) == "#ffcc00"


@pytest.mark.parametrize("channels", list(product(("00", "55", "aa", "ff"), repeat=3)))
def test_the_nearest_is_enough_and_hardly_more(channels: tuple[str, ...]) -> None:
    colour = "#" + "".join(channels)
    for scheme in Scheme:
        ratio = worst_contrast(nearest_enough(colour, scheme), scheme)
        if worst_contrast(colour, scheme) >= ENOUGH:
            assert nearest_enough(colour, scheme) == colour
        else:
            assert ENOUGH <= ratio < ENOUGH + 0.15


@pytest.mark.parametrize("typed", ["", "red", "#fff", "#12345g", "#1234567", "url(x)", "#0d6156;}"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(BadColour):
        check_accent(typed, LIGHT)
