"""The home page: which page answers at the root of each language."""

from sqlalchemy.orm import Session

from verso.content import site_settings
from verso.content.site_settings import HOME
from verso.models import SiteSetting


def home_id(session: Session) -> int | None:
    """The id of the page that an editor made the home page, or None."""
    setting = session.get(SiteSetting, HOME)
    return int(setting.value) if setting and setting.value.isdigit() else None


def set_home(session: Session, document_id: int | None, user_id: int | None = None) -> None:
    """Make a page the home page, or none."""
    value = "" if document_id is None else str(document_id)
    site_settings.save(session, {HOME: value}, version=None, user_id=user_id)
