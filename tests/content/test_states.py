"""States: which step leads from where, and that nobody outside sees what is not published."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import LOCALES
from tests.factories import Factory
from verso.content import documents, review
from verso.content.states import Step, StepRefused, can_take, state_of, take
from verso.db import Database
from verso.models import Document, State

# From each stored state, where each step leads; what is not named is refused.
LEADS = {
    State.DRAFT: {
        Step.SUBMIT: State.REVIEW,
        Step.PUBLISH: State.PUBLISHED,
        Step.ARCHIVE: State.ARCHIVED,
    },
    State.REVIEW: {
        Step.SEND_BACK: State.DRAFT,
        Step.PUBLISH: State.PUBLISHED,
        Step.ARCHIVE: State.ARCHIVED,
    },
    State.PUBLISHED: {
        Step.PUBLISH: State.PUBLISHED,
        Step.UNPUBLISH: State.DRAFT,
        Step.ARCHIVE: State.ARCHIVED,
    },
    State.ARCHIVED: {Step.PUBLISH: State.PUBLISHED, Step.UNPUBLISH: State.DRAFT},
}


@pytest.mark.parametrize("state", LEADS)
@pytest.mark.parametrize("step", Step)
def test_a_step_leads_where_the_table_says_or_is_refused(state: State, step: Step) -> None:
    document = Document(state=state)
    expected = LEADS[state].get(step)
    assert can_take(document, step) == (expected is not None)
    if expected is None:
        with pytest.raises(StepRefused, match=f"{step} is no step from {state}"):
            take(document, step)
    else:
        take(document, step)
    assert document.state == (expected or state)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_is_tried_a_document_is_out_only_after_it_was_published(steps: list[Step]) -> None:
    document = Document(state=State.DRAFT)
    for step in steps:
        if can_take(document, step):
            take(document, step)
            assert (document.state == State.PUBLISHED) == (step is Step.PUBLISH)


def test_what_waits_for_review_is_listed_nowhere_and_comes_back_as_a_draft(
    any_database: Database,
) -> None:
    post = Factory(any_database, tuple(LOCALES)).post(live=False)
    with any_database.writing() as session:
        found = documents.get_for_change(session, post.id)
        review.submit(session, found)
        assert state_of(found) is State.REVIEW
        assert found.listed_at is None and found.version > post.version
        with pytest.raises(StepRefused):
            review.submit(session, found)
        review.send_back(session, found)
        assert state_of(found) is State.DRAFT


def test_what_is_put_back_is_out_since_when_it_was(any_database: Database) -> None:
    post = Factory(any_database, tuple(LOCALES)).post(days_ago=30)
    with any_database.writing() as session:
        found = documents.get_for_change(session, post.id)
        documents.withdraw(session, found, State.ARCHIVED)
        review.put_back(session, found, State.PUBLISHED)
        assert found.listed_at == post.published_at
        assert found.texts[0].listed_at == post.published_at
        assert found.listed_at is not None and found.listed_at < datetime.now(UTC)
