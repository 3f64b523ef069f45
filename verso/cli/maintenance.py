"""`verso maintenance`: close the site to visitors and open it again."""

import click
from flask.cli import with_appcontext

from verso.content import site_settings
from verso.content.site_settings import MAINTENANCE, ON
from verso.db import get_database
from verso.people import audit
from verso.people.audit import Subject


@click.group()
def maintenance() -> None:
    """Close the site to visitors: they get 503 within a second; the admin stays open."""


@maintenance.command("on")
@with_appcontext
def switch_on() -> None:
    """Close the site to visitors."""
    _switch(ON)


@maintenance.command("off")
@with_appcontext
def switch_off() -> None:
    """Open the site again."""
    _switch("")


@maintenance.command()
@with_appcontext
def status() -> None:
    """Say whether the site is closed."""
    with get_database().reader() as session:
        _say(site_settings.read(session, [MAINTENANCE])[MAINTENANCE])


def _switch(value: str) -> None:
    with get_database().writing() as session:
        if site_settings.save(session, {MAINTENANCE: value}, version=None, user_id=None):
            audit.record(session, None, "site-changed", Subject("site", title=MAINTENANCE[0]))
    _say(value)


def _say(value: str) -> None:
    click.echo(f"Maintenance is {'on' if value == ON else 'off'}.")
