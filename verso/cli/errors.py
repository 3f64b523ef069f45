"""`verso errors`: the inbox of failures on the command line, and the audit of what can be answered."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from verso.current import get_settings
from verso.db import get_database
from verso.errors.audit import audit
from verso.errors.catalogue import PROBLEMS
from verso.errors.inbox import groups
from verso.errors.inbox.bounds import DELETED_AT_ONCE
from verso.errors.inbox.bounds import prune as prune_inbox
from verso.errors.inbox.groups import NoGroup
from verso.errors.inbox.listing import (
    InboxFilter,
    explain,
    find_by_error_id,
    find_event,
    hourly,
    list_groups,
)
from verso.i18n.locales import get_locales
from verso.models import FailureGroup, GroupState
from verso.pruning import in_pieces
from verso.sections import Section

MAX_LISTED = 1000
as_json = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")


@click.group()
def errors() -> None:
    """What failed, how often, and since when; and which errors the site can answer."""


@errors.command("list")
@click.option(
    "--state",
    type=click.Choice(["pending", "all", *(state.value for state in GroupState)]),
    default="pending",
)
@click.option(
    "--section",
    type=click.Choice([section.value for section in Section]),
    help="Only this section's.",
)
@click.option("--words", default="", help="Only where title or place hold these words.")
@as_json
@with_appcontext
def list_(state: str, section: str | None, words: str, as_json: bool) -> None:
    """List the groups of failures, the one seen last first; pending means open or back again."""
    chosen = InboxFilter(section or "", "" if state == "all" else state, words)
    with get_database().reader() as session:
        listed, _ = list_groups(session, chosen, MAX_LISTED)
        hours = hourly(session, [group.id for group in listed], datetime.now(UTC))
    rows = [{**_row(group), "last_24_hours": sum(hours[group.id])} for group in listed]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            f"#{row['id']:<5} {row['state']:<9} {row['count']:>7}  {row['last_seen'][:19]}  "
            f"{row['section']:<5}  {row['title']}"
        )
    if not rows:
        click.echo("Nothing waits for you.")


@errors.command()
@click.argument("which")
@as_json
@with_appcontext
def show(which: str, as_json: bool) -> None:
    """Show a group by its number, or one failure by the error number that a reader was shown."""
    with get_database().reader() as session:
        group_id, event_id = _find(session, which)
        group = _get(session, group_id)
        kept = find_event(session, group_id, event_id)
        reasons = explain(session, group_id)
    if as_json:
        event = json.loads(kept.occurrence.to_json()) if kept else None
        found = {**_row(group), "grouped_by": reasons, "event": event}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for name, value in _row(group).items():
        click.echo(f"{name:<11} {value}")
    for reason in reasons:
        click.echo("grouped by  " + ", ".join(f"{name} {value}" for name, value in reason.items()))
    if kept:
        event = kept.occurrence
        click.echo(f"\n{event.error_id}  {event.moment:%Y-%m-%d %H:%M:%S} UTC")
        click.echo(f"{event.method} {event.path}\n\n{event.trace}")


@errors.command()
@click.argument("number", type=int)
@with_appcontext
def resolve(number: int) -> None:
    """Mark a group as resolved; should it return, it is back again and mailed."""
    _change(number, groups.resolve)
    click.echo(f"#{number} is resolved.")


@errors.command()
@click.argument("number", type=int)
@click.option("--more", type=click.IntRange(1), help="Open it again after so many more failures.")
@with_appcontext
def mute(number: int, more: int | None) -> None:
    """Keep quiet about a group."""
    _change(number, lambda session, group_id: groups.mute(session, group_id, more))
    until = f" until it happened {more} times more" if more else ""
    click.echo(f"#{number} is muted{until}.")


@errors.command()
@click.option("--resolved", is_flag=True, help="Delete every resolved group too.")
@with_appcontext
def prune(resolved: bool) -> None:
    """Bring the inbox within its bounds now (INBOX_DAYS, INBOX_BYTES); a running site does so by itself."""
    settings, database = get_settings(), get_database()
    days, most = settings.INBOX_DAYS, settings.INBOX_BYTES
    deleted = in_pieces(database, lambda session: prune_inbox(session, days=days, most_bytes=most))
    if resolved:
        deleted += in_pieces(database, _remove_resolved)
    click.echo(f"Deleted {deleted} groups.")


@errors.command("audit")
@as_json
@with_appcontext
def audit_(as_json: bool) -> None:
    """Find what would be answered wrongly, in every section, status, method and language.

    Exits 1 if there is anything: a problem without words or translation, a status without a class,
    a handler twice or on a builtin class, a rule in the wrong section, an answer out of form.
    """
    holes = list(audit(current_app._get_current_object()))  # type: ignore[attr-defined]
    if as_json:
        click.echo(json.dumps([asdict(hole) for hole in holes], indent=2, ensure_ascii=False))
    else:
        for hole in holes:
            click.echo(f"{hole.what}: {hole.where}: {hole.words}")
        checked = len(PROBLEMS) * len(Section) * len(get_locales().current)
        click.echo(f"{checked} answers looked at, {len(holes)} holes.")
    if holes:
        raise SystemExit(1)


def _remove_resolved(session: Session) -> int:
    """Delete some of the resolved groups; how many that were."""
    done, _ = list_groups(session, InboxFilter(state=GroupState.RESOLVED), DELETED_AT_ONCE)
    groups.remove_groups(session, [group.id for group in done])
    return len(done)


def _change(number: int, deed: Callable[[Session, int], Any]) -> None:
    with get_database().writing() as session:
        _get(session, number)
        deed(session, number)


def _find(session: Session, which: str) -> tuple[int, int | None]:
    """Group and event by `12`, `#12`, or an error number of twelve characters."""
    text = which.strip().lstrip("#")
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text), None
    found = find_by_error_id(session, text)
    if found is None:
        raise click.ClickException(
            f"{which!r} is neither a group's number nor the number of an error that was kept: "
            "`verso errors list` shows the groups, the log holds every number."
        )
    return found


def _get(session: Session, group_id: int) -> FailureGroup:
    try:
        return groups.get_group(session, group_id)
    except NoGroup as error:
        raise click.ClickException(
            f"{error}: `verso errors list --state all` shows all."
        ) from error


def _row(group: FailureGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "state": group.state,
        "section": group.section,
        "title": group.title,
        "place": group.place,
        "count": group.count,
        "first_seen": group.first_seen.isoformat(),
        "last_seen": group.last_seen.isoformat(),
    }
