"""The table of unknown URLs: complete, bounded, explained, and without a word about who asked."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.conftest import LOCALES
from tests.factories import Factory
from verso.content import missing
from verso.content.causes import Cause
from verso.content.missing import DAYS_KEPT, MAX_ROWS, write_hits
from verso.content.missing_list import (
    MissingFilter,
    MissingRow,
    count_noise,
    every_missing,
    ignore,
    list_missing,
)
from verso.content.navigation import Navigation
from verso.content.recorder import Recorder
from verso.content.redirect_rules import Rule
from verso.content.redirects import add_redirect
from verso.content.tally import MAX_PATHS, Hits
from verso.db import Database
from verso.i18n.catalogs import Catalogs
from verso.i18n.locales import Locales
from verso.models import MissingDay, MissingUrl

NOW = datetime.now(UTC)
TODAY = NOW.date()
HERE = "www.example.org"


@pytest.fixture
def recorder(any_database: Database) -> Iterator[Recorder]:
    """A recorder whose thread ends before its database goes."""
    locales = Locales(tuple(LOCALES), "en", Catalogs([], Path("unused")))
    made = Recorder(any_database, locales, Navigation(any_database))
    yield made
    made.worker.close(30)


def write(database: Database, hits: dict[tuple[date, str], Hits], now: datetime = NOW) -> None:
    with database.writing() as session:
        write_hits(session, hits, now)


def listed(database: Database, **chosen: object) -> list[MissingRow]:
    with database.reader() as session:
        return list_missing(session, MissingFilter(**chosen), TODAY)[0]  # type: ignore[arg-type]


def test_hits_add_up_by_day_and_host(any_database: Database) -> None:
    yesterday = TODAY - timedelta(days=1)
    write(any_database, {(yesterday, "/x"): Hits(2, 0, Counter({"a.example": 2}))})
    write(any_database, {(yesterday, "/x"): Hits(1), (TODAY, "/x"): Hits(4, 1)})
    write(any_database, {(TODAY, "/x"): Hits(1, 0, Counter({"a.example": 1, "b.example": 1}))})
    [row] = listed(any_database)
    assert (row.url.hits, row.url.own_hits) == (8, 1)
    assert row.url.hosts == {"a.example": 3, "b.example": 1}
    assert row.days[-2:] == [3, 5] and row.recent == 8 and len(row.days) == DAYS_KEPT


@pytest.mark.usefixtures("patient")
def test_days_and_rows_are_kept_within_bounds(any_database: Database) -> None:
    old = TODAY - timedelta(days=DAYS_KEPT)
    write(any_database, {(old, "/first"): Hits(1)}, NOW - timedelta(days=9))
    for part in range(3):
        many = {(TODAY, f"/{part}/{number}"): Hits(1) for number in range(MAX_PATHS)}
        write(any_database, many, NOW + timedelta(seconds=part))
    with any_database.reader() as session:
        assert session.scalar(select(func.count()).select_from(MissingUrl)) == MAX_ROWS
        assert session.scalar(select(func.count()).select_from(MissingDay)) == MAX_ROWS
        paths = set(session.scalars(select(MissingUrl.path)))
    assert "/first" not in paths and "/2/1999" in paths


def test_broken_links_of_our_own_come_first_then_what_is_asked_for_most(
    any_database: Database,
) -> None:
    last_month = TODAY - timedelta(days=20)
    hits = {(TODAY, "/often"): Hits(9), (TODAY, "/own"): Hits(1, 1), (TODAY, "/seldom"): Hits(1)}
    write(any_database, {**hits, (last_month, "/once-often"): Hits(99)})
    assert [row.url.path for row in listed(any_database)] == [
        "/own", "/often", "/seldom", "/once-often"
    ]  # fmt: skip
    assert [row.url.path for row in listed(any_database, words="OFTEN")] == [
        "/often", "/once-often"
    ]  # fmt: skip
    assert listed(any_database, words="_") == []


def test_noise_and_what_is_ignored_are_folded_away(any_database: Database) -> None:
    hits = {(TODAY, "wordpress"): Hits(1200), (TODAY, "secrets"): Hits(34), (TODAY, "/x"): Hits(1)}
    write(any_database, hits)
    assert [row.url.path for row in listed(any_database)] == ["/x"]
    assert [row.url.path for row in listed(any_database, cause="noise")] == ["wordpress", "secrets"]
    with any_database.writing() as session:
        assert count_noise(session) == (1234, 2)
        assert ignore(session, "/x", ignored=True)
        assert not ignore(session, "/y", ignored=True)
    assert listed(any_database) == []
    assert [row.url.path for row in listed(any_database, ignored=True)] == ["/x"]


def test_the_table_is_paged(any_database: Database) -> None:
    write(any_database, {(TODAY, f"/{number:02}"): Hits(1) for number in range(60)})
    with any_database.reader() as session:
        rows, more = list_missing(session, MissingFilter(page=3), TODAY)
        assert len(rows) == 10 and not more
        everything = [row.url.path for row in every_missing(session, MissingFilter(), TODAY)]
    assert len(set(everything)) == len(everything) == 60


def test_what_is_counted_is_written_and_explained(
    recorder: Recorder, any_database: Database
) -> None:
    factory = Factory(any_database, tuple(LOCALES))
    factory.post("Flood night")
    recorder.count("/en/blog/flod-night", f"https://{HERE}/", HERE)
    recorder.count("/wp-login.php", "", HERE)
    assert recorder.worker.flush(60) and len(recorder.tally) == 0
    recorder.worker.close()
    [row] = listed(any_database)
    assert (row.url.cause, row.url.suggestion) == (Cause.SPELLING, "/en/blog/flood-night")
    assert row.url.own_hits == 1


def test_a_path_that_leads_somewhere_by_now_leaves_the_table(
    recorder: Recorder, any_database: Database
) -> None:
    for path in ("/en/about", "/en/old", "/en/else"):
        recorder.count(path, "", HERE)
    recorder.work()
    factory = Factory(any_database, tuple(LOCALES))
    factory.page("About")
    with any_database.writing() as session:
        add_redirect(session, Rule("/en/old", "/en/about", 301), LOCALES)
    recorder.count("/en/old", "", HERE)
    recorder.work()
    with any_database.writing() as session:
        missing.forget_explanations(session)
    recorder.explain_all()
    assert [row.url.path for row in listed(any_database)] == ["/en/else"]


def test_the_address_of_what_is_scheduled_does_not_stay_in_the_table(
    recorder: Recorder, any_database: Database
) -> None:
    Factory(any_database, tuple(LOCALES)).post("Soon", days_ago=-1)
    recorder.count("/en/blog/soon", "", HERE)
    recorder.work()
    assert listed(any_database) == []


def test_explanations_are_looked_up_again_after_a_day(
    recorder: Recorder, any_database: Database
) -> None:
    recorder.count("/en/blog/flod-night", "", HERE)
    recorder.work()
    Factory(any_database, tuple(LOCALES)).post("Flood night")
    with any_database.reader() as session:
        assert missing.unexplained(session, NOW) == []
        later = datetime.now(UTC) + missing.EXPLAINED_FOR
        assert missing.unexplained(session, later) == ["/en/blog/flod-night"]


@pytest.mark.parametrize("path", ["/en/x", "/x/203.0.113.7/y", "/x;203.0.113.7"])
def test_nothing_is_stored_of_who_asked(
    recorder: Recorder, any_database: Database, path: str
) -> None:
    for referrer in ("https://198.51.100.1/?token=secret", "https://a.example/?token=secret"):
        recorder.count(path, referrer, HERE)
    recorder.work()
    with any_database.reader() as session:
        rows = session.execute(select(MissingUrl.__table__)).all()
    stored = " ".join(str(value) for row in rows for value in row)
    assert rows and not [word for word in ("203.0", "198.51", "token") if word in stored]


def test_who_asks_for_the_work_waits_for_what_another_thread_has_taken(
    recorder: Recorder,
    any_database: Database,
) -> None:
    write(any_database, {(TODAY, "/en/x"): Hits(1)})
    recorder.tally.count("/en/x", "", HERE)
    with ThreadPoolExecutor(2) as pool:
        with any_database.writing() as session:
            # The writer waits for the row that this transaction has changed.
            write_hits(session, {(TODAY, "/en/x"): Hits(1)}, NOW)
            session.flush()
            first = pool.submit(recorder.work)
            while len(recorder.tally):
                time.sleep(0.01)
            second = pool.submit(recorder.work)
            wait([second], timeout=0.2)
            assert not second.done()
        assert first.result(30) and second.result(30)
    assert listed(any_database)[0].url.hits == 3


@pytest.mark.usefixtures("patient")
@pytest.mark.slow
def test_ten_thousand_distinct_paths_stay_in_bounds(
    recorder: Recorder, any_database: Database
) -> None:
    for number in range(10_000):
        recorder.count(f"/en/{number}", "", HERE)
        if number % 1000 == 999:
            assert recorder.work()
    recorder.worker.close()
    with any_database.reader() as session:
        assert session.scalar(select(func.count()).select_from(MissingUrl)) == MAX_ROWS
