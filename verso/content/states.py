"""States of documents: one table of the steps from one to another; what is not in it is refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from verso.models import Document, State


class Step(StrEnum):
    """What can be done to the state of a document."""

    SUBMIT = "submit"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ARCHIVE = "archive"


class StepRefused(ValueError):
    """A step that leads nowhere from the state in which the document is."""

    def __init__(self, step: Step, state: State) -> None:
        super().__init__(f"{step} is no step from {state}")
        self.step = step
        self.state = state


_UNSEEN = frozenset({State.DRAFT, State.REVIEW})
# From which states a step leads, and where to. What is scheduled is stored as published.
_STEPS: Mapping[Step, tuple[frozenset[State], State]] = {
    Step.SUBMIT: (frozenset({State.DRAFT}), State.REVIEW),
    Step.SEND_BACK: (frozenset({State.REVIEW}), State.DRAFT),
    # Published again, it gets another date.
    Step.PUBLISH: (_UNSEEN | {State.ARCHIVED, State.PUBLISHED}, State.PUBLISHED),
    Step.UNPUBLISH: (frozenset({State.PUBLISHED, State.ARCHIVED}), State.DRAFT),
    Step.ARCHIVE: (_UNSEEN | {State.PUBLISHED}, State.ARCHIVED),
}


def take(document: Document, step: Step) -> None:
    """Bring the document into the state where a step leads. Raises StepRefused."""
    before, after = _STEPS[step]
    if document.state not in before:
        raise StepRefused(step, State(document.state))
    document.state = after


def can_take(document: Document, step: Step) -> bool:
    """Whether a step leads anywhere from where the document is."""
    return document.state in _STEPS[step][0]


def state_of(document: Document, now: datetime | None = None) -> State:
    """Where the document stands now: a published one with a date to come is SCHEDULED."""
    now = now or datetime.now(UTC)
    if document.state == State.PUBLISHED and document.listed_at and document.listed_at > now:
        return State.SCHEDULED
    return State(document.state)
