"""What an export does not take along: by table, so that none is forgotten, and counted for its end."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from verso.content.exported_site import pictures_of_site
from verso.db import Base
from verso.models import Document, DocumentText, Media, MediaUse, Revision, State

# The tables whose rows an import of the folder brings back.
CARRIED = frozenset(
    {"authors", "document_authors", "document_tags", "document_texts", "documents", "media"}
    | {"media_texts", "old_urls", "redirects", "site_settings", "tag_names", "tags"}
)
# Tables that are made anew: of those, and by the site that an import is made on (its background jobs).
DERIVED = frozenset({"media_uses", "jobs"})


@dataclass(frozen=True, slots=True)
class Left:
    """Tables that stay behind, and what the rows of the first of them are called."""

    tables: tuple[str, ...]
    one: str
    many: str


LEFT_OUT = (
    Left(
        ("users", "user_locales", "passkeys", "recovery_codes", "logins", "one_time_tokens"),
        "account, with its rights and keys",
        "accounts, with their rights and keys",
    ),
    Left(("drafts",), "unsaved draft", "unsaved drafts"),
    Left(("comments",), "comment", "comments"),
    Left(("audit_events",), "entry of the audit log", "entries of the audit log"),
    Left(("site_changes",), "earlier value of a setting", "earlier values of settings"),
    Left(("missing_urls", "missing_days"), "missing address", "missing addresses"),
    Left(
        ("failure_groups", "failure_prints", "failure_events", "failure_hours"),
        "error in the inbox",
        "errors in the inbox",
    ),
    Left(("changes",), "entry of the API's journal", "entries of the API's journal"),
    # The last revision of a text is the text itself; the number of the others is counted apart.
    Left(("revisions",), "earlier version of a text", "earlier versions of texts"),
)


def left_out(session: Session) -> list[str]:
    """What stays behind, with its number, as lines for people; what there is none of is not named."""
    counts = [(_rows(session, left.tables[0]), left.one, left.many) for left in LEFT_OUT[:-1]]
    history = LEFT_OUT[-1]
    counts += [
        (_earlier_versions(session), history.one, history.many),
        (_unused_media(session), "image that nothing shows", "images that nothing shows"),
        (
            _waiting(session),
            "document that waits for a review: it becomes a draft",
            "documents that wait for a review: they become drafts",
        ),
    ]
    return [f"{number} {one if number == 1 else many}" for number, one, many in counts if number]


def _rows(session: Session, table: str) -> int:
    return session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0


def _earlier_versions(session: Session) -> int:
    revisions = session.scalar(select(func.count()).select_from(Revision)) or 0
    texts = session.scalar(select(func.count()).select_from(DocumentText)) or 0
    return max(0, revisions - texts)


def _unused_media(session: Session) -> int:
    slots = (Document.cover_id, Document.sharing_id)
    used = {number for slot in slots for number in session.scalars(select(slot).distinct())}
    used.update(session.scalars(select(MediaUse.media_id).distinct()))
    used.update(media.id for media in pictures_of_site(session))
    return sum(number not in used for number in session.scalars(select(Media.id)))


def _waiting(session: Session) -> int:
    query = select(func.count()).where(Document.state == State.REVIEW)
    return session.scalar(query) or 0
