"""Many documents at once: each in a transaction of its own, as far as the person signed in may."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import make_response, render_template, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, selectinload
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.documents import Row, asked_filter, make_row, show_list
from verso.admin.publishing import delete_document
from verso.admin.slugs import slug_reason
from verso.admin.steps import NEEDED, put_back, take_step
from verso.content import documents
from verso.content.desk import DESK_SIZE
from verso.content.documents import NoDocument, StaleDocument
from verso.content.states import Step, state_of
from verso.db import OutcomeUnknown, reading, writing
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale
from verso.models import Document, DocumentText, State
from verso.people.permissions import Action

DELETE, UNDO = "delete", "undo"
# What can be asked for, and what somebody must be allowed for some document to ask for it.
DEEDS: Mapping[str, Action] = {
    **{str(step): NEEDED[step] for step in Step if step is not Step.SEND_BACK},
    DELETE: Action.DELETE,
    UNDO: Action.PUBLISH,
}
# What can be undone, if it was done.
WITHDRAWALS = (Step.UNPUBLISH, Step.ARCHIVE)
_ITEM = re.compile(r"([1-9][0-9]{0,8})\.([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """A document as the list showed it; after the deed its version, or why it was refused."""

    id: int
    version: int
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.id}.{self.version}"


def change_many() -> Response:
    """Do one thing to every document that was ticked; deleting is asked about before."""
    deed = request.form.get("then", "")
    if deed not in DEEDS:
        raise Problem("invalid-input")
    user, items = gate.require(DEEDS[deed]), _asked_items()
    if not items:
        return show_list(gettext("Tick what you want to change first."), 422)
    if len(items) > DESK_SIZE:
        return show_list(gettext("At most %(num)s at once.", num=DESK_SIZE), 422)
    if deed == DELETE and "sure" not in request.form:
        return _page("admin/bulk_delete.html", items, user=user, rows=_rows(items))
    rows = _rows(items)
    done = _carry_out(items, deed)
    kept = [item for item in done if not item.reason]
    return _page(
        "admin/bulk.html",
        done,
        user=user,
        deed=deed,
        rows=rows,
        done=kept,
        undoable=kept if deed in WITHDRAWALS else [],
        chosen=asked_filter(),
    )


def _asked_items() -> Sequence[Item]:
    """What was ticked, or all that the page showed, each once."""
    asked = request.form.getlist("shown[]" if "all" in request.form else "item[]")
    found = [_ITEM.fullmatch(value) for value in asked]
    return list({int(one[1]): Item(int(one[1]), int(one[2])) for one in found if one}.values())


def _carry_out(items: Sequence[Item], deed: str) -> list[Item]:
    """Do it to one after the other; when the database takes nothing, the rest is not tried."""
    done: list[Item] = []
    for item in items:
        try:
            done.append(_change(item, deed))
        except OperationalError:
            return done + _not_done(items[len(done) :])
        except OutcomeUnknown:
            reason = gettext("This may have been done: look before you try again.")
            return [*done, replace(item, reason=reason), *_not_done(items[len(done) + 1 :])]
    return done


def _not_done(items: Sequence[Item]) -> list[Item]:
    reason = gettext("The database did not take it. Try again.")
    return [replace(item, reason=reason) for item in items]


def _change(item: Item, deed: str) -> Item:
    """Do it to one, or say why not."""
    try:
        with writing() as session:
            document = documents.get_for_change(session, item.id, item.version)
            _apply(session, document, deed)
            return replace(item, version=document.version)
    except NoDocument:
        reason = gettext("It does not exist any more.")
    except StaleDocument:
        reason = gettext("Somebody saved this document in the meantime")
    except Forbidden:
        reason = gettext("You may not do this with it.")
    except IntegrityError as error:
        reason = slug_reason(error)
    except Problem as problem:
        reason = str(problem.detail)
    return replace(item, reason=reason)


def _apply(session: Session, document: Document, deed: str) -> None:
    if deed == DELETE:
        delete_document(session, document)
    elif deed == UNDO:
        put_back(session, document)
    elif deed == Step.PUBLISH and state_of(document) is State.SCHEDULED:
        raise Problem("conflict", gettext("It is scheduled for later; publish it by itself."))
    else:
        take_step(session, document, Step(deed))


def _rows(items: Sequence[Item]) -> Mapping[int, Row]:
    """What the documents are called, by id."""
    loaded = selectinload(Document.texts).defer(DocumentText.html).defer(DocumentText.body)
    query = select(Document).where(Document.id.in_(item.id for item in items)).options(loaded)
    return {one.id: make_row(one, current_locale()) for one in reading().scalars(query)}


def _page(template: str, items: Sequence[Item], **known: object) -> Response:
    return finished(make_response(render_template(template, items=items, **known)))
