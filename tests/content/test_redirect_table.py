"""The table of redirects: out and in again unchanged, all of it or nothing."""

import time

import pytest

from tests.conftest import LOCALES
from tests.factories import Factory
from verso.content.redirect_rules import make_rule
from verso.content.redirect_table import (
    MAX_BYTES,
    MAX_ROWS,
    BadTable,
    import_table,
    read_table,
    write_table,
)
from verso.content.redirects import Counts, all_redirects, put_redirects
from verso.db import Database

HEADER = "source,target,code\n"


def bring_in(database: Database, table: str | bytes) -> Counts:
    data = table.encode() if isinstance(table, str) else table
    with database.writing() as session:
        return import_table(session, read_table(data, LOCALES), LOCALES)


def mistakes(database: Database, table: str | bytes) -> list[str]:
    with pytest.raises(BadTable) as caught:
        bring_in(database, table)
    return [str(mistake) for mistake in caught.value.mistakes]


def written(database: Database) -> str:
    with database.reader() as session:
        return write_table(session)


def test_a_table_comes_back_as_it_went_out(
    any_database: Database, second_database: Database
) -> None:
    typed = [
        ('/en/café, "the" one', "/en/über?a=b,c#d", 301),
        ("/100%25/a%3Fb%23c", "https://example.net/x", 308),
        ("/مكتبة", "/ar/المكتبة", 302),
        ("/gone", "", 410),
    ]
    with any_database.writing() as session:
        put_redirects(session, [make_rule(*one, locales=LOCALES) for one in typed])
    table = written(any_database)
    assert bring_in(second_database, table) == Counts(4, 0, 0)
    assert written(second_database) == table
    assert bring_in(second_database, table) == Counts(0, 0, 4)
    assert not [line for line in table.splitlines()[1:] if line.lstrip('"')[0] in "=+-@\t"]


def test_a_table_comes_back_although_a_page_answers_there_by_now(
    database: Database, factory: Factory
) -> None:
    bring_in(database, HEADER + "/en/about,/en/x,301\n")
    factory.page("About")
    assert bring_in(database, written(database)) == Counts(0, 0, 1)
    assert "leads to a page already" in mistakes(database, HEADER + "/en/about,/en/y,301\n")[0]


def test_a_table_changes_what_stands_there(any_database: Database) -> None:
    bring_in(any_database, HEADER + "/a,/b,301\n/c,/d,301\n")
    # Read one line after the other this would be a chain for a moment.
    counts = bring_in(any_database, HEADER + "/b,/x,302\n/a,/x,301\n\n/c,/d,301\n/c,/d,301\n")
    assert counts == Counts(1, 1, 1)


def test_a_table_of_a_spreadsheet_is_read_too(bare_database: Database) -> None:
    table = "\ufeffSource;Target;Code\r\n/a;/b;301\r\n;;\r\n"
    assert bring_in(bare_database, table) == Counts(1, 0, 0)
    assert bring_in(bare_database, "source\ttarget\tcode\n/c\t/d\t301\n") == Counts(1, 0, 0)


def test_every_mistake_is_named_by_line_and_nothing_comes_in(
    database: Database, factory: Factory
) -> None:
    factory.page("About")
    bad = (
        "/good,/x,301\nbad,/x,301\n/a,javascript:x,301\n/b,/x\n/c,/x,200\n/good,/y,301\n=1,/x,301\n"
    )
    found = mistakes(database, HEADER + bad)
    assert [line.partition(":")[0] for line in found] == [
        f"line {number}" for number in (3, 4, 5, 6, 7, 8)
    ]
    found = mistakes(database, HEADER + "/good,/x,301\n/en/about,/x,301\n/p,/q,301\n/q,/p,301\n")
    assert [line.partition(":")[0] for line in found] == ["line 3", "line 4", "line 5"]
    assert "/p → /q → /p" in found[1]
    assert written(database) == HEADER


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"", "must name the columns"),
        (b"/a,/b,301\n", "must name the columns"),
        (b"source,target,code\n/\xff,/b,301\n", "not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "too large"),
        (HEADER + "/a,/b,301\n" * (MAX_ROWS + 1), "too large"),
        (HEADER + '"' + "x" * 200_000, "line 2: From here on"),
    ],
)
def test_what_is_no_table_is_refused(
    bare_database: Database, table: str | bytes, words: str
) -> None:
    assert words in mistakes(bare_database, table)[0]


@pytest.mark.usefixtures("patient")
@pytest.mark.slow
def test_ten_thousand_redirects_are_one_table(any_database: Database) -> None:
    table = HEADER + "".join(f"/old/{number},/en/new/{number},301\n" for number in range(MAX_ROWS))
    start = time.process_time()
    assert bring_in(any_database, table) == Counts(MAX_ROWS, 0, 0)
    with any_database.reader() as session:
        assert len(all_redirects(session)) == MAX_ROWS
    assert time.process_time() - start < 20
