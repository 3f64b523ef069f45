"""The home page: which page answers at the root of each language."""

from sqlalchemy.orm import Session

from verso.models import SiteSetting

HOME_SETTING = "home"


def home_id(session: Session) -> int | None:
    """The id of the page that an editor made the home page, or None."""
    setting = session.get(SiteSetting, (HOME_SETTING, ""))
    return int(setting.value) if setting and setting.value.isdigit() else None


def set_home(session: Session, document_id: int | None) -> None:
    """Make a page the home page, or none."""
    setting = session.get(SiteSetting, (HOME_SETTING, ""))
    if setting is not None:
        session.delete(setting)
        session.flush()
    if document_id is not None:
        session.add(SiteSetting(name=HOME_SETTING, locale="", value=str(document_id)))
        session.flush()
