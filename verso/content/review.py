"""Review: a draft waits for somebody who publishes it or sends it back; and what was withdrawn comes back."""

from sqlalchemy.orm import Session

from verso.content import documents
from verso.content.states import Step, take
from verso.models import Document, State


def submit(session: Session, document: Document) -> None:
    """Let a draft wait for somebody who publishes it or sends it back. Raises StepRefused."""
    take(document, Step.SUBMIT)
    documents.note_change(session, document)


def send_back(session: Session, document: Document) -> None:
    """Make what waits a draft again. Raises StepRefused."""
    take(document, Step.SEND_BACK)
    documents.note_change(session, document)


def put_back(session: Session, document: Document, state: State) -> None:
    """Undo a withdrawal: the document is as it was before, and out since when it was."""
    document.state = state
    documents.note_change(session, document)
