"""Permissions: one table of what each role may do to whose objects; views, API and templates ask it."""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto

from verso.models import Document, Media, Role, User


class Action(StrEnum):
    """Something that somebody may or may not do in the admin."""

    READ = "read"
    COMMENT = "comment"
    CREATE = "create"
    WRITE = "write"
    PUBLISH = "publish"
    DELETE = "delete"
    MEDIA = "media"
    UPLOAD = "upload"
    DESCRIBE_MEDIA = "describe-media"
    CHANGE_MEDIA = "change-media"
    REDIRECT = "redirect"
    ERRORS = "errors"
    PEOPLE = "people"
    AUDIT = "audit"
    SITE = "site"


class Reach(Enum):
    """Which objects a permission covers."""

    EVERY = auto()
    # One's own documents, as long as they were never out.
    OWN_DRAFTS = auto()
    # What one has uploaded oneself.
    OWN_MEDIA = auto()
    # Words in the locales assigned, of media and of translations; never a source.
    OWN_LOCALES = auto()


_TALKING = (Action.READ, Action.COMMENT)
_EDITING = (*_TALKING, Action.CREATE, Action.WRITE, Action.PUBLISH, Action.DELETE)
_PICTURES = (Action.MEDIA, Action.UPLOAD, Action.DESCRIBE_MEDIA, Action.CHANGE_MEDIA)
_TABLE: Mapping[str, Mapping[Action, Reach]] = {
    Role.ADMIN: dict.fromkeys(Action, Reach.EVERY),
    Role.EDITOR: dict.fromkeys((*_EDITING, *_PICTURES, Action.REDIRECT), Reach.EVERY),
    Role.AUTHOR: {
        **dict.fromkeys(_TALKING, Reach.EVERY),
        Action.CREATE: Reach.EVERY,
        Action.WRITE: Reach.OWN_DRAFTS,
        **dict.fromkeys((Action.MEDIA, Action.UPLOAD), Reach.EVERY),
        **dict.fromkeys((Action.DESCRIBE_MEDIA, Action.CHANGE_MEDIA), Reach.OWN_MEDIA),
    },
    Role.TRANSLATOR: {
        **dict.fromkeys((*_TALKING, Action.MEDIA), Reach.EVERY),
        **dict.fromkeys((Action.WRITE, Action.DESCRIBE_MEDIA), Reach.OWN_LOCALES),
    },
}


def may(
    who: User | str,
    action: str,
    thing: Document | Media | None = None,
    locale: str | None = None,
) -> bool:
    """Whether somebody, or a role as such, may do something; an unknown role may do nothing.

    With a medium or a document (and the locale of one of their texts) it answers for that one, else
    for some.
    """
    role = who.role if isinstance(who, User) else who
    reach = _TABLE.get(role, {}).get(Action(action))
    if reach is None or thing is None or reach is Reach.EVERY:
        return reach is not None
    if not isinstance(who, User):
        return False
    if isinstance(thing, Media):
        is_own = reach is Reach.OWN_MEDIA and thing.uploader_id == who.id
        return is_own or (reach is Reach.OWN_LOCALES and locale in who.locales)
    if reach is Reach.OWN_DRAFTS:
        was_out = thing.published_at is not None
        return thing.user_id == who.id and not was_out
    return reach is Reach.OWN_LOCALES and locale in who.locales and locale != thing.source_locale
