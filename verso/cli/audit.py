"""`verso audit`: the audit log on the command line."""

import click
from flask.cli import with_appcontext

from verso.current import get_settings
from verso.db import get_database
from verso.people.audit import prune as prune_log


@click.group()
def audit() -> None:
    """Who changed what and whom; /admin/audit shows and exports it."""


@audit.command()
@with_appcontext
def prune() -> None:
    """Delete what is older than AUDIT_DAYS now; it also happens at each sign-in."""
    with get_database().writing() as session:
        deleted = prune_log(session, get_settings().AUDIT_DAYS)
    click.echo(f"Deleted {deleted} entries.")
