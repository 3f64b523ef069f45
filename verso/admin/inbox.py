"""The inbox of errors: what fails, since when and how often, and what somebody decided about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.charts import spark
from verso.db import reading, writing
from verso.errors.inbox import groups
from verso.errors.inbox.groups import NoGroup
from verso.errors.inbox.listing import (
    InboxFilter,
    Kept,
    count_by_state,
    explain,
    find_by_error_id,
    find_event,
    hourly,
    list_groups,
    looks_like_error_id,
)
from verso.errors.problem import Problem
from verso.i18n.gettext import gettext
from verso.links import href
from verso.models import FailureGroup, GroupState
from verso.paging import asked_cursor
from verso.people import audit
from verso.people.permissions import Action
from verso.sections import Section

A_DAY = 24
A_MONTH = 30 * A_DAY
MAX_MORE = 1_000_000
DEEDS: Mapping[str, Callable[[Session, int], object]] = {
    "resolve": groups.resolve,
    "reopen": groups.reopen,
    "delete": groups.delete_group,
    "split": groups.split,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One group in the list, with its failures of the last 24 hours."""

    group: FailureGroup
    hours: list[int]
    chart: str


def show_inbox() -> Response | str:
    """`?section=&state=&q=&before=`: what failed last comes first; an error number leads to its event."""
    user = gate.require(Action.ERRORS)
    chosen = _asked_filter()
    if looks_like_error_id(chosen.words):
        found = find_by_error_id(reading(), chosen.words.strip())
        if found:
            return redirect(href(f"/admin/errors/{found[0]}/events/{found[1]}"), 303)
    listed, older = list_groups(reading(), chosen)
    hours = hourly(reading(), [group.id for group in listed], datetime.now(UTC), A_DAY)
    return render_template(
        "admin/inbox.html",
        user=user,
        lines=[Line(group, hours[group.id], spark(hours[group.id])) for group in listed],
        chosen=chosen,
        older=older,
        counts=count_by_state(reading()),
        states=GroupState,
        sections=Section,
    )


def show_group(group_id: int) -> str:
    """A group with its latest event."""
    gate.require(Action.ERRORS)
    return _page(group_id, find_event(reading(), group_id))


def show_event(group_id: int, event_id: int) -> str:
    """A group with one of its events."""
    gate.require(Action.ERRORS)
    kept = find_event(reading(), group_id, event_id)
    if kept is None:
        raise NotFound
    return _page(group_id, kept)


def change_group(group_id: int, deed: str) -> Response:
    """Resolve, reopen, mute, delete, merge or split a group."""
    user = gate.require(Action.ERRORS)
    shown = group_id
    try:
        with writing() as session:
            subject = audit.Subject("error", group_id, groups.get_group(session, group_id).title)
            audit.record(session, user.id, f"error-{deed}", subject)
            if deed == "mute":
                groups.mute(session, group_id, _asked_more())
            elif deed == "merge":
                shown = _asked_group(group_id)
                groups.merge(session, group_id, shown)
            else:
                DEEDS[deed](session, group_id)
    except NoGroup:
        raise NotFound from None
    page = "" if deed == "delete" else f"/{shown}"
    return redirect(href(f"/admin/errors{page}?done={deed}"), 303)


def _page(group_id: int, kept: Kept | None) -> str:
    try:
        group = groups.get_group(reading(), group_id)
    except NoGroup:
        raise NotFound from None
    hours = hourly(reading(), [group_id], datetime.now(UTC), A_MONTH)[group_id]
    days = [sum(hours[start : start + A_DAY]) for start in range(0, A_MONTH, A_DAY)]
    return render_template(
        "admin/failure.html",
        user=gate.current_user(),
        group=group,
        kept=kept,
        reasons=explain(reading(), group_id),
        days=days,
        chart=spark(days),
    )


def _asked_filter() -> InboxFilter:
    states = {"pending", "all", *GroupState}
    state = request.args.get("state", "pending")
    section = request.args.get("section", "")
    return InboxFilter(
        section=section if section in list(Section) else "",
        state=("" if state == "all" else state) if state in states else "pending",
        words=" ".join(request.args.get("q", "")[:200].replace("\x00", "").split()),
        before=asked_cursor("before"),
    )


def _asked_more() -> int | None:
    """How many more failures wake a muted group; none: it stays muted."""
    text = request.form.get("more", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:8]) <= MAX_MORE):
        raise Problem(
            "invalid-input",
            gettext("Say after how many more failures it should open again: 1 to 1,000,000."),
        )
    return int(text)


def _asked_group(group_id: int) -> int:
    """The number of the group to merge into."""
    text = request.form.get("into", "").strip().lstrip("#")
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) == group_id:
        raise Problem("invalid-input", gettext("Give the number of another group of errors."))
    return int(text)
