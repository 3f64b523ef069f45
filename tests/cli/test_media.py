"""`verso media sizes`: what an import kept as it was gets its smaller sizes."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from tests.factories import Factory
from tests.media.pictures import moving, picture
from verso.db import Database
from verso.media.storage import file_of, files_of, media_url, store
from verso.media.stores import Store
from verso.models import Media


def _import(app: Flask, database: Database, name: str, data: bytes, kind: str) -> Media:
    files: Store = app.extensions["verso.store"]
    with database.writing() as session:
        size = {"width": 700, "height": 500, "now": datetime.now(UTC)}
        return store(session, files, name=name, data=data, content_type=f"image/{kind}", **size)  # type: ignore[arg-type]


def test_imported_images_get_their_sizes_and_stay_as_they_are(
    app: Flask, factory: Factory, database: Database
) -> None:
    data = picture("JPEG", (700, 500))
    photo = _import(app, database, "a.jpg", data, "jpeg")
    _import(app, database, "b.gif", moving(), "gif")
    _import(app, database, "c.svg", b"<svg/>", "svg+xml")
    factory.page("About", body=f"![x]({media_url(photo)})")
    assert "<picture>" not in app.test_client().get("/en/about").text
    done = app.test_cli_runner().invoke(args=["media", "sizes"])
    assert done.exit_code == 0, done.output
    files: Store = app.extensions["verso.store"]
    with database.reader() as session:
        media = session.scalars(select(Media).order_by(Media.id)).all()
    assert [one.widths for one in media] == ["320,640,700", "", ""]
    assert all(files.size(name) for name in files_of(media[0]))
    assert files.read(file_of(media[0])) == data
    assert "<picture>" in app.test_client().get("/en/about").text


def test_an_image_that_cannot_be_read_is_named(app: Flask, database: Database) -> None:
    _import(app, database, "broken.png", b"\x89PNG\r\n\x1a\n and no more", "png")
    done = app.test_cli_runner().invoke(args=["media", "sizes"])
    assert done.exit_code == 1 and "broken.png: damaged" in done.output
