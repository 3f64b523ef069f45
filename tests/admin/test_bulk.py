"""Many documents at once: what may be done is done, what not is named with the reason."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.admin.test_editor import get
from tests.browser.demo import locked
from tests.factories import Factory, words
from verso.content.desk import DESK_SIZE
from verso.db import Database
from verso.models import Document, Role, State


def item(document: Document) -> str:
    return f"{document.id}.{document.version}"


def change(browser: FlaskClient, deed: str, *documents: Document, **form: str) -> TestResponse:
    fields = {"then": deed, "item[]": [item(one) for one in documents], **form}
    return browser.post("/admin/documents/bulk?state=draft", data=fields)


def items_of(answer: TestResponse) -> list[str]:
    return re.findall(r'name="item\[\]" value="([0-9.]+)"', answer.text)


def test_what_is_ticked_in_the_list_is_published(
    editor: FlaskClient, client: FlaskClient, factory: Factory
) -> None:
    for title in ("One", "Two"):
        factory.page(title, live=False)
    ticked = items_of(editor.get("/admin/documents"))
    answer = editor.post("/admin/documents/bulk", data={"then": "publish", "item[]": ticked})
    assert "2 done" in answer.text and "refused" not in answer.text
    assert client.get("/en/one").status_code == client.get("/en/two").status_code == 200


def test_all_on_this_page_are_meant_without_ticking_each(
    editor: FlaskClient, factory: Factory
) -> None:
    for title in ("One", "Two"):
        factory.page(title, live=False)
    shown = re.findall(r'name="shown\[\]" value="([0-9.]+)"', editor.get("/admin/documents").text)
    form = {"then": "publish", "all": "1", "shown[]": shown, "item[]": shown[:1]}
    assert "2 done" in editor.post("/admin/documents/bulk", data=form).text


def test_each_document_is_asked_about_and_what_is_refused_is_named_with_the_reason(
    app: Flask, factory: Factory, database: Database
) -> None:
    user = factory.user(role=Role.AUTHOR)
    own, out = factory.page("Own", live=False, owner=user), factory.page("Out", owner=user)
    others, changed = (
        factory.page("Others", live=False),
        factory.page("Old", live=False, owner=user),
    )
    changed.version -= 1
    missing = Document(id=999, version=1)
    author = factory.sign_in(app, user)
    answer = change(author, "submit", own, out, others, changed, missing)
    assert "1 done" in answer.text and "4 refused" in answer.text
    refused = re.findall(r'<li class="refused">\s*(.*?)\s*</li>', answer.text, re.DOTALL)
    reasons = [" ".join(re.sub("<[^>]*>", " ", one).split()) for one in refused]
    assert reasons == [
        "Out You may not do this with it.",
        "Others You may not do this with it.",
        "Old Somebody saved this document in the meantime",
        "#999 It does not exist any more.",
    ]
    assert get(database, own.id).state == State.REVIEW
    assert get(database, others.id).state == State.DRAFT


def test_a_step_that_leads_nowhere_is_refused_for_that_document_alone(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    out, draft = factory.page("Out"), factory.page("Draft", live=False)
    answer = change(editor, "unpublish", out, draft)
    assert "1 done" in answer.text and "It is not published." in answer.text
    assert get(database, out.id).state == State.DRAFT


@pytest.mark.parametrize("deed", ["unpublish", "archive"])
def test_what_was_taken_off_the_site_is_put_back_with_one_button(
    editor: FlaskClient, client: FlaskClient, factory: Factory, database: Database, deed: str
) -> None:
    pages = [factory.page("One", days_ago=30), factory.page("Two", days_ago=3)]
    answer = change(editor, deed, *pages)
    assert client.get("/en/one").status_code == 410
    form = {"then": "undo", "item[]": items_of(answer)}
    assert "2 done" in editor.post("/admin/documents/bulk", data=form).text
    assert client.get("/en/one").status_code == 200
    for page in pages:
        assert get(database, page.id).listed_at == page.published_at
    assert "2 refused" in editor.post("/admin/documents/bulk", data=form).text


def test_deleting_is_asked_about_first_and_names_what_goes(
    editor: FlaskClient, client: FlaskClient, factory: Factory
) -> None:
    page = factory.page("One", translations={"de": words("Eins")})
    asked = change(editor, "delete", page)
    assert "One" in asked.text and "en de" in asked.text
    assert client.get("/en/one").status_code == 200
    done = editor.post(
        "/admin/documents/bulk", data={"then": "delete", "sure": "1", "item[]": items_of(asked)}
    )
    assert "1 done" in done.text and "One" in done.text
    assert client.get("/en/one").status_code == 410


def test_a_page_whose_child_cannot_move_up_stays_while_others_go(
    editor: FlaskClient, client: FlaskClient, factory: Factory
) -> None:
    factory.page("Same")
    house, other = factory.page("House"), factory.page("Other")
    factory.page("Same", parent=house)
    answer = change(editor, "delete", house, other, sure="1")
    assert "1 done" in answer.text and "A page below it cannot move up" in answer.text
    assert client.get("/en/house/same").status_code == 200
    assert client.get("/en/other").status_code == 410


def test_a_busy_database_is_asked_once_and_every_document_named(
    app: Flask, editor: FlaskClient, factory: Factory, database: Database
) -> None:
    pages = [factory.page("One"), factory.page("Two")]
    with locked(app):
        answer = change(editor, "archive", *pages)
    assert answer.status_code == 200 and "2 refused" in answer.text
    assert get(database, pages[0].id).state == State.PUBLISHED


def test_nothing_ticked_too_much_and_unknown_deeds_are_refused(editor: FlaskClient) -> None:
    assert change(editor, "publish").status_code == 422
    assert change(editor, "publish", **{"item[]": "nonsense"}).status_code == 422
    many = [f"{number}.1" for number in range(1, DESK_SIZE + 2)]
    form = {"then": "publish", "item[]": many}
    assert editor.post("/admin/documents/bulk", data=form).status_code == 422
    for deed in ("send-back", "vanish", ""):
        assert change(editor, deed, Document(id=1, version=1)).status_code == 422


def test_who_may_not_write_documents_of_their_own_ticks_nothing(
    app: Flask, factory: Factory
) -> None:
    factory.page("One")
    translator = factory.sign_in(app, factory.user(role=Role.TRANSLATOR))
    assert 'name="item[]"' not in translator.get("/admin/documents").text


def test_who_ticks_nothing_sees_the_list_again(editor: FlaskClient, factory: Factory) -> None:
    factory.page("Harbour", live=False)
    factory.page("Lighthouse")
    answer = change(editor, "publish")
    assert answer.status_code == 422 and "Tick what you want to change first." in answer.text
    assert "Harbour" in answer.text and "Lighthouse" not in answer.text
