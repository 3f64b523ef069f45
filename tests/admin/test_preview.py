"""The preview: the page as it will be published, from what is typed; nothing of it is saved."""

import re

import pytest
from flask.testing import FlaskClient

from tests.admin.test_editor import act, id_of, save, text_version, write
from tests.factories import Factory
from verso.db import Database
from verso.models import Document, DocumentText, Tag

BODY = "# Big\n\nSome *words*.[^1]\n\n| a | b |\n| - | - |\n| c | d |\n\n```python\nx = 1\n```\n\n[^1]: Note."


def preview(browser: FlaskClient, kind: str, number: int = 0, **fields: str) -> str:
    form = {"document": str(number), "locale": "en", "title": "Hours", **fields}
    answer = browser.post(f"/admin/preview/{kind}", data=form)
    assert answer.status_code == 200, answer.text
    return answer.text


def main_of(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r' data-line="\d+"', "", main)


@pytest.mark.parametrize("kind", ["page", "post"])
def test_the_preview_is_what_visitors_see_once_it_is_published(
    editor: FlaskClient, client: FlaskClient, database: Database, kind: str
) -> None:
    number = id_of(write(editor, kind, then="publish", tags="Red, Blue", authors="Ada"))
    fields = {
        "title": "Opening hours",
        "slug": "opening-hours",
        "summary": "When.",
        "body": BODY,
        "tags": "Blue, Green",
        "authors": "Bob",
    }
    before = preview(editor, kind, number, **fields)
    save(
        editor,
        number,
        **fields,
        tags_before="Red, Blue",
        authors_before="Ada",
        version=text_version(database, number),
    )
    blog = "blog/" if kind == "post" else ""
    assert main_of(before) == main_of(client.get(f"/en/{blog}opening-hours").text)


@pytest.mark.parametrize("kind", ["page", "post"])
def test_a_new_document_and_a_new_translation_have_a_preview_and_leave_nothing(
    editor: FlaskClient, factory: Factory, database: Database, kind: str
) -> None:
    made = factory.page("About") if kind == "page" else factory.post("About")
    with database.reader() as session:
        known = [session.query(one).count() for one in (Document, DocumentText, Tag)]
    assert "<em>words</em>" in preview(editor, kind, body=BODY, tags="Unheard of")
    french = preview(editor, kind, made.id, locale="fr", title="À propos", body="*Ici*")
    assert '<html lang="fr"' in french and "À propos" in french
    with database.reader() as session:
        assert [session.query(one).count() for one in (Document, DocumentText, Tag)] == known
        assert session.get_one(Document, made.id).source.title == "About"


def test_the_preview_of_the_home_page_is_the_home_page(
    editor: FlaskClient, client: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("Welcome", body="Come in.")
    act(editor, database, page.id, "place", parent="0", position="0", is_home="1")
    fields = {"title": "Welcome", "slug": "welcome", "body": "Come in."}
    shown = preview(editor, "page", page.id, **fields)
    public = client.get("/en/").text
    assert main_of(shown) == main_of(public) and "Come in." in public
    for part in ("<title>", 'property="og:title"', 'name="description"'):
        assert [line for line in shown.split("\n") if part in line] == [
            line for line in public.split("\n") if part in line
        ]


def test_the_preview_speaks_the_readers_language_and_not_the_editors(
    editor: FlaskClient,
) -> None:
    page = preview(editor, "post", locale="ar", title="مرحبا", body="نص")
    assert '<html lang="ar" dir="rtl"' in page


def test_a_script_gets_the_page_and_its_length_as_json(editor: FlaskClient) -> None:
    form = {"locale": "en", "title": "T", "body": "One two three."}
    headers = {"Accept": "application/json"}
    answer = editor.post("/admin/preview/post", data=form, headers=headers)
    assert answer.get_json()["length"] == "3 words · 1 minute of reading"
    assert 'data-line="0"' in answer.get_json()["html"]


def test_markup_and_bad_links_are_as_harmless_as_on_the_site(editor: FlaskClient) -> None:
    page = preview(editor, "post", body="<script>x</script> [a](javascript:x)", title="<b>")
    assert "<script>x" not in page and 'href="javascript:' not in page
    assert "<h1>&lt;b&gt;</h1>" in page


@pytest.mark.parametrize(
    ("form", "status"), [({"locale": "xx"}, 400), ({"locale": "en", "document": "999"}, 404)]
)
def test_what_is_not_there_has_no_preview(
    editor: FlaskClient, form: dict[str, str], status: int
) -> None:
    assert editor.post("/admin/preview/page", data=form).status_code == status
