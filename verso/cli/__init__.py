"""The commands, one group per file; `verso` and `flask --app wsgi` offer the same."""

import click
from flask import Flask

from verso.cli.init import init
from verso.cli.serve import serve

COMMANDS: tuple[click.Command, ...] = (init, serve)


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
