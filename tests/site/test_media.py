"""Media are served so that nothing in them can run, in parts, by version, and for as long as is true."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import Factory
from tests.media.pictures import picture
from verso.current import get_store
from verso.db import Database
from verso.media.collection import add, files_to_keep, kept
from verso.media.preparing import prepare, workspace
from verso.media.storage import media_url, version_url
from verso.media.stores import ObjectStore
from verso.models import Media


@pytest.fixture(params=["local", "object"])
def medium(request: pytest.FixtureRequest, app: Flask, database: Database) -> Media:
    """A picture, once in the local folder and once in object storage."""
    if request.param == "object":
        app.extensions["verso.store"] = ObjectStore("memory:///")
    folder = Path(app.instance_path)
    (folder / "source").write_bytes(picture("JPEG", (800, 600)))
    with app.app_context(), workspace(folder) as room:
        (room / "made").mkdir()
        made = prepare(folder / "source", 'Größe "1".jpg', room / "made")
        with kept(get_store(), files_to_keep(made)), database.writing() as session:
            return add(session, made, name="Größe.jpg", user_id=None, now=datetime.now(UTC))


def got(client: FlaskClient, path: str, method: str = "GET", **headers: str) -> TestResponse:
    """An answer that was read to its end, so that its file is closed."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.open(path, method=method, headers=named)
    assert answer.data is not None
    answer.close()
    return answer


def test_the_headers_let_an_image_show_and_do_nothing_else(
    client: FlaskClient, medium: Media
) -> None:
    answer = got(client, media_url(medium))
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and policy.endswith("sandbox")
    assert "script-src" not in policy
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    disposition = headers["Content-Disposition"]
    assert (
        disposition.startswith("inline") and "filename*=UTF-8''Gr%C3%B6%C3%9Fe.jpg" in disposition
    )
    assert "Set-Cookie" not in headers


def test_only_what_never_changes_is_immutable(client: FlaskClient, medium: Media) -> None:
    for name, kind in (
        ("320.avif", "avif"),
        ("card-50-50-320.webp", "webp"),
        (medium.name, "jpeg"),
    ):
        answer = got(client, version_url(medium, name))
        assert answer.status_code == 200 and answer.mimetype == f"image/{kind}", name
        assert "immutable" in answer.headers["Cache-Control"]
    for path in (
        media_url(medium),
        f"/media/{medium.key}/anything-else.jpg",
        f"/media/{medium.key}/{'0' * 16}/320.avif",
        version_url(medium, "777.webp"),
    ):
        answer = got(client, path)
        assert answer.status_code == 200 and answer.mimetype == "image/jpeg", path
        assert "immutable" not in answer.headers["Cache-Control"], path


def test_a_part_a_head_and_an_unchanged_file(client: FlaskClient, medium: Media) -> None:
    url = media_url(medium)
    whole = got(client, url)
    part = got(client, url, Range="bytes=10-19")
    assert part.status_code == 206 and part.data == whole.data[10:20]
    assert part.headers["Content-Range"] == f"bytes 10-19/{medium.size}"
    assert got(client, url, Range="bytes=99999999-").status_code == 416
    head = got(client, url, "HEAD")
    assert head.data == b"" and head.headers["Content-Length"] == str(medium.size)
    assert got(client, url, If_None_Match=whole.headers["ETag"]).status_code == 304
    assert got(client, url, "POST").status_code == 405


@pytest.mark.parametrize(
    "path", ["/{0}/x.txt", "/{0}/x.html", "/{0}/..%2f..%2fverso.db", "/{0}/320.avif.html"]
)
def test_what_is_no_version_is_404(client: FlaskClient, medium: Media, path: str) -> None:
    version = f"{medium.key}/{medium.digest[:16]}"
    assert got(client, "/media" + path.format(version)).status_code == 404


def test_unknown_keys_and_lost_files_are_404(
    app: Flask, client: FlaskClient, medium: Media
) -> None:
    assert got(client, f"/media/{'0' * 16}/a.jpg").status_code == 404
    assert got(client, "/media/../../etc/passwd").status_code == 404
    with app.app_context():
        get_store().delete([f"{medium.digest[:2]}/{medium.digest}.jpg"])
    assert got(client, media_url(medium)).status_code == 404


def test_pages_offer_every_size_under_the_mount(
    client: FlaskClient, factory: Factory, medium: Media, database: Database
) -> None:
    code = f'`<img src="{media_url(medium)}">`'
    body = f'![One]({media_url(medium)}) text ![Two]({media_url(medium)} "Title") {code}'
    post = factory.post("Hello", body=body)
    page = client.get("/en/blog/hello", environ_overrides={"SCRIPT_NAME": "/mount"}).text
    base = f"/mount/media/{medium.key}/{medium.digest[:16]}"
    assert page.count("<picture>") == 2
    assert f'srcset="{base}/320.avif 320w, {base}/640.avif 640w, {base}/800.avif 800w"' in page
    assert page.count('loading="lazy"') == 1, "all but the first"
    assert 'alt="One" width="800" height="600"' in page
    assert f'&lt;img src="{media_url(medium)}"&gt;' in page.replace("&quot;", '"')
    with database.writing() as session:
        session.merge(post).cover_id = medium.id
    page = client.get("/en/blog/hello").text
    assert 'class="opening-picture"' in page and page.count("<picture>") == 3
    index = client.get("/en/blog/").text
    assert "card-50-50-320.avif 320w" in index and 'width="640" height="400"' in index
    feed = client.get("/en/blog/feed.json").get_json()["items"][0]
    assert feed["image"].endswith(media_url(medium)) and "<picture" not in feed["content_html"]


def test_an_address_copied_from_a_page_shows_the_picture_as_it_is_now(
    client: FlaskClient, factory: Factory, medium: Media
) -> None:
    before = f"/media/{medium.key}/{'0' * 16}"
    factory.post("Hello", body=f"![]({before}/320.avif) and ![One]({before}/{medium.name})")
    page = client.get("/en/blog/hello").text
    assert page.count("<picture>") == 2 and before not in page
    assert page.count('width="800" height="600"') == 2 and 'alt="One"' in page
