"""`verso demo`: a small organisation's site to look at, and as many more posts and pages as asked."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from verso import schema
from verso.cli.transfer import show_progress
from verso.content.importers.folder import import_folder
from verso.content.synthetic import add_pages, add_posts
from verso.current import get_store
from verso.db import get_database
from verso.i18n.locales import get_locales

CONTENT = Path(__file__).parent.parent / "demo"
# What imports know the folder by: its path differs with the environment that Verso is installed in.
NAME = "demo"


@click.command()
@click.option("--posts", default=0, type=click.IntRange(0, 1_000_000), help="More posts, made up.")
@click.option("--pages", default=0, type=click.IntRange(0, 1_000_000), help="More pages, made up.")
@with_appcontext
def demo(posts: int, pages: int) -> None:
    """Fill the site with demo content: pages in a tree, posts, images, four languages.

    Can be run again: what is there already is left alone. With --posts and --pages
    it adds made-up ones until there are that many of them.
    """
    database = get_database()
    schema.upgrade(database)
    click.echo("Importing the demo content ...")
    report = import_folder(
        database,
        CONTENT,
        section=None,
        locale="en",
        locales=get_locales().current,
        store=get_store(),
        name=NAME,
        progress=show_progress,
    )
    for line in report.lines():
        click.echo(line)
    if posts:
        with click.progressbar(length=posts, label=f"Making {posts} posts") as bar:
            add_posts(
                database, posts, get_locales().current, lambda done: bar.update(done - bar.pos)
            )
    if pages:
        with click.progressbar(length=pages, label=f"Making {pages} pages") as bar:
            add_pages(database, pages, lambda done: bar.update(done - bar.pos))
