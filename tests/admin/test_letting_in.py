"""People: invited, given roles, closed; a forgotten password; mails in the language of who gets them."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.factories import PASSWORD, Factory
from tests.receivers import Letterbox, letterbox
from verso.db import Database
from verso.models import AuditEvent, Role, User

BASE = "https://verso.example"
NEW = "another good password"


@pytest.fixture
def mails() -> Iterator[Letterbox]:
    with letterbox() as box:
        yield box


@pytest.fixture
def mailing(make_app: MakeApp, mails: Letterbox) -> Flask:
    """An application that sends mail."""
    return make_app(
        TESTING=True, MAIL_URL=f"smtp://{mails.url}", ADMINS=["root@example.org"], BASE_URL=BASE
    )


@pytest.fixture
def office(mailing: Flask) -> Factory:
    return Factory(mailing.extensions["verso.db"], ("en", "de", "fr", "ar"))


def link_in(mails: Letterbox, app: Flask) -> str:
    """The path of the one link that was mailed."""
    assert app.extensions["verso.post"].worker.flush(30)
    [message] = mails.messages
    text: str = message.get_content()
    [link] = re.findall(r"https://\S+", text)
    assert link.startswith(BASE)
    return str(link).removeprefix(BASE)


def test_an_invitation_goes_by_mail_in_the_language_of_the_house_and_works_once(
    mailing: Flask, office: Factory, mails: Letterbox
) -> None:
    admin = office.sign_in(mailing, office.user(role=Role.ADMIN, locale="de"))
    form = {
        "email": "Zoë@example.org",
        "name": "Zoë",
        "role": "translator",
        "locales[]": ["de", "xx"],
    }
    page = admin.post("/admin/people", data=form)
    assert page.status_code == 200 and "/admin/invitation/" not in page.text
    link = link_in(mails, mailing)
    assert mails.messages[0].get_content_charset() == "utf-8"
    guest = mailing.test_client()
    assert "zoë@example.org" in guest.get(link).text
    weak = guest.post(link, data={"password": "short"})
    assert weak.status_code == 422 and guest.get(link).status_code == 200
    assert guest.post(link, data={"password": PASSWORD, "name": "Zoë"}).status_code == 303
    assert "Zoë" in guest.get("/admin/account").text
    for answer in (mailing.test_client().get(link), guest.post(link, data={"password": NEW})):
        assert answer.status_code == 410
    with office.database.reader() as session:
        zoe = session.query(User).filter_by(email="zoë@example.org").one()
        assert (zoe.role, zoe.locales) == (Role.TRANSLATOR, ["de"])


def test_without_mail_the_link_is_shown_once(editor: FlaskClient, app: Flask) -> None:
    page = editor.post("/admin/people", data={"email": "a@example.org", "role": "author"}).text
    [link] = re.findall(r'value="http://localhost(/admin/invitation/[^"]+)"', page)
    assert link not in editor.get("/admin/people").text
    guest = app.test_client()
    assert guest.post(link, data={"password": PASSWORD}).status_code == 303
    assert guest.get("/admin/documents").status_code == 200


def test_a_link_that_an_administrator_sends_says_who_sent_it(
    mailing: Flask, mails: Letterbox, office: Factory
) -> None:
    admin = office.sign_in(mailing, office.user("grace@example.org", role=Role.ADMIN))
    user = office.user("ada@example.org")
    admin.post(f"/admin/people/{user.id}/link")
    link = link_in(mails, mailing)
    mail = mails.messages[0].get_content()
    assert "grace sends you a link" in mail and "hopefully" not in mail
    assert mailing.test_client().get(link).status_code == 200


def test_who_is_invited_cannot_sign_in_yet(editor: FlaskClient, app: Flask) -> None:
    editor.post("/admin/people", data={"email": "a@example.org", "role": "author"})
    for password in ("", "nobody has this password"):
        form = {"email": "a@example.org", "password": password}
        assert app.test_client().post("/admin/sign-in", data=form).status_code == 422


def test_a_new_invitation_voids_the_one_before(
    editor: FlaskClient, app: Flask, database: Database
) -> None:
    first = editor.post("/admin/people", data={"email": "a@example.org", "role": "author"}).text
    with database.reader() as session:
        number = session.query(User).filter_by(email="a@example.org").one().id
    second = editor.post(f"/admin/people/{number}/link").text
    links = [re.findall(r"/admin/invitation/[\w-]+", page)[0] for page in (first, second)]
    assert [app.test_client().get(link).status_code for link in links] == [410, 200]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "nobody", "role": "author"}, "email"),
        ({"email": "taken@example.org", "role": "author"}, "email"),
        ({"email": "a@example.org", "role": "owner"}, "role"),
        ({"email": "a@example.org", "role": "translator"}, "locales"),
        ({"email": "a@example.org", "role": "translator", "locales[]": "tlh"}, "locales"),
    ],
)
def test_a_bad_invitation_comes_back_with_the_reason(
    editor: FlaskClient, factory: Factory, form: dict[str, str], field: str
) -> None:
    factory.user("taken@example.org")
    page = editor.post("/admin/people", data={**form, "name": "Typed"})
    assert page.status_code == 422 and f'id="{field}-error"' in page.text and "Typed" in page.text


def test_who_becomes_a_translator_is_given_a_language(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    user = factory.user(role=Role.AUTHOR)
    page = editor.post(f"/admin/people/{user.id}", data={"role": "translator", "name": "Typed"})
    assert page.status_code == 422 and "Choose at least one language." in page.text
    assert 'value="Typed"' in page.text and '"translator" selected' in page.text
    with database.reader() as session:
        assert session.get_one(User, user.id).role == Role.AUTHOR


def test_no_name_turns_its_neighbours_around(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    user = factory.user(role=Role.AUTHOR)
    for typed, kept in (
        ("A\u202eda\u2066 \u200fLove\ufefflace\xad", "Ada Lovelace"),
        ("علی\u200cرضا", "علی\u200cرضا"),
    ):
        editor.post(f"/admin/people/{user.id}", data={"role": "author", "name": typed})
        with database.reader() as session:
            assert session.get_one(User, user.id).name == kept


def test_who_is_deactivated_is_out_at_once_and_may_come_back(
    editor: FlaskClient, app: Flask, factory: Factory
) -> None:
    user = factory.user(role=Role.AUTHOR)
    there, form = factory.sign_in(app, user), {"email": user.email, "password": PASSWORD}
    assert editor.post(f"/admin/people/{user.id}/deactivate").status_code == 303
    assert there.get("/admin/documents").status_code == 303
    assert app.test_client().post("/admin/sign-in", data=form).status_code == 422
    editor.post(f"/admin/people/{user.id}/reactivate")
    assert there.get("/admin/documents").status_code == 303
    assert app.test_client().post("/admin/sign-in", data=form).status_code == 303


def test_the_last_administrator_stays_one(app: Flask, factory: Factory) -> None:
    admin = factory.user(role=Role.ADMIN)
    browser, path = factory.sign_in(app, admin), f"/admin/people/{admin.id}"
    for answer in (
        browser.post(f"{path}/deactivate"),
        browser.post(path, data={"role": "editor", "name": "x"}),
    ):
        assert answer.status_code == 422 and "another administrator" in answer.text
    factory.user(role=Role.ADMIN)
    assert browser.post(path, data={"role": "editor"}).status_code == 303
    assert browser.get("/admin/people").status_code == 403


def test_a_new_role_counts_at_once(editor: FlaskClient, app: Flask, factory: Factory) -> None:
    user = factory.user(role=Role.ADMIN)
    there = factory.sign_in(app, user)
    form = {"role": "translator", "locales[]": ["fr"], "name": "New name"}
    assert editor.post(f"/admin/people/{user.id}", data=form).status_code == 303
    assert there.get("/admin/people").status_code == 403
    page = editor.get(f"/admin/people/{user.id}").text
    assert "New name" in page and 'value="fr" checked' in page


def test_a_forgotten_password_is_set_anew_by_mail(
    mailing: Flask, office: Factory, mails: Letterbox
) -> None:
    user = office.user(locale="de")
    elsewhere, guest = office.sign_in(mailing, user), mailing.test_client()
    assert guest.post("/admin/reset", data={"email": user.email.upper()}).status_code == 303
    link = link_in(mails, mailing)
    assert str(mails.messages[0]["To"]) == user.email
    assert guest.get(link).status_code == 200
    assert guest.post(link, data={"password": "short"}).status_code == 422
    answer = guest.post(link, data={"password": NEW})
    assert answer.headers["Location"] == "/admin/sign-in?done=reset"
    assert elsewhere.get("/admin/documents").status_code == 303
    assert guest.get("/admin/documents").status_code == 303
    for password, status in ((PASSWORD, 422), (NEW, 303)):
        form = {"email": user.email, "password": password}
        assert guest.post("/admin/sign-in", data=form).status_code == status


def test_a_reset_link_works_once_and_voids_the_one_before(
    mailing: Flask, office: Factory, mails: Letterbox
) -> None:
    user, guest = office.user(), mailing.test_client()
    links = []
    for _ in range(2):
        guest.post("/admin/reset", data={"email": user.email})
        links.append(link_in(mails, mailing))
        mails.messages.clear()
    assert [guest.get(link).status_code for link in links] == [410, 200]
    assert guest.post(links[1], data={"password": NEW}).status_code == 303
    assert guest.post(links[1], data={"password": "yet another one"}).status_code == 410


def test_no_mail_goes_to_strangers_closed_accounts_or_the_invited(
    mailing: Flask, office: Factory, mails: Letterbox
) -> None:
    admin, closed = office.sign_in(mailing, office.user(role=Role.ADMIN)), office.user()
    admin.post(f"/admin/people/{closed.id}/deactivate")
    for email in ("nobody@example.org", closed.email):
        mailing.test_client().post("/admin/reset", data={"email": email})
    assert mailing.extensions["verso.post"].worker.flush(30)
    assert mails.messages == []


def test_what_an_administrator_does_to_people_stands_in_the_audit_log(
    app: Flask, factory: Factory, database: Database
) -> None:
    admin, user = factory.user(role=Role.ADMIN), factory.user()
    browser = factory.sign_in(app, admin)
    browser.post(f"/admin/people/{user.id}", data={"role": "author"})
    browser.post(f"/admin/people/{user.id}/deactivate")
    with database.reader() as session:
        events = session.query(AuditEvent).order_by(AuditEvent.id).all()
    assert [event.action for event in events] == [
        "signed-in",
        "person-changed",
        "person-deactivated",
    ]
    assert {event.who for event in events} == {admin.email}
    assert events[1].detail == {"before": "editor", "after": "author"}
