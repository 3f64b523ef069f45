"""The commands, one group per file; `verso` and `flask --app wsgi` offer the same."""

import click
from flask import Flask

from verso.cli.demo import demo
from verso.cli.doctor import doctor
from verso.cli.init import init
from verso.cli.routes import routes
from verso.cli.serve import serve
from verso.cli.transfer import export, import_
from verso.cli.user import user

COMMANDS: tuple[click.Command, ...] = (init, serve, demo, user, import_, export, routes, doctor)


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
