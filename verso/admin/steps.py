"""Steps of a document from state to state: who may take which, and what is written down of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request
from sqlalchemy.orm import Session

from verso.admin import gate
from verso.admin.forms import PublishForm
from verso.content import documents, review
from verso.content.states import Step, StepRefused, can_take, state_of
from verso.content.urls import is_live
from verso.current import get_settings
from verso.errors.problem import Problem
from verso.i18n.gettext import gettext
from verso.models import Document, State
from verso.people import audit
from verso.people.permissions import Action, may
from verso.people.timeline import PUBLISHED, SCHEDULED, WITHDRAWN, state_before

# Who writes a document may let it wait for an editor, and take it back.
NEEDED: Mapping[Step, Action] = {
    Step.SUBMIT: Action.WRITE,
    Step.SEND_BACK: Action.WRITE,
    Step.PUBLISH: Action.PUBLISH,
    Step.UNPUBLISH: Action.PUBLISH,
    Step.ARCHIVE: Action.PUBLISH,
}


_DONE: Mapping[State, str] = {
    State.REVIEW: "submitted",
    State.PUBLISHED: "published",
    State.SCHEDULED: "scheduled",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What shall become of a document once it is saved: nothing, its publication or a review."""

    form: PublishForm
    step: Step | None

    @property
    def is_valid(self) -> bool:
        return self.step is not Step.PUBLISH or bool(self.form.validate())

    def unused_date(self, document: Document) -> str:
        """A date to publish at that was typed where nobody pressed Publish, as its field holds it."""
        if self.step is not None or not self.form.validate() or self.form.at.data is None:
            return ""
        at = self.form.moment(get_settings().TIMEZONE)
        known = document.listed_at.replace(second=0, microsecond=0) if document.listed_at else None
        return "" if at == known else f"{self.form.at.data:%Y-%m-%dT%H:%M}"

    def carry_out(self, session: Session, document: Document) -> str:
        """Take the step that was asked for, if any and if it is not taken yet; the word for it."""
        if self.step is None or not can_take(document, self.step):
            return ""
        is_dated = self.step is Step.PUBLISH
        at = self.form.moment(get_settings().TIMEZONE) if is_dated else None
        return go_on(session, document, self.step, at)


def asked_decision() -> Decision:
    """What the button said that was pressed; nothing for who may not: the words are saved all the same."""
    asked = request.form.get("then")
    step = Step(asked) if asked in (Step.PUBLISH, Step.SUBMIT) else None
    if step is not None and not may(gate.current_user(), NEEDED[step]):
        step = None
    return Decision(PublishForm(request.form).prepare(), step)


def go_on(session: Session, document: Document, step: Step, at: datetime | None = None) -> str:
    """Take a step on the way to the readers, as take_step; the word for what was done."""
    was_live = is_live(document, datetime.now(UTC))
    take_step(session, document, step, at)
    done = _DONE[state_of(document)]
    # Who gives another date may not think of the readers who have it before them.
    return "postponed" if was_live and done == "scheduled" else done


def take_step(session: Session, document: Document, step: Step, at: datetime | None = None) -> None:
    """Take a step with a document and write it down; `at` is when to publish it.

    Raises Forbidden, or the problem `conflict` when the step leads nowhere from where the document is.
    """
    user = gate.require_for(document, action=NEEDED[step])
    try:
        action, detail = _take(session, document, step, at)
    except StepRefused as error:
        raise Problem("conflict", _reason(error)) from None
    audit.record(session, user.id, action, audit.of_document(document), **detail)


def put_back(session: Session, document: Document) -> None:
    """Undo that a document was taken off the site. Raises Forbidden, or the problem `conflict`."""
    user = gate.require_for(document, action=Action.PUBLISH)
    state = state_before(session, document)
    if state is None:
        raise Problem("conflict", gettext("This was changed since and cannot be undone."))
    review.put_back(session, document, state)
    audit.record(session, user.id, "document-put-back", audit.of_document(document), to=state)


def _take(
    session: Session, document: Document, step: Step, at: datetime | None
) -> tuple[str, Mapping[str, object]]:
    """Take the step; the deed and its details, as the audit log knows them."""
    was = State(document.state)
    if step is Step.SUBMIT:
        review.submit(session, document)
        return "document-submitted", {}
    if step is Step.SEND_BACK:
        review.send_back(session, document)
        return "document-sent-back", {}
    if step is Step.PUBLISH:
        before = document.published_at
        documents.publish(session, document, at)
        # The date that it had, by which it can be as it was.
        changed = {"before": before} if before not in (None, document.published_at) else {}
        deed = SCHEDULED if state_of(document) is State.SCHEDULED else PUBLISHED
        return deed, {"at": document.published_at, **changed}
    to = State.ARCHIVED if step is Step.ARCHIVE else State.DRAFT
    documents.withdraw(session, document, to)
    return WITHDRAWN, {"to": to, "was": was, "version": document.version}


def _reason(error: StepRefused) -> str:
    """Why a step was refused, in the reader's language."""
    reasons = {
        Step.SUBMIT: gettext("Only a draft can be submitted for review."),
        Step.SEND_BACK: gettext("It does not wait for review any more."),
        Step.UNPUBLISH: gettext("It is not published."),
        Step.ARCHIVE: gettext("It is in the archive already."),
    }
    return reasons[error.step]
