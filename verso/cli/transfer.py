"""`verso import` and `verso export`: Markdown folders in and out."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from verso.content.exporter import export as export_folder
from verso.content.importers.folder import import_folder
from verso.content.importers.origins import locale_of_folder
from verso.content.importers.report import Report
from verso.content.importers.site import is_export
from verso.content.site_settings import ensure_site_id
from verso.current import get_store
from verso.db import get_database
from verso.i18n.locales import Locales, get_locales
from verso.models import Kind
from verso.values import canonical_locale

SECTIONS = {"blog": Kind.POST, "site": Kind.PAGE}


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--section",
    type=click.Choice([*SECTIONS, "all"]),
    help="Posts of the blog (if left out), pages of the site, or both: a folder with pages/ and "
    "blog/ in it, as export writes it; that is what is meant then if nothing is said.",
)
@click.option("--locale", default="", help="Language of files that do not say theirs.")
@click.option(
    "--name",
    default="",
    help="What later imports know this folder by, in place of its path: for one that is somewhere "
    "else each time.",
)
@click.option("--base-url", default="", help="Old address of the site, whose links become local.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File to write the whole report to; what is printed is cut to a few lines a chapter.",
)
@with_appcontext
def import_(
    folder: Path,
    section: str | None,
    locale: str,
    name: str,
    base_url: str,
    report_file: Path | None,
) -> None:
    """Import Markdown from FOLDER, or one file (Zola, Hugo, Jekyll).

    Front matter may be TOML, YAML or JSON. Running it again on the same folder updates what changed
    and leaves the rest; nothing of another folder is overwritten. Old paths redirect. The end is a
    report of what came in, what did not, and why.
    """
    locales = get_locales()
    chosen = _language(folder, locale, locales)
    try:
        report = import_folder(
            get_database(),
            folder,
            section=SECTIONS.get(section or ("all" if is_export(folder) else "blog")),
            locale=chosen,
            locales=locales.current,
            store=get_store(),
            base_url=base_url,
            name=name,
            default_locale=locales.default,
            progress=show_progress,
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    _show_report(report, report_file)
    if report.broken:
        raise SystemExit(1)


def _language(folder: Path, locale: str, locales: Locales) -> str:
    """The language of files that do not say theirs: the one asked for, else that of the folder."""
    if not locale:
        named = locale_of_folder(folder, locales.current)
        if named and named != locales.default:
            click.echo(
                f"Files that name no language are taken as {named}, the name of their folder (see --locale)."
            )
        return named or locales.default
    try:
        return canonical_locale(locale)
    except ValueError as error:
        raise click.BadParameter(f"{locale!r} must be {error}", param_hint="--locale") from error


def _show_report(report: Report, file: Path | None) -> None:
    """Print the report, cut to what a screen takes, and write all of it to a file if asked."""
    for line in report.lines():
        click.echo(line)
    if file is None:
        return
    lines = report.lines(is_whole=True)
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"The report could not be written: {error}") from error


def show_progress(done: int, of: int) -> None:
    """One line that counts up on a terminal; elsewhere, a line at the end."""
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {of}", nl=done == of, err=True)
    elif done == of:
        click.echo(f"{done} of {of}", err=True)


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export(folder: Path) -> None:
    """Write documents, images, old paths, redirects and settings to FOLDER, as import reads them.

    FOLDER must be empty or not there yet. The end names what is left out: people, drafts, history and
    the like. With an image missing the exit code is 1.
    """
    try:
        with get_database().writing() as session:
            ensure_site_id(session)
        with get_database().reader() as session:
            written = export_folder(session, folder, get_store())
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for line in written.lines():
        click.echo(line)
    click.echo(f"Read them back with: verso import {folder}")
    if written.missing:
        raise SystemExit(1)
