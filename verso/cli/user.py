"""`verso user`: accounts from the command line."""

import sys
from collections.abc import Sequence

import click
from flask.cli import with_appcontext

from verso.current import get_settings
from verso.db import get_database
from verso.i18n.locales import get_locales
from verso.models import Purpose, Role
from verso.people import audit, second_factor, tokens
from verso.people.passwords import MIN_LENGTH, WeakPassword
from verso.people.users import BadEmail, EmailTaken, create_user, find_user, set_locales
from verso.sections import match_locale


@click.group()
def user() -> None:
    """Accounts that may sign in to the admin."""


@user.command()
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default="editor", show_default=True
)
@click.option("--name", default="", help="Shown in the admin; the part before the @ if left out.")
@click.option("--locale", default="", help="Language of the admin; the site's default if left out.")
@click.option(
    "--translates", multiple=True, help="A language that a translator writes in; again for more."
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create(
    email: str,
    role: str,
    name: str,
    locale: str,
    translates: Sequence[str],
    password_stdin: bool,
) -> None:
    """Create an account for EMAIL; asks for the password unless it comes from standard input."""
    chosen = _language(locale, "--locale") if locale else get_locales().default
    if translates and role != Role.TRANSLATOR:
        raise click.UsageError(
            "--translates is for translators: all others write in every language."
        )
    if role == Role.TRANSLATOR and not translates:
        raise click.UsageError("A translator needs a language: --translates de, for example.")
    languages = [_language(one, "--translates") for one in translates]
    password = _password(password_stdin)
    try:
        with get_database().writing() as session:
            made = create_user(session, email, password, role=Role(role), name=name, locale=chosen)
            set_locales(made, languages)
            audit.record(session, None, "person-made", audit.of_person(made), role=role)
    except BadEmail as error:
        raise click.ClickException(f"{email!r} is not a mail address: {error}") from error
    except EmailTaken as error:
        raise click.ClickException(f"{email!r} has an account already.") from error
    except WeakPassword as error:
        raise click.ClickException(
            f"The password is too weak: at least {MIN_LENGTH} characters, not too alike, "
            "not one that everybody tries."
        ) from error
    click.echo(f"Created {made.email} ({made.role}).")


@user.command()
@click.argument("email")
@click.option("--forget-factor", is_flag=True, help="Switch the second factor off too.")
@with_appcontext
def link(email: str, forget_factor: bool) -> None:
    """Print a link to a new password for EMAIL; it works once, for an hour (an invitation's: a week)."""
    with get_database().writing() as session:
        found = find_user(session, email)
        if found is None or found.disabled_at is not None:
            raise click.ClickException(f"{email!r} has no account that is open.")
        purpose = Purpose.INVITATION if found.is_invited else Purpose.RESET
        token = tokens.issue(session, purpose, found)
        if forget_factor:
            second_factor.disable(session, found)
            audit.record(session, None, "second-factor-off", audit.of_person(found))
        audit.record(session, None, "link-made", audit.of_person(found))
    page = "invitation" if found.is_invited else "reset"
    click.echo(f"{get_settings().BASE_URL}/admin/{page}/{token}")


def _language(typed: str, option: str) -> str:
    """A language of the site, however it is spelled."""
    offered = get_locales().current
    found = match_locale(typed, offered)
    if found is None:
        reason = f"{typed!r} is not a language of this site: {', '.join(offered)}"
        raise click.BadParameter(reason, param_hint=option)
    return found


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
