"""`verso demo`: a small organisation's site to look at, and as many more posts and pages as asked."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from verso import schema
from verso.cli.transfer import show_progress
from verso.content.importers.folder import import_folder
from verso.content.importers.own_content import OwnContent, find_own_content
from verso.content.synthetic import add_pages, add_posts
from verso.current import get_settings, get_store
from verso.db import Database, get_database
from verso.i18n.locales import get_locales
from verso.runtime import instance

CONTENT = Path(__file__).parent.parent / "demo"
# What imports know the folder by: its path differs with the environment that Verso is installed in.
NAME = "demo"
LOCALE = "en"
# How many titles and settings a refusal names.
SHOWN = 3


@click.command()
@click.option("--posts", default=0, type=click.IntRange(0, 1_000_000), help="More posts, made up.")
@click.option("--pages", default=0, type=click.IntRange(0, 1_000_000), help="More pages, made up.")
@click.option(
    "--force", is_flag=True, help="Also on a site that has content: it is renamed, and added to."
)
@with_appcontext
def demo(posts: int, pages: int, force: bool) -> None:
    """Fill an empty site with demo content: pages in a tree, posts, images, four languages.

    Can be run again: what is there already is left alone. A site with a name or documents of its own
    is refused. With --posts and --pages it adds made-up ones until there are that many of them.
    """
    database = get_database()
    instance.share(get_settings().INSTANCE_PATH)
    schema.upgrade(database)
    if not force:
        _refuse_own_content(database)
    _import_demo(database)
    if posts:
        with click.progressbar(length=posts, label=f"Making {posts} posts") as bar:
            add_posts(
                database, posts, get_locales().current, lambda done: bar.update(done - bar.pos)
            )
    if pages:
        with click.progressbar(length=pages, label=f"Making {pages} pages") as bar:
            add_pages(database, pages, lambda done: bar.update(done - bar.pos))


def _refuse_own_content(database: Database) -> None:
    locales = get_locales().current
    with database.reader() as session:
        own = find_own_content(session, CONTENT, name=NAME, locale=LOCALE, locales=locales)
    if own:
        raise click.ClickException(
            f"This site has content of its own: {_summary(own)}.\n"
            "The demo would rename it and publish documents beside those. Look at it in an instance "
            "of its own, with VERSO_INSTANCE_PATH=demo-site; or add it here with --force."
        )


def _summary(own: OwnContent) -> str:
    """The settings and titles in a few words."""
    parts = [*own.settings[:SHOWN]]
    if own.documents:
        titles = ", ".join(f"“{title}”" for title in own.documents[:SHOWN])
        count = len(own.documents)
        parts.append(f"{count} {'document' if count == 1 else 'documents'} ({titles})")
    return "; ".join(parts)


def _import_demo(database: Database) -> None:
    click.echo("Importing the demo content ...")
    report = import_folder(
        database,
        CONTENT,
        section=None,
        locale=LOCALE,
        locales=get_locales().current,
        store=get_store(),
        name=NAME,
        default_locale=get_locales().default,
        progress=show_progress,
    )
    for line in report.lines():
        click.echo(line)
