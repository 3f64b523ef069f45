"""When an imported text is public: from its date or publishDate until its expiryDate, unless hidden."""

from dataclasses import dataclass
from datetime import datetime

from verso.content.importers.metadata import Metadata
from verso.models import Kind, State
from verso.models.documents import UNDATED

NO_DATE = "it has no date: a draft until it gets one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The state of a text, its date of publication where one is known, and what to report of it.

    `is_undated` is a post without any date: where it is new, it is a draft.
    """

    state: State
    at: datetime | None
    remarks: tuple[str, ...] = ()
    is_undated: bool = False

    def is_public(self, now: datetime) -> bool:
        """Whether readers may see the text now."""
        return self.state == State.PUBLISHED and (self.at is None or self.at <= now)


def decide_publication(metadata: Metadata, kind: Kind, now: datetime) -> Publication:
    """What front matter means at a moment; what an export wrote means what it says."""
    if metadata.is_clean:
        at = metadata.date or (UNDATED if kind == Kind.PAGE else None)
        return Publication(state=metadata.state, at=at)
    at = metadata.date
    if metadata.publish_at is not None and metadata.publish_at > now:
        at = max(at or metadata.publish_at, metadata.publish_at)
    if metadata.hidden or metadata.state != State.PUBLISHED:
        remarks = metadata.hidden or (f"it is {metadata.state}",)
        state = State.DRAFT if metadata.state == State.PUBLISHED else metadata.state
        return Publication(state=state, at=at, remarks=remarks)
    expires = metadata.expires_at
    if expires is not None and expires <= now:
        state = State.ARCHIVED if at is not None and at <= now else State.DRAFT
        return Publication(state=state, at=at, remarks=(f"it expired on {_day(expires)}",))
    return _public(metadata, kind, at, now)


def _public(metadata: Metadata, kind: Kind, at: datetime | None, now: datetime) -> Publication:
    remarks = []
    if at is not None and at > now:
        remarks.append(f"it becomes public on {_day(at)}")
    if metadata.expires_at is not None:
        day = _day(metadata.expires_at)
        remarks.append(f"it is public, and nothing takes it off the site when it expires on {day}")
    if at is None and kind == Kind.PAGE:
        at = UNDATED
    return Publication(state=State.PUBLISHED, at=at, remarks=tuple(remarks), is_undated=at is None)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
