"""`verso init`: make the instance ready, and print the way to the first account."""

import click
from flask.cli import with_appcontext

from verso import schema
from verso.current import get_settings
from verso.db import get_database
from verso.models import Purpose
from verso.people import tokens
from verso.people.users import anybody
from verso.runtime import instance

DEFAULT_ADDRESS = "http://127.0.0.1:8000"


@click.command()
@click.option("--no-link", is_flag=True, help="Print no set-up link; `verso serve` prints one too.")
@with_appcontext
def init(no_link: bool) -> None:
    """Create or update the database, and print a set-up link while there is no account.

    Safe to run at every start: what is there already stays as it is.
    """
    database = get_database()
    instance.share(get_settings().INSTANCE_PATH)
    schema.upgrade(database)
    click.echo(f"The database is up to date: {database.url.render_as_string()}")
    if not no_link:
        print_setup_link(DEFAULT_ADDRESS)


def print_setup_link(address: str) -> None:
    """While nobody has an account, issue a link that makes the first one, and print it.

    Its beginning is BASE_URL, else the address that the site is served at.
    """
    with get_database().writing() as session:
        if anybody(session):
            return
        token = tokens.issue(session, Purpose.SETUP)
    base = get_settings().BASE_URL or address
    click.echo(
        "There is no account yet. This link makes the first one; it works once, for 24 hours:"
    )
    click.echo(f"  {base}/admin/setup/{token}")
