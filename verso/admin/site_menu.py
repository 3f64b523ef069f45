"""Home page and main menu as a list, reordered by buttons; the pages themselves keep what is set here."""

from collections.abc import Mapping

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.forms import whole_number
from verso.admin.site_sheet import Sheet, open_sheet, save_sheet, saved, show
from verso.content import site_settings
from verso.content.menu import ids_of
from verso.content.navigation import MAX_PAGES
from verso.content.site_settings import Key
from verso.db import reading
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale
from verso.models import Document, DocumentText, Kind
from verso.people.permissions import Action

# Pages come before the home page: who places a page locks them in this order too.
MENU: Mapping[str, Key] = {"menu": site_settings.MENU, "home": site_settings.HOME}


def show_menu() -> Response:
    """The menu in its order, the pages that could stand in it, and the home page."""
    gate.require(Action.SITE)
    return _page(open_sheet(MENU))


def save_menu() -> Response:
    """`menu` is the order that was shown, `do` one step from it, such as `up:7`; `home` a page or none."""
    gate.require(Action.SITE)
    home = whole_number(request.form.get("home"))
    deed, _, number = request.form.get("do", "")[:30].partition(":")
    order = _changed(
        list(ids_of(request.form.get("menu", "")[:20_000])), deed, whole_number(number)
    )
    typed = {"menu": " ".join(map(str, order)), "home": str(home) if home else ""}
    errors = {}
    if home and not _is_page(home):
        errors["home"] = gettext("Choose one of the pages.")
    refused = save_sheet(MENU, typed, errors)
    return _page(refused) if refused else saved("/admin/site/menu")


def _changed(order: list[int], deed: str, number: int) -> list[int]:
    """The order after one page was moved up or down, put in or taken out."""
    if deed == "in" and number not in order:
        return [*order, number]
    if number not in order:
        return order
    place = order.index(number)
    order.remove(number)
    if deed == "out":
        return order
    step = {"up": -1, "down": 1}.get(deed, 0)
    order.insert(max(0, place + step), number)
    return order


def _is_page(document_id: int) -> bool:
    document = reading().get(Document, document_id)
    return document is not None and document.kind == Kind.PAGE


def _page(sheet: Sheet) -> Response:
    pages = _top_pages()
    order = [number for number in ids_of(sheet.values["menu"]) if number in pages]
    context = {
        "pages": pages,
        "order": order,
        "others": [number for number in pages if number not in order],
        "home": whole_number(sheet.values["home"]),
    }
    return show("site_menu", "menu", sheet, **context)


def _top_pages() -> dict[int, tuple[str, str, bool]]:
    """The top-level pages by id, in their order: title, its locale, and whether the page is out."""
    columns = (Document.id, Document.source_locale, Document.listed_at, DocumentText.locale)
    locale = current_locale()
    query = (
        select(*columns, DocumentText.title)
        .join(DocumentText, DocumentText.document_id == Document.id)
        .where(Document.kind == Kind.PAGE, Document.parent_id.is_(None))
        .where(DocumentText.locale.in_([locale]) | (DocumentText.locale == Document.source_locale))
        .order_by(Document.position, Document.id)
        .limit(MAX_PAGES)
    )
    found: dict[int, tuple[str, str, bool]] = {}
    for row in reading().execute(query):
        if row.id not in found or row.locale == locale:
            found[row.id] = (row.title, row.locale, row.listed_at is not None)
    return found
