"""The commands, one group per file; `verso` and `flask --app wsgi` offer the same."""

import click
from flask import Flask

from verso.cli.audit import audit
from verso.cli.backup import backup, restore
from verso.cli.demo import demo
from verso.cli.doctor import doctor
from verso.cli.errors import errors
from verso.cli.init import init
from verso.cli.jobs import jobs
from verso.cli.maintenance import maintenance
from verso.cli.media import media
from verso.cli.redirects import redirects
from verso.cli.routes import routes
from verso.cli.section import section
from verso.cli.serve import serve
from verso.cli.transfer import export, import_
from verso.cli.translation_checks import accept, check, status
from verso.cli.translations import translations
from verso.cli.user import user

COMMANDS: tuple[click.Command, ...] = (
    init,
    serve,
    demo,
    user,
    audit,
    import_,
    export,
    backup,
    restore,
    media,
    maintenance,
    errors,
    jobs,
    routes,
    redirects,
    doctor,
    section,
    translations,
)
for command in (accept, check, status):
    translations.add_command(command)


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
