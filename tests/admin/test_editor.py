"""Writing and publishing: what is typed is saved once, shown at once and never overwritten."""

import re
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import Factory, words
from verso.db import Database
from verso.models import AuditEvent, Document, Role


def write(browser: FlaskClient, kind: str = "page", **fields: str) -> TestResponse:
    form = {"title": "Opening hours", "body": "We are *open*.", "locale": "en", **fields}
    return browser.post(f"/admin/documents/new/{kind}", data=form)


def id_of(answer: TestResponse) -> int:
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].split("/")[3])


def save(browser: FlaskClient, document_id: int, locale: str = "en", **fields: str) -> TestResponse:
    return browser.post(f"/admin/documents/{document_id}/text/{locale}", data=fields)


def act(
    browser: FlaskClient, database: Database, document_id: int, what: str, **form: str
) -> TestResponse:
    version = str(get(database, document_id).version)
    return browser.post(f"/admin/documents/{document_id}/{what}", data={"version": version, **form})


def get(database: Database, document_id: int) -> Document:
    with database.reader() as session:
        return session.get_one(Document, document_id)


def text_version(database: Database, document_id: int, locale: str = "en") -> str:
    """What a form that is opened now would say."""
    with database.reader() as session:
        text = session.get_one(Document, document_id).text(locale)
        return str(text.version if text else 0)


def test_a_page_is_written_published_renamed_withdrawn_and_deleted(
    editor: FlaskClient, client: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor))
    assert client.get("/en/opening-hours").status_code == 404
    act(editor, database, number, "publish")
    assert "<em>open</em>" in client.get("/en/opening-hours").text

    version = text_version(database, number)
    save(editor, number, title="Opening hours", slug="hours", body="New.", version=version)
    moved = client.get("/en/opening-hours")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/en/hours")

    act(editor, database, number, "withdraw", to="draft")
    assert client.get("/en/hours").status_code == 410
    assert client.get("/en/opening-hours").status_code == 410
    act(editor, database, number, "publish")
    assert client.get("/en/hours").status_code == 200

    assert editor.get(f"/admin/documents/{number}/delete").status_code == 200
    assert act(editor, database, number, "delete").status_code == 303
    assert client.get("/en/hours").status_code == 410
    assert client.get("/en/opening-hours").status_code == 410


def test_a_translation_gets_its_own_address_and_the_old_one_redirects(
    editor: FlaskClient, client: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor))
    act(editor, database, number, "publish")
    fallback = client.get("/fr/opening-hours")
    assert fallback.status_code == 200
    assert 'lang="en"' in fallback.text and 'class="notice"' in fallback.text
    version = str(get(database, number).version)
    save(editor, number, "fr", title="Horaires", slug="horaires", body="Ouvert.", version=version)
    assert client.get("/fr/horaires").status_code == 200
    moved = client.get("/fr/opening-hours")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/fr/horaires")


def test_deleting_a_translation_leads_back_to_the_source(
    editor: FlaskClient, client: FlaskClient, database: Database, factory: Factory
) -> None:
    page = factory.page("About", translations={"fr": words("À propos", slug="a-propos")})
    assert client.get("/fr/a-propos").status_code == 200
    assert act(editor, database, page.id, "text/en/delete").status_code == 422
    assert act(editor, database, page.id, "text/fr/delete").status_code == 303
    moved = client.get("/fr/a-propos")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/fr/about")
    assert 'lang="en"' in client.get("/fr/about").text


def test_moving_a_page_redirects_everything_below_it(
    editor: FlaskClient, client: FlaskClient, database: Database, factory: Factory
) -> None:
    about = factory.page("About")
    team = factory.page("Team", parent=about)
    factory.page("Cat", parent=team)
    house = factory.page("House")
    answer = act(
        editor, database, about.id, "place", parent=str(house.id), position="3", in_menu="1"
    )
    assert answer.status_code == 303
    for old, new in (
        ("/en/about", "/en/house/about"),
        ("/en/about/team/cat", "/en/house/about/team/cat"),
    ):
        moved = client.get(old)
        assert (moved.status_code, moved.headers["Location"]) == (301, new)
        assert client.get(new).status_code == 200
    below_itself = act(editor, database, about.id, "place", parent=str(team.id))
    assert below_itself.status_code == 422


def test_a_page_is_made_the_home_page_and_deleting_it_leaves_none(
    editor: FlaskClient, client: FlaskClient, database: Database, factory: Factory
) -> None:
    page = factory.page("Welcome", body="Come in.")
    act(editor, database, page.id, "place", parent="0", position="0", is_home="1")
    assert "Come in." in client.get("/en/").text
    act(editor, database, page.id, "delete")
    assert client.get("/en/").status_code == 200 and "Come in." not in client.get("/en/").text


def test_withdrawing_the_home_page_says_what_stands_there_now(
    editor: FlaskClient, client: FlaskClient, database: Database, factory: Factory
) -> None:
    page = factory.page("Welcome", body="Come in.")
    factory.home(page)
    for to in ("draft", "archived"):
        answer = act(editor, database, page.id, "withdraw", to=to)
        told = editor.get(answer.headers["Location"], follow_redirects=True).text
        assert "newest posts" in told and "say that it was withdrawn" not in told
        home = client.get("/en/")
        assert home.status_code == 200 and "Come in." not in home.text
        act(editor, database, page.id, "publish")


def test_a_date_to_come_for_what_is_published_says_that_it_is_off_the_site(
    editor: FlaskClient, client: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("Opening hours")
    answer = act(editor, database, page.id, "publish", at="2099-01-01T10:00")
    where = answer.headers["Location"]
    assert "off the site until" in editor.get(where, follow_redirects=True).text
    assert client.get("/en/opening-hours").status_code == 404
    answer = act(editor, database, page.id, "publish", at="2098-01-01T10:00")
    where = answer.headers["Location"]
    assert "off the site until" not in editor.get(where, follow_redirects=True).text
    act(editor, database, page.id, "publish")
    assert client.get("/en/opening-hours").status_code == 200


def test_the_date_that_was_postponed_stands_in_the_audit_log(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("Opening hours", days_ago=400)
    first = get(database, page.id).published_at
    act(editor, database, page.id, "publish", at="2099-01-01T10:00")
    with database.reader() as session:
        deed = session.query(AuditEvent).filter_by(action="document-scheduled").one()
    assert deed.detail["before"] == str(first)


def test_a_page_goes_where_its_form_did_not_offer_to_put_it(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    door = factory.page("Door")
    post, house = factory.post("No page"), factory.page("House")
    assert act(editor, database, door.id, "place", parent=str(post.id)).status_code == 422
    assert act(editor, database, door.id, "place", parent="9999").status_code == 422
    assert act(editor, database, door.id, "place", parent=str(house.id)).status_code == 303
    assert get(database, door.id).parent_id == house.id


def test_a_scheduled_post_waits_for_its_time(
    editor: FlaskClient, client: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor, "post", tags="News, Old", authors="Ada"))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    act(editor, database, number, "publish", at=tomorrow)
    assert client.get("/en/blog/opening-hours").status_code == 404
    assert "Opening hours" in editor.get("/admin/documents?state=scheduled").text
    act(editor, database, number, "publish", at="2020-01-02T03:04")
    page = client.get("/en/blog/opening-hours").text
    assert "2020-01-02T03:04:00+00:00" in page and "Ada" in page and "News" in page
    assert client.get("/en/blog/tags/news").text.count("Opening hours") >= 1


def test_a_stale_form_is_refused_and_keeps_the_typed_text(
    app: Flask, editor: FlaskClient, factory: Factory, database: Database
) -> None:
    other = factory.sign_in(app, factory.user(role=Role.EDITOR))
    number = id_of(write(editor))
    version = text_version(database, number)
    fields = {"title": "Opening hours", "slug": "opening-hours", "version": version}
    assert save(editor, number, body="Mine.", **fields).status_code == 303
    refused = save(other, number, body="Theirs, typed for an hour.", **fields)
    assert refused.status_code == 409
    assert "Theirs, typed for an hour." in refused.text and "Mine." in refused.text
    with database.reader() as session:
        assert session.get_one(Document, number).source.body == "Mine."
    fields["version"] = text_version(database, number)
    assert save(other, number, body="Both.", **fields).status_code == 303


@pytest.mark.usefixtures("patient")
def test_six_people_saving_at_once_leave_one_winner(
    app: Flask, factory: Factory, database: Database
) -> None:
    document = factory.page("About")
    browsers = [factory.sign_in(app, factory.user()) for _ in range(6)]
    fields = {"title": "About", "slug": "about", "version": text_version(database, document.id)}
    statuses = _at_once(
        [
            partial(save, one, document.id, body=f"Text {number}.", **fields)
            for number, one in enumerate(browsers)
        ]
    )
    assert sorted(statuses) == [303, 409, 409, 409, 409, 409]


@pytest.mark.usefixtures("patient")
def test_a_slug_taken_in_a_race_is_a_form_error(
    app: Flask, factory: Factory, client: FlaskClient
) -> None:
    browsers = [factory.sign_in(app, factory.user()) for _ in range(6)]
    statuses = _at_once([partial(write, one, slug="same", title="Same title") for one in browsers])
    assert sorted(statuses) == [303, 422, 422, 422, 422, 422]


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("blog", "needed by the site itself"),
        ("FR", "needed by the site itself"),
        ("a/b", "Use letters"),
        ("a b", "Use letters"),
        ("x" * 201, "At most 200"),
        ("..", "Use letters"),
    ],
)
def test_a_slug_that_cannot_be_used_says_why(editor: FlaskClient, slug: str, words: str) -> None:
    answer = write(editor, slug=slug)
    assert answer.status_code == 422
    assert words in answer.text and "We are *open*." in answer.text


@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"title": "x" * 301}, {"title": "!!!", "slug": "!!!"}],
)
def test_bad_input_comes_back_with_the_form(editor: FlaskClient, fields: dict[str, str]) -> None:
    answer = write(editor, **fields)
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text


def test_what_a_word_processor_pastes_is_saved_without_what_nobody_sees(
    editor: FlaskClient, database: Database
) -> None:
    number = id_of(
        write(
            editor,
            "post",
            title="Opening\x0bhours\x07",
            slug="hours\x00",
            summary="Daily\u2028but Sunday\x7f",
            body="One\x0btwo\x0cthree\x85four\u2028five\u2029six\r\n\tseven\x00\x1f\x7f",
            search_title="\x02Hours",
            tags="New\x03s",
            authors="A\x04da",
        )
    )
    with database.reader() as session:
        source = session.get_one(Document, number).source
    assert (source.title, source.slug, source.summary) == (
        "Opening hours",
        "hours",
        "Daily\nbut Sunday",
    )
    assert source.body == "One\ntwo\nthree\nfour\nfive\nsix\n\tseven"
    form = editor.get(f"/admin/documents/{number}/text/en").text
    for value in ("Hours", "News", "Ada"):
        assert f'value="{value}"' in form


def test_a_refused_save_says_at_the_top_what_is_wrong_and_leads_there(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    factory.post("Hello")
    answer = write(editor, "post", slug="hello", summary="x" * 1001, then="publish", at="soon")
    assert answer.status_code == 422
    notice = re.findall(
        r'<section class="notice conflict" role="alert">.*?</section>', answer.text, re.S
    )
    assert len(notice) == 1 and 'id="title"' not in answer.text.partition(notice[0])[0]
    assert re.search(r'<a href="#summary">Summary</a>: At most 1,?000', notice[0])
    assert re.search(r'<a href="#at">Publish at .*</a>: The time to publish at', notice[0])
    taken = write(editor, "post", slug="hello").text
    assert re.search(r'<a href="#slug">Address .*</a>: Another document has', taken)
    for place in ("slug", "at", "summary"):
        assert f'id="{place}"' in taken
    assert 'class="notice conflict"' not in write(editor).text


@pytest.mark.parametrize(
    ("kind", "title", "slugs"),
    [
        ("page", "Hello there", ["hello-there", "hello-there-2", "hello-there-3"]),
        ("post", "Archive", ["archive-2", "archive-3"]),
        ("page", "Blog", ["blog-2", "blog-3"]),
        ("post", "🎉", ["post", "post-2"]),
        ("page", "🎉", ["page", "page-2"]),
        ("post", "x" * 250, ["x" * 200, "x" * 192 + "-2"]),
    ],
)
def test_a_new_document_without_an_address_gets_a_free_one(
    editor: FlaskClient, database: Database, kind: str, title: str, slugs: list[str]
) -> None:
    numbers = [id_of(write(editor, kind, title=title)) for _ in slugs]
    with database.reader() as session:
        assert [session.get_one(Document, number).source.slug for number in numbers] == slugs


def test_a_new_translation_without_an_address_gets_a_free_one(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    house = factory.page("House", translations={"de": words("Haus")})
    factory.page("Door", parent=house, translations={"de": words("Tür", slug="tür")})
    factory.page("Tür", locale="de")
    gate = factory.page("Gate", parent=house)
    assert save(editor, gate.id, "de", title="Tür", body="Zu.").status_code == 303
    with database.reader() as session:
        text = session.get_one(Document, gate.id).text("de")
        assert text is not None and text.path == "haus/tür-2"


def test_a_name_that_is_too_long_is_not_cut_but_refused_with_the_limit(editor: FlaskClient) -> None:
    for field in ("tags", "authors"):
        answer = write(editor, "post", **{field: f"News, {'x' * 201}"})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text and "at most 200 characters" in answer.text
    id_of(write(editor, "post", tags=f"News, {'x' * 200}"))


def test_the_list_is_filtered_by_kind_state_language_and_words(
    editor: FlaskClient, factory: Factory
) -> None:
    factory.page("Harbour")
    factory.post("Lighthouse", live=False)
    everything = editor.get("/admin/documents").text
    assert "Harbour" in everything and "Lighthouse" in everything
    for query, shown, hidden in (
        ("kind=page", "Harbour", "Lighthouse"),
        ("state=draft", "Lighthouse", "Harbour"),
        ("q=lightho", "Lighthouse", "Harbour"),
    ):
        text = editor.get(f"/admin/documents?{query}").text
        assert shown in text and hidden not in text
    assert "Harbour" not in editor.get("/admin/documents?locale=fr").text
    assert editor.get("/admin/documents?kind=zz&state=zz&locale=zz").status_code == 200
    assert editor.get("/admin/documents?before=zz").status_code == 400


def test_an_unknown_document_is_an_admin_404(editor: FlaskClient) -> None:
    for path in (
        "/admin/documents/999",
        "/admin/documents/999/text/en",
        "/admin/documents/999/delete",
    ):
        answer = editor.get(path)
        assert answer.status_code == 404 and '<body class="admin' in answer.text
    assert editor.post("/admin/documents/999/publish", data={"version": "1"}).status_code == 404


def test_publishing_an_older_version_is_refused(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    document = factory.page("About", live=False)
    stale = {"version": str(document.version - 1)}
    assert editor.post(f"/admin/documents/{document.id}/publish", data=stale).status_code == 409
    assert get(database, document.id).published_at is None


def _at_once(calls: Sequence[Callable[[], TestResponse]]) -> list[int]:
    statuses: list[int] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], TestResponse]) -> None:
        barrier.wait()
        statuses.append(call().status_code)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses
