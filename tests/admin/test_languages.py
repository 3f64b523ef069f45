"""The admin's languages: coverage with its picture, the files, what is refused, and every message."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Factory
from tests.i18n.files import LONG_AGO, PoFile, Texts, live
from verso.admin.languages import NOTICED
from verso.i18n.listing import anchor_of
from verso.models import Role

Overlay = Callable[..., PoFile]


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    """Writes a catalog of the site's own."""

    def write(folder: str, texts: Texts) -> PoFile:
        file = PoFile(tmp_path / "instance" / "translations" / folder)
        file.write(texts)
        return file

    return write


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_writes_sees_the_languages(app: Flask, factory: Factory, role: Role) -> None:
    somebody = factory.sign_in(app, factory.user(role=role))
    for path in ("/admin/languages", "/admin/languages/de"):
        assert somebody.get(path).status_code == 200
    assert 'href="/admin/languages"' in somebody.get("/admin/account").text


def test_strangers_do_not(client: FlaskClient) -> None:
    for path in ("/admin/languages", "/admin/languages/de", "/admin/languages/xx"):
        assert client.get(path).headers["Location"].startswith("/admin/sign-in")


def test_coverage_is_a_picture_and_a_table(overlay: Overlay, editor: FlaskClient) -> None:
    overlay("it", {"Search": "Cerca"})
    page = editor.get("/admin/languages").text
    assert re.search(r'<svg class="bar" role="img"[^>]* aria-label="1 of \d+ translated"', page)
    assert '<path class="bar-done" d="M0 0h1v8h-1z"></path>' in page
    assert '<path class="bar-missing" d="M1 0h99v8h-99z"></path>' in page
    assert ">Italiano</a>" in page and page.count("not offered by the site") > 1
    assert "style=" not in page
    for area in ("Everywhere", "Commands", "Mails"):
        assert f'<th scope="col">{area}</th>' in page


def test_files_have_their_path_version_time_and_counts(
    overlay: Overlay, editor: FlaskClient
) -> None:
    file = overlay("it", {"Search": "Cerca", "Feed": "%(x)s"})
    page = editor.get("/admin/languages/it").text
    assert '<code dir="ltr">instance/translations/it/messages.po</code>' in page
    assert f'<td data-name="Bytes">{file.path.stat().st_size}</td>' in page
    assert '<td data-name="Messages">1</td>' in page and '<td data-name="Refused">1</td>' in page
    assert re.search(r'<td data-name="Version"><code dir="ltr">[0-9a-f]{16}</code>', page)
    assert '<time datetime="20' in page
    assert "verso/translations/de/LC_MESSAGES/messages.po" in editor.get("/admin/languages").text


def test_what_is_refused_or_doubtful_says_where_and_why(
    overlay: Overlay, editor: FlaskClient
) -> None:
    overlay("it", {"Search": "<i>%(x)s", "Feed": "Feed "})
    page = editor.get("/admin/languages").text
    assert "instance/translations/it/messages.po:6:12" in page
    assert "%(x)s is not in the original." in page and "This text is not shown." in page
    assert "&lt;i&gt;%(x)s" in page and "<i>" not in page
    assert "The spaces at the end are not those of the original." in page
    assert page.index("is not in the original.") < page.index("The spaces at the end")


def test_a_refused_message_says_that_its_last_good_text_is_shown(
    app: Flask, overlay: Overlay, editor: FlaskClient
) -> None:
    file = overlay("it", {"Search": "Cerca"})
    assert "Cerca" in editor.get("/admin/languages/it?q=cerca").text
    file.write({"Search": "%(x)s!"})
    then = time.time() - LONG_AGO / 2
    os.utime(file.path, (then, then))

    def is_refused() -> bool:
        return "Its last good text is shown." in editor.get("/admin/languages").text

    live(is_refused)
    page = editor.get("/admin/languages/it?state=refused").text
    assert "Its last good text is shown." in page and "%(x)s!" in page
    assert "1 as it last was" in editor.get("/admin/languages").text


def test_long_lists_are_cut_and_say_how_long_they_are(
    overlay: Overlay, editor: FlaskClient
) -> None:
    overlay("it", {f"message {number}": f"messaggio {number} " for number in range(NOTICED + 5)})
    page = editor.get("/admin/languages").text
    total = int(re.findall(r"(\d+) remarks in all\.", page)[0])
    assert total >= NOTICED + 5 and page.count('class="level level-') == NOTICED
    assert '<a rel="next" href="?page=2">' in page
    rest = editor.get("/admin/languages?page=2").text
    assert rest.count('class="level level-') == total - NOTICED and 'rel="prev"' in rest
    assert "Nothing to remark" in editor.get("/admin/languages?page=99").text


def test_messages_are_found_by_words_state_and_area(overlay: Overlay, editor: FlaskClient) -> None:
    overlay("it", {"Search": "Cerca", "Feed": "Feed ", "Blog": "%(x)s"})

    def found(query: str) -> list[str]:
        page = editor.get(f"/admin/languages/it?{query}").text
        return re.findall(r'lang="en" dir="ltr">\s*(?:<p class.*?</p>\s*)?<p>(.*?)</p>', page)

    assert found("q=cerca") == ["Search"]
    assert found("state=refused") == ["Blog"]
    assert found("state=doubtful") == ["Feed"]
    assert found("state=fuzzy") == []
    assert "Main menu" in found("state=missing&area=everywhere")
    assert "Main menu" not in found("state=missing&area=blog")
    assert len(found("state=nonsense&area=nonsense")) == 100
    assert "Nothing here fits." in editor.get("/admin/languages/it?q=xyzzy").text


def test_a_link_to_a_message_opens_the_page_of_the_list_that_has_it(editor: FlaskClient) -> None:
    anchor = anchor_of("View the site")
    page = editor.get(f"/admin/languages/de?at={anchor}").text
    assert f'<li id="{anchor}">' in page and 'rel="prev"' in page
    assert f'<li id="{anchor}">' not in editor.get("/admin/languages/de").text
    assert editor.get("/admin/languages/de?at=nonsense").status_code == 200


def test_each_text_has_its_language_and_direction(overlay: Overlay, editor: FlaskClient) -> None:
    page = editor.get("/admin/languages/ar?q=Main+menu").text
    assert '<div class="words words-source" lang="en" dir="ltr">' in page
    assert '<div class="words words-text" lang="ar" dir="rtl">' in page
    assert "verso/templates/base.html" in page
    assert re.search(r"verso/translations/ar/LC_MESSAGES/messages\.po:\d+", page)
    assert "instance/translations/ar/messages.po" in page


def test_the_source_language_is_complete_and_lists_its_overlay(
    overlay: Overlay, editor: FlaskClient
) -> None:
    overlay("en", {"Search": "Find"})
    live(lambda: "<p>Find</p>" in editor.get("/admin/languages/en?q=Find").text)
    page = editor.get("/admin/languages/en?q=Find").text
    total, done = re.findall(r"(\d+) of (\d+) translated", page)[0]
    assert total == done
    assert "instance/translations/en/messages.po" in page


def test_an_unknown_language_is_404_in_the_admins_form(editor: FlaskClient) -> None:
    for name in ("xx", "it", "pt_BR", "DE", "..", "de%00"):
        answer = editor.get(f"/admin/languages/{name}")
        assert answer.status_code in (400, 404) and 'data-section="admin"' in answer.text


@pytest.mark.parametrize("path", ["/admin/languages", "/admin/languages/de"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_they_are_for_reading_only(editor: FlaskClient, path: str, method: str) -> None:
    answer = editor.open(path, method=method)
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert 'data-section="admin"' in answer.text
