"""An exchange moves everything, or puts everything back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from verso.backup.exchange import Exchange


@pytest.fixture
def exchange() -> Exchange:
    return Exchange(datetime(2026, 1, 2, tzinfo=UTC), "ab")


def test_what_was_staged_takes_the_place_of_what_was_there(
    exchange: Exchange, tmp_path: Path
) -> None:
    target = tmp_path / "media"
    target.write_text("old")
    exchange.stage(target).write_text("new")
    exchange.move_aside(target)
    exchange.put_in_place(target)
    exchange.clean([target])
    assert target.read_text() == "new"
    assert exchange.kept(target).read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "before-restore-20260102T000000Z-ab",
        "media",
    ]


def test_what_was_begun_is_put_back_the_last_first(exchange: Exchange, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for target in (first, second):
        target.write_text("old")
        exchange.stage(target).write_text("new")
    order: list[str] = []
    exchange.move_aside(first)
    exchange.put_in_place(first)
    exchange.undo_by(lambda: order.append(first.read_text()))
    exchange.move_aside(second)
    exchange.undo()
    exchange.clean([first, second])
    assert order == ["new"]
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "first": "old",
        "second": "old",
    }


def test_what_an_exchange_that_was_killed_left_is_removed_by_the_next(
    exchange: Exchange, tmp_path: Path
) -> None:
    target = tmp_path / "media"
    target.write_text("old")
    exchange.stage(target).write_text("new")
    exchange.move_aside(target)
    Exchange.remove_abandoned(tmp_path)
    assert exchange.kept(target).read_text() == "old"
    assert not exchange.staged(target).parent.exists()


def test_a_link_is_moved_and_not_what_it_leads_to(exchange: Exchange, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    target = tmp_path / "media"
    target.symlink_to(tmp_path / "disk")
    exchange.move_aside(target)
    assert exchange.kept(target).is_symlink() and (tmp_path / "disk").is_dir()
