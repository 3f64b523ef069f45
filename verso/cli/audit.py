"""`verso audit`: the audit log on the command line."""

import click
from flask.cli import with_appcontext

from verso.current import get_settings
from verso.db import get_database
from verso.people.audit import prune as prune_log
from verso.pruning import in_pieces


@click.group()
def audit() -> None:
    """Who changed what and whom; /admin/audit shows and exports it."""


@audit.command()
@with_appcontext
def prune() -> None:
    """Delete what is older than AUDIT_DAYS now; a running site does so every hour."""
    days = get_settings().AUDIT_DAYS
    deleted = in_pieces(get_database(), lambda session: prune_log(session, days))
    click.echo(f"Deleted {deleted} entries.")
