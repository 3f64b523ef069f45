"""What waits in memory is bounded, counted exactly, and said to be lost where it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.errors.failures import broken_post, occurrence_of, raised
from verso.errors.inbox import pending, spool
from verso.errors.inbox.pending import LATEST, MAX_GROUPS, Pending
from verso.errors.inbox.spool import Spool, SpoolFull, read
from verso.errors.occurrence import Occurrence
from verso.errors.sinks.inbox import lost_reports


@pytest.fixture
def one() -> Occurrence:
    return occurrence_of(raised(broken_post))


def numbered(one: Occurrence, number: int, fingerprint: str = "same") -> Occurrence:
    return replace(one, error_id=f"{number:012}", fingerprint=fingerprint)


def test_every_failure_is_counted_and_the_first_and_latest_kept(one: Occurrence) -> None:
    waiting = Pending()
    for number in range(1000):
        waiting.add(numbered(one, number))
    [group], lost = waiting.take()
    assert (group.count, lost) == (1000, 0)
    ids = [event.error_id for event in group.events]
    assert ids == [f"{number:012}" for number in (0, *range(1000 - LATEST, 1000))]
    assert waiting.take() == ([], 0)


def test_too_many_kinds_of_failures_are_counted_as_lost(one: Occurrence) -> None:
    waiting = Pending()
    for number in range(MAX_GROUPS + 40):
        waiting.add(numbered(one, number, f"print-{number}"))
    groups, lost = waiting.take()
    assert (len(groups), lost) == (MAX_GROUPS, 40)


def test_what_is_put_back_comes_before_what_came_meanwhile(one: Occurrence) -> None:
    waiting = Pending()
    waiting.add(numbered(one, 1))
    groups, _ = waiting.take()
    waiting.add(numbered(one, 2))
    waiting.put_back(groups, lost=3)
    [group], lost = waiting.take()
    assert [event.error_id[-1] for event in group.events] == ["1", "2"]
    assert (group.count, lost) == (2, 3)


def test_a_spool_gives_back_what_it_was_given(one: Occurrence, tmp_path: Path) -> None:
    waiting = Pending()
    for number in range(30):
        waiting.add(numbered(one, number))
    groups, _ = waiting.take()
    kept = Spool(tmp_path / "spool")
    assert not kept
    kept.write(groups, lost=7)
    claimed = Spool(tmp_path / "spool").claim()
    assert claimed is not None and kept.claim() is None
    [found], lost = read(claimed)
    assert (found.count, found.events, lost) == (30, groups[0].events, 7)


def test_a_full_spool_refuses_and_keeps_nothing_half(
    one: Occurrence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "MAX_BYTES", 100)
    waiting = Pending()
    waiting.add(one)
    with pytest.raises(SpoolFull):
        Spool(tmp_path / "spool").write(waiting.take()[0], lost=0)
    assert list((tmp_path / "spool").iterdir()) == []


def test_lines_that_cannot_be_read_count_as_lost(tmp_path: Path) -> None:
    file = tmp_path / "x.claimed"
    file.write_text('{"lost": 2}\nnot json\n{"events": [], "hours": {}}\n[]\n')
    assert read(file) == ([], 5)


def test_the_parts_of_a_group_add_up_to_it(one: Occurrence) -> None:
    waiting = Pending()
    for number in range(100):
        waiting.add(replace(numbered(one, number), message=f"word {'ab'[number % 2]}"))
    [group], _ = waiting.take()
    parts = group.parts(lambda event: replace(event, fingerprint=event.message))
    assert len(parts) == 2 and sum(part.count for part in parts) == group.count == 100


def test_the_lost_are_a_failure_of_their_own() -> None:
    group = lost_reports(12)
    assert group.count == 12 and "12 reports" in group.first.message
    assert pending.hour_of(group.first.moment) in group.hours
