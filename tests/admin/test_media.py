"""Media in the admin: uploaded by many, refused with a sentence, described, replaced, deleted."""

import io
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.conftest import MakeApp
from tests.factories import Factory
from tests.media.pictures import (
    SVG,
    frame_bomb,
    moving,
    picture,
    pixel_bomb,
    png,
    text_bomb,
)
from verso.content import documents
from verso.db import Database
from verso.models import Media, MediaUse, Role

RED = picture("JPEG")
JSON = {"Accept": "application/json"}


def send(
    browser: FlaskClient, *files: tuple[str, bytes], to: str = "/admin/media", **headers: str
) -> TestResponse:
    """Send files as the form does."""
    data = MultiDict([("file", FileStorage(io.BytesIO(content), name)) for name, content in files])
    # The test client itself would leave a temporary file of a large form open.
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.post(to, data=body, content_type=kind, headers=headers)


def got(browser: FlaskClient, path: str) -> TestResponse:
    """An answer that was read to its end, so that its file is closed."""
    answer = browser.get(path)
    assert answer.data is not None
    answer.close()
    return answer


def stored(app: Flask) -> list[Path]:
    """The files of the media folder, and what is left of uploads."""
    folders = [Path(app.instance_path) / name for name in ("media", "uploads")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def only(database: Database) -> Media:
    with database.reader() as session:
        return session.scalars(select(Media)).one()


def count(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(Media)) or 0


def test_one_image_for_a_script(editor: FlaskClient, app: Flask, database: Database) -> None:
    answer = send(editor, ("Über uns.jpg", RED), **JSON)
    assert answer.status_code == 201
    body = answer.get_json()
    media = only(database)
    assert body == {
        "url": f"/media/{media.key}/%C3%9Cber-uns.jpg",
        "name": "Über-uns.jpg",
        "alt": "",
        "markdown": f"![](/media/{media.key}/%C3%9Cber-uns.jpg)",
        "width": 400,
        "height": 300,
        "page": f"/admin/media/{media.id}",
    }
    assert media.uploader_id is not None and media.widths == "320,400"
    assert got(editor, body["url"]).data[:3] == b"\xff\xd8\xff"
    assert not (Path(app.instance_path) / "uploads").exists() or not list(
        (Path(app.instance_path) / "uploads").iterdir()
    )


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.svg", SVG, "SVG is refused"),
        ("a.png", SVG, "SVG is refused"),
        ("a.html", RED, "ends in “.html”"),
        ("a.jpg", b"<p>hello", "no JPEG, PNG, WebP, AVIF or GIF"),
        ("a.jpg", RED[:900], "damaged"),
        ("a.jpg", b"", "empty"),
        ("bomb.png", pixel_bomb(), "30000 × 30000 pixels; at most 50 million"),
        ("bomb.gif", frame_bomb(), "animation is too long"),
        ("bomb.png", text_bomb(), "beside its pixels"),
    ],
)
def test_a_refusal_is_a_sentence_and_leaves_nothing(
    editor: FlaskClient, app: Flask, database: Database, name: str, data: bytes, words: str
) -> None:
    answer = send(editor, (name, data), **JSON)
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert words in answer.get_json()["detail"]
    assert stored(app) == [] and count(database) == 0


def test_of_many_the_good_are_kept_and_the_others_named(
    editor: FlaskClient, database: Database
) -> None:
    answer = send(
        editor, ("a.jpg", RED), ("evil<b>.svg", SVG), ("b.png", picture("PNG")), ("c.gif", moving())
    )
    assert answer.status_code == 422
    assert "3 images were uploaded." in answer.text and "1 file was refused:" in answer.text
    assert "evil&lt;b&gt;.svg" in answer.text and "SVG is refused" in answer.text
    assert count(database) == 3
    fine = send(editor, ("d.png", picture("PNG", (50, 60))))
    assert fine.headers["Location"] == "/admin/media?done=uploaded"


def test_the_same_image_is_one_medium(editor: FlaskClient, database: Database) -> None:
    first, second = (send(editor, (name, RED), **JSON).get_json() for name in ("a.jpg", "b.jpg"))
    assert first["url"] == second["url"] and count(database) == 1


def test_a_name_gets_the_ending_of_what_the_image_is(editor: FlaskClient) -> None:
    for name, wanted in (("photo.webp", "photo.png"), ("blob", "blob.png"), ("A.PNG", "A.PNG")):
        data = picture("PNG", (80, len(name) * 9))
        assert send(editor, (name, data), **JSON).get_json()["name"] == wanted


def test_nothing_chosen_is_said(editor: FlaskClient) -> None:
    answer = send(editor, ("", b""))
    assert answer.status_code == 422 and "Choose the files" in answer.text
    assert editor.post("/admin/media", data={"x": "y"}).status_code == 415
    assert editor.post("/admin/media", data={"x": "y"}, headers=JSON).get_json()["status"] == 415


def test_a_file_larger_than_allowed_is_refused_and_the_rest_goes_on(
    make_app: MakeApp, factory: Factory, database: Database
) -> None:
    app = make_app(MAX_UPLOAD_BYTES=100_000)
    browser = factory.sign_in(app, factory.user(role=Role.ADMIN))
    answer = send(browser, ("large.png", os.urandom(300_000)), ("a.jpg", RED))
    assert answer.status_code == 422 and "large.png" in answer.text
    assert "larger than 0 MB" in answer.text and count(database) == 1
    form = "multipart/form-data; boundary=x"
    assert browser.post("/admin/media", data=bytes(5_000_000), content_type=form).status_code == 413


def test_more_than_other_forms_may_hold_is_taken(make_app: MakeApp, factory: Factory) -> None:
    app = make_app(MAX_BODY_BYTES=10_000)
    browser = factory.sign_in(app, factory.user(role=Role.ADMIN))
    assert send(browser, ("a.png", png(300, 300, rows=None) + bytes(50_000))).status_code == 303
    answer = browser.post("/admin/redirects", data={"source": "x" * 20_000})
    assert answer.status_code == 413


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_thousand_files_in_one_form(editor: FlaskClient, app: Flask, database: Database) -> None:
    """As somebody has them who uploads the folder of a whole site: one of five is an image."""
    others = {"svg": SVG, "png": b"Words.", "html": b"<script>", "pdf": b"%PDF-1.7"}
    files = [(f"good-{n}.png", png(8 + n % 32, 8 + n // 32)) for n in range(200)]
    files += [(f"bad-{n}.{ending}", data) for n in range(200) for ending, data in others.items()]
    answer = send(editor, *files)
    assert answer.status_code == 422
    assert "200 images were uploaded." in answer.text and "800 files were refused" in answer.text
    refusals = answer.text.partition('<ul class="refusals">')[2].partition("</ul>")[0]
    for name, _ in files:
        assert (f">{name}</bdi>: " in refusals) == name.startswith("bad"), name
    assert count(database) == 200
    assert len(stored(app)) == 200


def test_a_form_that_ends_in_the_middle_keeps_no_half_file(
    editor: FlaskClient, app: Flask, database: Database
) -> None:
    begun = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n" + RED
    )
    for body in (begun, begun + b"\r\n--x", b"--x\r\nContent-Disposition", b"", b"no form at all"):
        answer = editor.post(
            "/admin/media", data=body, content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code in (400, 422), answer.text
        assert stored(app) == [] and count(database) == 0


def test_replacing_keeps_the_address_and_what_shows_it(
    editor: FlaskClient, app: Flask, factory: Factory, database: Database
) -> None:
    url = send(editor, ("a.jpg", picture("JPEG", (700, 500))), **JSON).get_json()["url"]
    factory.page("About", body=f"![A red one]({url})")
    page = editor.get("/en/about").text
    assert 'width="700" height="500"' in page and '<source type="image/avif"' in page
    before, media = stored(app), only(database)
    answer = send(
        editor, ("b.png", picture("PNG", (500, 900))), to=f"/admin/media/{media.id}/replace"
    )
    assert answer.headers["Location"] == f"/admin/media/{media.id}?done=replaced"
    page = editor.get("/en/about").text
    assert 'width="500" height="900"' in page and 'alt="A red one"' in page
    shown = got(editor, url)
    assert shown.mimetype == "image/png" and shown.data[:4] == b"\x89PNG"
    assert not set(before) & set(stored(app)), "what nothing shows any more is gone"
    # Whoever kept an address of the old bytes gets the new ones, for a moment.
    old = got(editor, f"/media/{media.key}/{media.digest[:16]}/320.avif")
    assert old.status_code == 200 and "immutable" not in old.headers["Cache-Control"]


def test_a_refused_replacement_changes_nothing(
    editor: FlaskClient, app: Flask, database: Database
) -> None:
    send(editor, ("a.jpg", RED))
    before = sorted(stored(app))
    path = f"/admin/media/{only(database).id}/replace"
    answer = send(editor, ("b.svg", SVG), to=path)
    assert answer.status_code == 422 and "SVG is refused" in answer.text
    assert send(editor, ("", b""), to=path).status_code == 422
    assert sorted(stored(app)) == before


def test_what_was_replaced_can_be_uploaded_again(editor: FlaskClient, database: Database) -> None:
    first = send(editor, ("a.jpg", RED), **JSON).get_json()
    media = only(database)
    send(editor, ("b.png", picture("PNG")), to=f"/admin/media/{media.id}/replace")
    again = send(editor, ("a.jpg", RED), **JSON).get_json()
    assert again["url"] != first["url"] and count(database) == 2
    assert got(editor, again["url"]).mimetype == "image/jpeg"
    assert got(editor, first["url"]).mimetype == "image/png"


def test_alt_texts_stand_where_a_text_says_nothing_itself(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    url = send(editor, ("a.jpg", RED), **JSON).get_json()["url"]
    media = only(database)
    assert "No alt text" in editor.get("/admin/media").text
    form = {"alt-en": ' A "red"  square ', "alt-de": "Ein rotes Quadrat", "alt-xx": "nobody's"}
    answer = editor.post(f"/admin/media/{media.id}", data=form)
    assert answer.headers["Location"] == f"/admin/media/{media.id}?done=saved"
    factory.page("About", body=f"![]({url}) ![My own]({url})")
    page = editor.get("/en/about").text
    assert 'alt="A &quot;red&quot; square"' in page and 'alt="My own"' in page
    shelf = editor.get("/admin/media").text
    assert "No alt text in: fr, ar" in shelf
    assert media.name in editor.get("/admin/media?missing=fr").text
    assert media.name not in editor.get("/admin/media?missing=de").text
    assert media.name in editor.get("/admin/media?q=rotes+quadrat").text
    assert media.name not in editor.get("/admin/media?q=blue").text
    editor.post(f"/admin/media/{media.id}", data={"alt-en": ""})
    with database.reader() as session:
        assert [text.locale for text in session.get_one(Media, media.id).texts] == ["de"]


def test_a_translator_describes_images_in_the_languages_given(
    app: Flask, factory: Factory, database: Database
) -> None:
    medium = factory.medium()
    path = f"/admin/media/{medium.id}"
    browser = factory.sign_in(app, factory.user(role=Role.TRANSLATOR, locales=("de",)))
    shelf, page = browser.get("/admin/media?missing=de").text, browser.get(path).text
    assert path in shelf and 'type="file"' not in shelf + page
    assert 'name="alt-de"' in page and 'name="alt-fr"' not in page
    assert browser.post(path, data={"alt-de": "Ein Quadrat"}).status_code == 303
    for other in ({"alt-fr": "Un carré"}, {"alt-de": "Rot", "focus_x": "1"}):
        assert browser.post(path, data=other).status_code == 403
    with database.reader() as session:
        found = session.get_one(Media, medium.id)
        assert (found.alt("de"), found.alt("fr"), found.focus_x) == ("Ein Quadrat", "", 50)


def test_of_two_who_describe_an_image_neither_overwrites_the_other(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    """Both sent the whole form, as it was opened and as it was filled in."""
    medium = factory.medium()
    for locale in ("de", "fr"):
        form = {f"{part}-{name}": "" for part in ("was", "alt") for name in ("de", "en", "fr")}
        editor.post(f"/admin/media/{medium.id}", data=form | {f"alt-{locale}": f"{locale}!"})
    with database.reader() as session:
        found = session.get_one(Media, medium.id)
        assert (found.alt("de"), found.alt("fr"), found.alt("en")) == ("de!", "fr!", "")


def test_the_focus_moves_the_crops(editor: FlaskClient, app: Flask, database: Database) -> None:
    send(editor, ("a.png", picture("PNG", (1000, 400))))
    media = only(database)
    answer = editor.post(f"/admin/media/{media.id}", data={"focus_x": "0", "focus_y": "30"})
    assert answer.status_code == 303
    names = {path.name.partition("-")[2] for path in stored(app)}
    assert "card-0-30-320.avif" in names and not [n for n in names if "card-50" in n]
    answer = editor.post(f"/admin/media/{media.id}", data={"focus_x": "-5", "focus_y": "999999"})
    assert (only(database).focus_x, only(database).focus_y) == (0, 30)


def test_a_page_of_a_medium_says_where_it_is_used(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    url = send(editor, ("a.jpg", RED), **JSON).get_json()["url"]
    media = only(database)
    page = factory.page("About", body=f"![x]({url})")
    post = factory.post("Covered")
    with database.writing() as session:
        session.merge(post).cover_id = media.id
    shown = editor.get(f"/admin/media/{media.id}").text
    assert f"/admin/documents/{page.id}/text/en" in shown and "About" in shown
    assert "Covered" in shown and "cover" in shown
    refused = editor.post(f"/admin/media/{media.id}/delete")
    assert refused.status_code == 409 and "take it out" in refused.text


def test_a_use_ends_with_the_text_that_was(
    editor: FlaskClient, factory: Factory, database: Database, app: Flask
) -> None:
    url = send(editor, ("a.jpg", RED), **JSON).get_json()["url"]
    page = factory.page("About", body=f"![x]({url})")
    with database.writing() as session:
        assert session.scalar(select(func.count()).select_from(MediaUse)) == 1
        found = documents.get_for_change(session, page.id)
        documents.delete(session, found, locales=factory.locales)
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(MediaUse)) == 0
    media = only(database)
    answer = editor.post(f"/admin/media/{media.id}/delete")
    assert answer.headers["Location"] == "/admin/media?done=deleted"
    assert stored(app) == [] and editor.get(url).status_code == 404


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        (Role.ADMIN, 303, 303),
        (Role.EDITOR, 303, 303),
        (Role.AUTHOR, 303, 403),
        (Role.TRANSLATOR, 403, 403),
    ],
)
def test_what_each_role_may_do(
    app: Flask, factory: Factory, database: Database, role: Role, own: int, others: int
) -> None:
    somebody = factory.sign_in(app, factory.user(role=Role.ADMIN))
    send(somebody, ("theirs.png", picture("PNG")))
    theirs = only(database)
    browser = factory.sign_in(app, factory.user(role=role))
    for path in ("/admin/media", f"/admin/media/{theirs.id}"):
        assert browser.get(path).status_code == 200
    assert browser.get("/admin/media/picker").status_code == (200 if own == 303 else 403)
    assert send(browser, ("mine.jpg", RED)).status_code == own
    another = picture("PNG", (80, 80))
    path = f"/admin/media/{theirs.id}"
    assert send(browser, ("b.png", another), to=f"{path}/replace").status_code == others
    assert browser.post(f"{path}/delete").status_code == others
    if own == 303:
        mine = only(database) if others == 303 else theirs
        with database.reader() as session:
            mine = session.scalars(select(Media).where(Media.name == "mine.jpg")).one()
        assert browser.post(f"/admin/media/{mine.id}/delete").status_code == 303


def test_the_shelf_is_paged(editor: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        for number in range(60):
            session.add(
                Media(
                    key=f"{number:016x}",
                    digest=f"{number:064x}",
                    name=f"n{number}.png",
                    content_type="image/png",
                    size=1,
                    created_at=datetime(2026, 1, 1, tzinfo=UTC),
                    updated_at=datetime(2026, 1, 1, tzinfo=UTC),
                )
            )
    first = editor.get("/admin/media").text
    link = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = editor.get(f"/admin/media{link}").text
    names = [f"n{number}.png" for number in range(60)]
    shown = [[name for name in names if f">{name}<" in page] for page in (first, second)]
    assert sorted(shown[0] + shown[1]) == sorted(names) and not set(shown[0]) & set(shown[1])


def test_the_picker_is_a_list_of_buttons(editor: FlaskClient, database: Database) -> None:
    send(editor, ("a.jpg", RED))
    media: Any = only(database)
    editor.post(f"/admin/media/{media.id}", data={"alt-en": "Red & white"})
    fragment = editor.get("/admin/media/picker?q=a").text
    assert f'data-url="/media/{media.key}/a.jpg"' in fragment
    assert 'data-alt="Red &amp; white"' in fragment and "<html" not in fragment


def test_unknown_media_are_404(editor: FlaskClient) -> None:
    assert editor.get("/admin/media/999").status_code == 404
    for path in ("/admin/media/999", "/admin/media/999/delete"):
        assert editor.post(path).status_code == 404
    assert send(editor, ("a.jpg", RED), to="/admin/media/999/replace").status_code == 404
