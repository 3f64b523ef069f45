"""A catalog that is cut off anywhere: all workers serve what they served, and remember all of it."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.i18n.cutting import BLOCK, Site, edited, ends, positions, shipped, wrapped

# `python -m proofs.cut_catalogs` tries every block, and many times as many places.
CUTS = 12


def sample(data: bytes) -> list[int]:
    """Some blocks, some places anywhere, and some in the last lines."""
    chance = random.Random(2)
    blocks = range(BLOCK, len(data), BLOCK)
    anywhere = list(positions(data, CUTS))[len(blocks) :]
    return [*chance.sample(blocks, CUTS), *anywhere, *chance.sample(ends(data), CUTS)]


@pytest.mark.parametrize("form", [bytes, wrapped])
def test_a_cut_file_costs_no_message(form: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data = form(shipped())
    site = Site(tmp_path, data)
    faults = [(place, site.faults(data[:place], site.whole)) for place in sample(data)]
    assert [one for one in faults if one[1]] == []


def test_a_later_version_that_is_cut_costs_no_message(tmp_path: Path) -> None:
    old, new = wrapped(shipped()), edited(wrapped(shipped()))
    later = Site(tmp_path / "later", new).whole
    site = Site(tmp_path / "site", old)
    faults = [(place, site.faults(new[:place], site.whole, later)) for place in sample(new)]
    assert [one for one in faults if one[1]] == []
