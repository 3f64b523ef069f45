"""The tree of pages: a level at a time, each page with its state; moved by buttons or by dragging."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.documents import Row, make_row
from verso.admin.forms import whole_number
from verso.admin.slugs import slug_reason
from verso.content.documents import SlugTaken
from verso.content.paths import ancestry
from verso.content.placing import MoveRefused
from verso.content.slugs import SlugRefused
from verso.content.tree import Level, Spot, Where, get_for_move, list_level, move_page, spot_around
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.links import href
from verso.models import Document, Kind
from verso.people import audit
from verso.people.permissions import Action, may


@dataclass(frozen=True, slots=True)
class Branch:
    """A page in the tree: its line, whether there are pages below it, and whether it may be moved."""

    row: Row
    has_pages: bool
    movable: bool


def show_tree() -> Response:
    """`?at=ID` the pages below one, `&from=` from a spot on, or `&near=ID` around one of them."""
    gate.require(Action.READ)
    near = reading().get(Document, whole_number(request.args.get("near")))
    if near is not None and near.kind == Kind.PAGE:
        return _show(near.parent_id, spot_around(reading(), near))
    at = whole_number(request.args.get("at")) or None
    return _show(at, Spot.parse(request.args.get("from", "")))


def move(document_id: int) -> Response:
    """Put a page elsewhere: `to` says where, `target` beside or below which page."""
    user = gate.require(Action.WRITE)
    place = request.form.get("to", "")
    if place not in list(Where):
        raise Problem("invalid-input", gettext("A page cannot be placed there."))
    version, target = (whole_number(request.form.get(name)) for name in ("version", "target"))
    known = get_locales().current
    try:
        with writing() as session:
            page = get_for_move(session, document_id, version)
            gate.require_for(page)
            changed = move_page(session, page, Where(place), target or None, locales=known)
            if changed:
                gate.require_moving(page)
            detail = {"parent": page.parent_id, "position": page.position, "to": place}
            audit.record(session, user.id, "document-moved", audit.of_document(page), **detail)
    except MoveRefused:
        return _refused(document_id, gettext("A page cannot be placed there."))
    except (SlugTaken, SlugRefused) as error:
        return _refused(document_id, slug_reason(error))
    query = urlencode({"near": document_id, "by": place, "changed": changed})
    # No fragment: browsers ignore `autofocus`, which keeps the button in focus, beside one.
    return redirect(href(f"/admin/tree?{query}"), 303)


def _refused(document_id: int, reason: str) -> Response:
    """The tree around a page that stays where it is, and why it does."""
    page = reading().get_one(Document, document_id)
    return _show(page.parent_id, spot_around(reading(), page), reason, 409)


def _show(
    parent_id: int | None, first: Spot | None, refusal: str = "", status: int = 200
) -> Response:
    parent = reading().get(Document, parent_id) if parent_id else None
    if parent_id and (parent is None or parent.kind != Kind.PAGE):
        raise NotFound
    level = list_level(reading(), parent_id, first)
    above = reversed(ancestry(reading(), parent)) if parent else ()
    body = render_template(
        "admin/tree.html",
        user=gate.current_user(),
        above=[_branch(page, has_pages=True) for page in above],
        branches=_branches(level),
        level=level,
        parent_id=parent_id,
        refusal=refusal,
        moved=whole_number(request.args.get("near")),
        by=request.args.get("by", ""),
        changed=whole_number(request.args.get("changed")),
    )
    return finished(make_response(body, status))


def _branches(level: Level) -> list[Branch]:
    return [_branch(page, has_pages=page.id in level.with_pages) for page in level.pages]


def _branch(page: Document, *, has_pages: bool) -> Branch:
    row = make_row(page, current_locale())
    return Branch(row, has_pages, may(gate.current_user(), Action.WRITE, page))
