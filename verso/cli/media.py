"""`verso media`: what is done to the images of a whole site."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from verso.cli.transfer import show_progress
from verso.current import get_settings, get_store
from verso.db import get_database
from verso.media import collection
from verso.media.encoding import Focus, derived_names
from verso.media.images import ImageRefused
from verso.media.preparing import prepare_sizes, workspace
from verso.media.storage import derived_file, file_of, numbers
from verso.models import Media

media = AppGroup("media", help="Look after the images of the whole site.")


@media.command()
def sizes() -> None:
    """Make the smaller sizes of imported images, which an import keeps as they are.

    Can be run again: images that have their sizes are left alone.
    """
    database = get_database()
    query = select(Media).where(Media.widths == "", Media.content_type != "image/svg+xml")
    with database.reader() as session:
        found = session.scalars(query.order_by(Media.id)).all()
    refused = []
    for done, medium in enumerate(found, 1):
        try:
            _make(medium)
        except (ImageRefused, FileNotFoundError, LookupError) as error:
            refused.append(f"{medium.name}: {error}")
        show_progress(done, len(found))
    click.echo(f"{len(found) - len(refused)} images were looked at.")
    for line in refused:
        click.echo(line, err=True)
    if refused:
        raise SystemExit(1)


def _make(medium: Media) -> None:
    store, focus = get_store(), Focus(medium.focus_x, medium.focus_y)
    with workspace(get_settings().INSTANCE_PATH) as folder:
        source = folder / "original"
        source.write_bytes(store.read(file_of(medium)))
        widths, cards = prepare_sizes(source, folder, focus)
        names = derived_names(numbers(widths), numbers(cards), focus)
        files = {derived_file(medium.digest, name): folder / name for name in names}
        with collection.kept(store, files), get_database().writing() as session:
            found = collection.get_media(session, medium.id)
            if found.digest != medium.digest:
                raise LookupError(f"{medium.name} was replaced meanwhile")
            collection.set_sizes(found, widths, cards, datetime.now(UTC))
