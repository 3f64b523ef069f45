"""The settings of the site: read with a version, saved together or not at all, every change kept."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from verso.content.menu import menu_of, set_menu
from verso.models import SiteChange, SiteSetting, User

# A name and a locale; the locale is empty where a value is the same in every language.
Key = tuple[str, str]

HOME, MENU = ("home", ""), ("menu", "")
LOGO, SHARING = ("logo", ""), ("sharing_picture", "")
ACCENT_LIGHT, ACCENT_DARK = ("accent_light", ""), ("accent_dark", "")
HIDDEN_LOCALES, MAINTENANCE = ("hidden_locales", ""), ("maintenance", "")
MAINTENANCE_TEXT = "maintenance_text"
# What tells this site from others in what it exports; made when it is first needed.
SITE_ID = ("site_id", "")
# The value of a switch that is on.
ON = "on"
PAGE_SIZE = 50
_LOCK = 7_265_738


class StaleSettings(Exception):
    """Somebody saved these settings since they were read; values is what stands there now."""

    def __init__(self, values: Mapping[Key, str]) -> None:
        super().__init__("the settings were changed in the meantime")
        self.values = values


def read(session: Session, keys: Iterable[Key]) -> dict[Key, str]:
    """The values of some settings, empty where one is not set."""
    return {key: _value_of(session, key) for key in keys}


def version_of(values: Mapping[Key, str]) -> str:
    """What a form remembers of the values that it was opened with."""
    told = json.dumps(sorted([*key, value] for key, value in values.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def save(
    session: Session, wanted: Mapping[Key, str], *, version: str | None, user_id: int | None
) -> list[SiteChange]:
    """Save settings that were read at a version; None saves them whatever they are now.

    Returns what changed. Raises StaleSettings, and saves nothing, where the version is another.
    """
    # Only whoever compares must be alone; the others may hold rows that the next one here waits for.
    if version is not None and session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    known = read(session, wanted)
    if version is not None and version_of(known) != version:
        raise StaleSettings(known)
    changed = [key for key in wanted if wanted[key] != known[key]]
    for key in changed:
        if key == MENU:
            set_menu(session, wanted[key])
        else:
            _set(session, key, wanted[key])
    after = read(session, changed)
    return [
        note(session, key, known[key], after[key], user_id)
        for key in changed
        if after[key] != known[key]
    ]


def note(session: Session, key: Key, before: str, after: str, user_id: int | None) -> SiteChange:
    """Keep what a setting was before it was changed, and who changed it; None is a command."""
    user = session.get(User, user_id) if user_id is not None else None
    change = SiteChange(
        at=datetime.now(UTC),
        user_id=user_id,
        who=user.email if user else "",
        name=key[0],
        locale=key[1],
        before=before,
        after=after,
    )
    session.add(change)
    return change


def note_menu(session: Session, before: str, user_id: int | None) -> None:
    """Keep what the menu was, where a page was just put into it, out of it or elsewhere."""
    after = menu_of(session)
    if after != before:
        note(session, MENU, before, after, user_id)


def ensure_site_id(session: Session) -> None:
    """Give the site its id, unless it has one."""
    if session.get(SiteSetting, SITE_ID) is None:
        session.add(SiteSetting(name=SITE_ID[0], locale=SITE_ID[1], value=secrets.token_hex(8)))


def list_changes(session: Session, before: int | None = None) -> Sequence[SiteChange]:
    """The newest changes first, one more than a page holds; `before` is an id."""
    query = select(SiteChange).order_by(SiteChange.id.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        query = query.where(SiteChange.id < before)
    return session.scalars(query).all()


def _value_of(session: Session, key: Key) -> str:
    if key == MENU:
        return menu_of(session)
    setting = session.get(SiteSetting, key)
    return setting.value if setting is not None else ""


def _set(session: Session, key: Key, value: str) -> None:
    setting = session.get(SiteSetting, key)
    if setting is None and value:
        session.add(SiteSetting(name=key[0], locale=key[1], value=value))
    elif setting is not None and value:
        setting.value = value
    elif setting is not None:
        session.delete(setting)
    session.flush()
