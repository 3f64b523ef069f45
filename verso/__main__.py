"""The console script `verso`."""

import sys

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError, ProgrammingError

from verso import __version__
from verso.app import create_app
from verso.cli import COMMANDS
from verso.config import ConfigError
from verso.db import OutcomeUnknown
from verso.runtime.instance import InstanceUnusable
from verso.runtime.patience import BULK, having
from verso.schema import SchemaError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="verso")
@click.pass_context
def verso(context: click.Context) -> None:
    """Run and look after a Verso site.

    Settings are VERSO_* variables (docs/settings.md). A first site: `verso init`, `verso demo`,
    `verso serve`. Each command says more with --help.
    """
    context.obj = ScriptInfo(create_app=lambda: create_app())


for command in COMMANDS:
    verso.add_command(command)


def main() -> None:
    """Run a command; a wrong setting ends it with a sentence and status 2, a wrong database with 1."""
    try:
        with having(BULK):
            verso.main(prog_name="verso")
    except ConfigError as error:
        click.echo(f"verso: {error}", err=True)
        sys.exit(2)
    except (SchemaError, InstanceUnusable) as error:
        click.echo(f"verso: {error}", err=True)
        sys.exit(1)
    except OutcomeUnknown as error:
        click.echo(f"verso: the last change may have been saved or not: {error}", err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError) as error:
        click.echo(f"verso: the database does not answer as it should: {error.orig}", err=True)
        click.echo("`verso doctor` says more.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
