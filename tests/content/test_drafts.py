"""Drafts: each form has its lane, nobody sees another's, and no form overwrites another."""

import pytest

from verso.content.drafts import (
    MAX_DRAFTS,
    Lane,
    Place,
    TooManyDrafts,
    drafts_of,
    drop_draft,
    find_draft,
    keep_draft,
    new_lane,
)
from verso.db import Database
from verso.models import Draft, Role
from verso.people.users import create_user

PLACE = Place("post", None, "en", 0)
WORDS = {"title": "T", "slug": "", "summary": "", "body": "Words.", "tags": "", "authors": ""}


def person(database: Database, email: str = "ada@example.org") -> int:
    with database.writing() as session:
        return create_user(session, email, "a good long password", role=Role.EDITOR, locale="en").id


def keep(database: Database, user_id: int, lane: Lane, body: str) -> Lane:
    with database.writing() as session:
        draft = keep_draft(session, user_id, lane, PLACE, {**WORDS, "body": body})
        return Lane(draft.lane, draft.version)


def bodies(database: Database, user_id: int) -> set[str]:
    with database.reader() as session:
        return {draft.fields["body"] for draft in drafts_of(session, user_id, 100)}


def test_a_lane_keeps_the_latest_words(any_database: Database) -> None:
    ada = person(any_database)
    lane = keep(any_database, ada, new_lane(), "One.")
    lane = keep(any_database, ada, lane, "Two.")
    assert lane.version == 2
    assert bodies(any_database, ada) == {"Two."}


def test_two_tabs_that_went_on_from_one_draft_keep_both_texts(any_database: Database) -> None:
    ada = person(any_database)
    lane = keep(any_database, ada, new_lane(), "One.")
    first = keep(any_database, ada, lane, "First tab.")
    second = keep(any_database, ada, lane, "Second tab.")
    assert first.token == lane.token != second.token
    assert bodies(any_database, ada) == {"First tab.", "Second tab."}
    assert keep(any_database, ada, lane, "First tab.") == first


def test_saving_drops_only_what_was_in_the_form(any_database: Database) -> None:
    ada = person(any_database)
    lane = keep(any_database, ada, new_lane(), "One.")
    newer = keep(any_database, ada, lane, "Typed in the other tab.")
    with any_database.writing() as session:
        drop_draft(session, ada, lane)
    assert bodies(any_database, ada) == {"Typed in the other tab."}
    with any_database.writing() as session:
        drop_draft(session, ada, newer)
    assert bodies(any_database, ada) == set()


def test_nobody_reads_or_writes_anothers_draft(any_database: Database) -> None:
    ada, bob = person(any_database), person(any_database, "bob@example.org")
    lane = keep(any_database, ada, new_lane(), "Ada's.")
    with any_database.reader() as session:
        assert find_draft(session, bob, lane.token) is None
    keep(any_database, bob, Lane(lane.token), "Bob's.")
    assert bodies(any_database, ada) == {"Ada's."}
    assert bodies(any_database, bob) == {"Bob's."}


def test_there_is_a_bound_and_no_token_is_anything(database: Database) -> None:
    ada = person(database)
    with database.writing() as session:
        for _ in range(MAX_DRAFTS):
            keep_draft(session, ada, new_lane(), PLACE, WORDS)
        with pytest.raises(TooManyDrafts):
            keep_draft(session, ada, new_lane(), PLACE, WORDS)
        with pytest.raises(ValueError, match="not the token"):
            keep_draft(session, ada, Lane("<script>"), PLACE, WORDS)
        assert session.query(Draft).count() == MAX_DRAFTS
