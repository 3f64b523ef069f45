"""`verso redirects`: where old paths lead, and which paths are asked for in vain."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from verso.content.missing import forget_explanations
from verso.content.missing_list import MissingFilter, MissingRow, count_noise, every_missing
from verso.content.redirect_rules import CODES, RedirectRefused, make_rule
from verso.content.redirect_table import BadTable, import_table, read_table, write_table
from verso.content.redirects import add_redirect, all_redirects, remove_redirect
from verso.current import get_recorder, get_settings
from verso.db import get_database
from verso.i18n.locales import get_locales

AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")


@click.group()
def redirects() -> None:
    """Old paths that lead elsewhere, and paths that nobody answers."""


@redirects.command("list")
@AS_JSON
@with_appcontext
def list_(as_json: bool) -> None:
    """Show every redirect."""
    with get_database().reader() as session:
        rules = all_redirects(session)
    rows = [{"source": one.typed_source, "target": one.target, "code": one.code} for one in rules]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['code']}  {row['source']}  {row['target']}".rstrip())


@redirects.command()
@click.argument("source")
@click.argument("target", default="")
@click.option(
    "--code", type=click.Choice([str(code) for code in CODES]), default="301", show_default=True
)
@with_appcontext
def add(source: str, target: str, code: str) -> None:
    """Lead SOURCE, a path of this site, to TARGET, a path or an address; none for --code 410."""
    offered = get_locales().current
    try:
        rule = make_rule(source, target, code, locales=offered, base=get_settings().BASE_URL)
        with get_database().writing() as session:
            add_redirect(session, rule, offered)
    except RedirectRefused as error:
        raise click.ClickException(str(error)) from error
    leads = f"leads to {rule.target}" if rule.target else "is gone"
    click.echo(f"{rule.typed_source} {leads} ({rule.code}).")


@redirects.command()
@click.argument("source")
@with_appcontext
def remove(source: str) -> None:
    """Take the redirect at SOURCE away."""
    try:
        with get_database().writing() as session:
            found = remove_redirect(session, source, get_locales().current)
    except RedirectRefused as error:
        raise click.ClickException(str(error)) from error
    if not found:
        raise click.ClickException(f"{source} does not redirect: see `verso redirects list`.")
    click.echo(f"{source} redirects no more.")


@redirects.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@with_appcontext
def import_(file: Path, dry_run: bool) -> None:
    """Read redirects from a CSV FILE with the columns source,target,code: all of it or nothing."""
    offered = get_locales().current
    try:
        rules = read_table(file.read_bytes(), offered, get_settings().BASE_URL)
        with get_database().writing() as session:
            counts = import_table(session, rules, offered)
            if dry_run:
                session.rollback()
    except BadTable as error:
        raise click.ClickException(f"nothing was imported from {file}:\n{error}") from error
    begin = "Would be imported" if dry_run else "Imported"
    click.echo(f"{begin}: {counts.added} added, {counts.changed} changed, {counts.same} unchanged.")


@redirects.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@with_appcontext
def export(file: str) -> None:
    """Write every redirect to a CSV FILE, or to standard output (-)."""
    with get_database().reader() as session:
        table = write_table(session)
    if file == "-":
        sys.stdout.write(table)
    else:
        Path(file).write_text(table, encoding="utf-8")


@redirects.command()
@AS_JSON
@click.option("--noise", is_flag=True, help="Show the kinds of scanner noise instead.")
@click.option("--again", is_flag=True, help="Look anew for causes and suggestions.")
@with_appcontext
def missing(as_json: bool, noise: bool, again: bool) -> None:
    """Show the unknown paths, the broken links of this site itself first."""
    if again:
        with get_database().writing() as session:
            forget_explanations(session)
        get_recorder().explain_all()
    chosen = MissingFilter(cause="noise" if noise else "")
    with get_database().reader() as session:
        rows = list(every_missing(session, chosen, datetime.now(UTC).date()))
        hits, kinds = count_noise(session)
    if as_json:
        click.echo(json.dumps([_as_json(row) for row in rows], indent=2, ensure_ascii=False))
        return
    for row in rows:
        mark = "own link  " if row.url.own_hits else ""
        suggestion = f"  -> {row.url.suggestion}" if row.url.suggestion else ""
        click.echo(f"{row.recent:>6}  {row.url.cause:<9} {mark}{row.shown_path}{suggestion}")
    if kinds and not noise:
        click.echo(f"Scanner noise is folded away ({hits} hits, kinds: {kinds}): see --noise.")


def _as_json(row: MissingRow) -> dict[str, Any]:
    return {
        "path": row.shown_path,
        "cause": row.url.cause,
        "suggestion": row.url.suggestion,
        "hits": row.url.hits,
        "recent": row.recent,
        "own_hits": row.url.own_hits,
        "hosts": row.url.hosts,
        "last_seen": row.url.last_seen.isoformat(),
    }
