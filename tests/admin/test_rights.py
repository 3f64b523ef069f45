"""Who may do what to whose: every route of the admin and the API by role and object, from the route map."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import Factory, words
from verso.admin.gate import LINKS, LOGIN_COOKIE, WAYS_IN
from verso.content.revisions import list_revisions
from verso.models import Document, Role, User
from verso.people import logins
from verso.people.throttle import Throttle

ADMIN, EDITOR, AUTHOR, TRANSLATOR = Role.ADMIN, Role.EDITOR, Role.AUTHOR, Role.TRANSLATOR
# What Flask answers by itself, by the methods of the route.
AUTOMATIC = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Thing:
    """A document that somebody asks about: whose it is, whether it is out, and in which language."""

    name: str
    is_own: bool = False
    is_out: bool = False
    locale: str = "en"


# The source is English, and the translator may write German.
THINGS = (
    Thing("own draft", is_own=True),
    Thing("own draft in German", is_own=True, locale="de"),
    Thing("own published", is_own=True, is_out=True),
    Thing("own published in German", is_own=True, is_out=True, locale="de"),
    Thing("another's draft"),
    Thing("another's draft in German", locale="de"),
    Thing("another's draft in French", locale="fr"),
    Thing("another's published", is_out=True),
    Thing("another's published in German", is_out=True, locale="de"),
)
PICTURES = (Thing("own picture", is_own=True), Thing("another's picture"))
NOTHING = (Thing("nothing"),)
Rule = Callable[[Role, Thing], bool]


def only(*roles: Role) -> Rule:
    return lambda role, thing: role in roles


def writes_text(role: Role, thing: Thing) -> bool:
    if role == AUTHOR:
        return thing.is_own and not thing.is_out
    return role in (ADMIN, EDITOR) or (role == TRANSLATOR and thing.locale == "de")


def places(role: Role, thing: Thing) -> bool:
    own_draft = thing.is_own and not thing.is_out
    return role in (ADMIN, EDITOR) or (role == AUTHOR and own_draft)


def changes_picture(role: Role, thing: Thing) -> bool:
    return role in (ADMIN, EDITOR) or (role == AUTHOR and thing.is_own)


def describes(role: Role, thing: Thing) -> bool:
    return role == TRANSLATOR or changes_picture(role, thing)


@dataclass(frozen=True)
class Row:
    """Who may ask for a route, with what in the form, and what kind of thing it is about."""

    may: Rule
    form: Mapping[str, str] = field(default_factory=dict)
    things: tuple[Thing, ...] = NOTHING
    path: Mapping[str, object] = field(default_factory=dict)


everybody = only(*Role)
editors, admins, writers = only(ADMIN, EDITOR), only(ADMIN), only(ADMIN, EDITOR, AUTHOR)


def document(may: Rule, **form: str) -> Row:
    return Row(may, form, THINGS)


def picture(may: Rule, **form: str) -> Row:
    return Row(may, form, PICTURES)


def deed(name: str) -> Mapping[str, object]:
    return {"deed": name}


LANE = "a" * 32
# "METHOD endpoint": a route that several rows are about is named once, with a row for each.
TABLE: dict[str, tuple[Row, ...]] = {
    "GET admin.show_dashboard": (Row(everybody),),
    "GET admin.listing": (Row(everybody),),
    # Each document that is ticked is asked about again.
    "POST admin.change_many": (
        *(Row(editors, {"then": deed}) for deed in ("publish", "unpublish", "archive", "undo")),
        Row(editors, {"then": "delete"}),
        Row(everybody, {"then": "submit"}),
    ),
    "GET admin.show_tree": (Row(everybody),),
    "POST admin.move": (document(places, to="up"),),
    "GET admin.new": (Row(writers, path={"kind": "page"}), Row(writers, path={"kind": "post"})),
    "POST admin.create": (Row(writers, {"title": "New"}, path={"kind": "post"}),),
    "GET admin.source": (document(everybody),),
    "GET admin.edit": (document(everybody),),
    "POST admin.save": (document(writes_text, title="New", slug="new"),),
    "POST admin.keep": (document(writes_text, lane=LANE, title="New"),),
    "POST admin.keep_new": (Row(writers, {"lane": LANE, "title": "New"}, path={"kind": "post"}),),
    # A draft is found among one's own only.
    "POST admin.discard": (Row(everybody, {"lane": LANE}),),
    "GET admin.show_history": (document(everybody),),
    "GET admin.show_revision": (document(everybody),),
    "POST admin.restore": (document(writes_text),),
    "POST admin.preview": (
        Row(everybody, {"title": "New", "locale": "en"}, path={"kind": "post"}),
    ),
    "GET admin.find_links": (Row(everybody),),
    "GET admin.show_media": (Row(everybody),),
    "POST admin.upload": (Row(writers),),
    "GET admin.show_picker": (Row(writers),),
    "GET admin.show_medium": (picture(everybody),),
    "POST admin.save_medium": (
        picture(describes, **{"alt-de": "Papier"}),
        picture(changes_picture, **{"alt-fr": "Papier"}),
        picture(changes_picture, focus_x="20"),
    ),
    "POST admin.replace_medium": (picture(changes_picture),),
    "POST admin.delete_medium": (picture(changes_picture),),
    "POST admin.delete_text": (document(editors),),
    "POST admin.publish": (document(editors),),
    "POST admin.withdraw": (document(editors, to="draft"),),
    "POST admin.copy": (document(writers),),
    "POST admin.undo": (document(editors),),
    "POST admin.send_back": (document(places),),
    "GET admin.show_timeline": (document(everybody),),
    "POST admin.say": (document(everybody, words="A word."),),
    "POST admin.place": (document(places, parent="0", position="0"),),
    "GET admin.confirm_delete": (document(editors),),
    "POST admin.delete": (document(editors),),
    "GET admin.show_inbox": (Row(admins),),
    "GET admin.show_group": (Row(admins),),
    "GET admin.show_event": (Row(admins),),
    "POST admin.change_group": tuple(
        Row(admins, path=deed(name))
        for name in ("resolve", "reopen", "mute", "delete", "merge", "split")
    ),
    "GET admin.show_missing": (Row(editors),),
    "POST admin.ignore_missing": (Row(editors, {"source": "/en/x", "ignored": "1"}),),
    "GET admin.show_redirects": (Row(editors),),
    "POST admin.make_redirect": (Row(editors, {"source": "/a", "target": "/en/", "code": "301"}),),
    "POST admin.drop_redirect": (Row(editors, {"source": "/a"}),),
    "POST admin.import_csv": (Row(editors),),
    "GET admin.export_csv": (Row(editors),),
    "GET admin.show_languages": (Row(everybody),),
    "GET admin.show_language": (Row(everybody, path={"text_locale": "de"}),),
    "GET admin.show_account": (Row(everybody),),
    "POST admin.set_password": (Row(everybody),),
    "POST admin.set_language": (Row(everybody),),
    "POST admin.end_session": (Row(everybody, {"name": "nobody's"}),),
    "GET admin.show_second_factor": (Row(everybody),),
    "POST admin.begin": (Row(everybody),),
    "POST admin.enable": (Row(everybody),),
    "POST admin.disable": (Row(everybody),),
    "POST admin.renew_codes": (Row(everybody),),
    "POST admin.ask_registration": (Row(everybody),),
    "POST admin.register": (Row(everybody),),
    "POST admin.remove": (Row(everybody),),
    "GET admin.show_people": (Row(admins),),
    "POST admin.invite": (Row(admins, {"email": "new@example.org", "role": "author"}),),
    "GET admin.show_person": (Row(admins),),
    "POST admin.change_person": (Row(admins, {"role": "admin"}),),
    "POST admin.change_state": tuple(
        Row(admins, path=deed(name)) for name in ("deactivate", "reactivate", "forget-factor")
    ),
    "POST admin.send_link": (Row(admins),),
    "GET admin.show_audit": (Row(admins),),
    "GET admin.export_audit": (Row(admins),),
    **{
        f"{method} admin.{deed}_{page}": (Row(admins),)
        for page in ("site", "look", "menu", "offered", "maintenance")
        for method, deed in (("GET", "show"), ("POST", "save"))
    },
    "GET admin.show_changes": (Row(admins),),
    "POST admin.restore_change": (Row(admins),),
    "POST admin.sign_out": (Row(everybody),),
    # The ways in: whoever is signed in may look at them as strangers do.
    "GET admin.show_sign_in": (Row(everybody),),
    "POST admin.sign_in": (Row(everybody),),
    "GET admin.show_code": (Row(everybody),),
    "POST admin.check_code": (Row(everybody),),
    "POST admin.ask_sign_in": (Row(everybody),),
    "POST admin.check_sign_in": (Row(everybody),),
    "GET admin.show_reset": (Row(everybody),),
    "POST admin.ask_reset": (Row(everybody),),
    "GET admin.show_setup": (Row(everybody),),
    "POST admin.set_up": (Row(everybody),),
    "GET admin.show_invitation": (Row(everybody),),
    "POST admin.accept": (Row(everybody),),
    "GET admin.show_new_password": (Row(everybody),),
    "POST admin.set_new_password": (Row(everybody),),
}
# The API shows what is published, to everybody alike.
# What an answer has of its own moment.
VARYING = r"error:[A-Z0-9]{12}|\"events_after\": \"[^\"]+\""
PUBLIC = {
    "GET api.index": "",
    "GET api.posts": "",
    "GET api.post": "",
    "GET api.pages": "",
    "GET api.page": "",
    "GET api.tags": "",
    "GET api.search": "?q=hidden",
    "GET api.export": "",
    # A cursor keeps the answer from being a stream that does not end.
    "GET api.events": "?after=0",
}
PLACES: dict[str, object] = {
    "text_locale": "de",
    "group_id": 1,
    "event_id": 1,
    "user_id": 1,
    "passkey_id": 1,
    "token": "made-up",
    "kind": "post",
    "deed": "resolve",
    "revision_id": 1,
    "media_id": 1,
    "change_id": 1,
}


def routes(app: Flask, section: str) -> Iterator[tuple[str, str]]:
    """Method and endpoint of every route of a section."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(section + "."):
            for method in sorted((rule.methods or set()) - AUTOMATIC):
                yield method, rule.endpoint


def test_every_route_of_the_admin_has_a_row_and_every_row_a_route(app: Flask) -> None:
    known = {f"{method} {endpoint}" for method, endpoint in routes(app, "admin")}
    assert known == set(TABLE)


@pytest.mark.parametrize("route", TABLE)
def test_everybody_may_do_what_the_table_says_and_nothing_else(
    route: str, app: Flask, factory: Factory
) -> None:
    factory.user(role=ADMIN)
    people = {
        role: factory.user(role=role, locales=("de",) if role == TRANSLATOR else ())
        for role in Role
    }
    other = factory.user(role=ADMIN)
    wrong = []
    for row in TABLE[route]:
        for role, user in people.items():
            for thing in row.things:
                answer = ask(app, factory, route, row, user, other, thing)
                app.extensions["verso.throttle"] = Throttle()
                expected = row.may(role, thing)
                if is_let(answer) != expected:
                    wrong.append((role.value, thing.name, answer.status_code, expected))
    assert not wrong, (route, wrong)


def ask(
    app: Flask, factory: Factory, route: str, row: Row, user: User, other: User, thing: Thing
) -> TestResponse:
    """Let somebody who is signed in ask for a route, about a document made for it."""
    form, places = dict(row.form), {**PLACES, **row.path}
    if row.things is THINGS:
        made = make(factory, user if thing.is_own else other, thing)
        form["version"] = str(made.version)
        places |= {"document_id": made.id, "text_locale": thing.locale}
        places["revision_id"] = revision_of(factory, made, thing.locale)
    elif row.things is PICTURES:
        places["media_id"] = factory.medium(owner=user if thing.is_own else other).id
    method, endpoint = route.split()
    return signed_in(app, factory, user).open(url(app, endpoint, places), method=method, data=form)


def url(app: Flask, endpoint: str, places: Mapping[str, object]) -> str:
    """The path of an endpoint, with what its route has gaps for."""
    [rule, *_] = app.url_map.iter_rules(endpoint)
    values = {name: places[name] for name in rule.arguments}
    return app.url_map.bind("localhost").build(endpoint, values)


def make(factory: Factory, owner: User, thing: Thing) -> Document:
    title = f"Letter {factory.database.generation}"
    translations = {"de": words(f"{title} de"), "fr": words(f"{title} fr")}
    return factory.page(title, owner=owner, live=thing.is_out, translations=translations)


def revision_of(factory: Factory, document: Document, locale: str) -> int:
    with factory.database.reader() as session:
        [one, *_] = list_revisions(session, document.id, locale)
        return one.id


def signed_in(app: Flask, factory: Factory, user: User) -> FlaskClient:
    """A browser of somebody, signed in without the password's hash, which takes its time."""
    with factory.database.writing() as session:
        token = logins.begin(session, session.get_one(User, user.id))
    browser = app.test_client()
    browser.set_cookie(LOGIN_COOKIE, token)
    return browser


def is_let(answer: TestResponse) -> bool:
    assert answer.status_code < 500, answer.text
    assert answer.status_code not in (401, 405, 429)
    return answer.status_code != 403


def test_strangers_get_one_answer_for_every_url_known_or_not(app: Flask, factory: Factory) -> None:
    page = factory.page("Secret", live=False)
    seen = set()
    for method, endpoint in routes(app, "admin"):
        given = TABLE[f"{method} {endpoint}"][0].path
        path = url(app, endpoint, {**PLACES, "document_id": page.id, **given})
        parts = path.removeprefix("/admin/").split("/")
        if "/".join(parts) in WAYS_IN or (len(parts) == 2 and parts[0] in LINKS):
            continue
        for asked in {method, "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}:
            seen.add((asked, shape(app, path, asked)))
    for asked in {method for method, _ in seen}:
        seen.add((asked, shape(app, "/admin/nothing/of/the/kind", asked)))
        seen.add((asked, shape(app, f"/admin/documents/{page.id + 999}", asked)))
    assert len(seen) == len({method for method, _ in seen})


def shape(app: Flask, path: str, method: str) -> tuple[object, ...]:
    """All of an answer but the path that it repeats."""
    answer = app.test_client().open(path, method=method)
    told = sorted((name, value) for name, value in answer.headers.items() if name != "Location")
    target = answer.headers["Location"].partition("?")[0]
    return answer.status_code, target, tuple(told), answer.data


def test_the_api_gives_everybody_the_same(app: Flask, factory: Factory) -> None:
    published = factory.post("Out", owner=factory.user(role=AUTHOR))
    hidden = factory.post("Hidden", live=False)
    browsers = [app.test_client()]
    browsers += [signed_in(app, factory, factory.user(role=role)) for role in Role]
    assert {f"{method} {endpoint}" for method, endpoint in routes(app, "api")} == set(PUBLIC)
    for route, query in PUBLIC.items():
        for asked in (published, hidden):
            path = url(app, route.split()[1], {"document_id": asked.id}) + query
            answers = [browser.get(path) for browser in browsers]
            told = {(one.status_code, re.sub(VARYING, "", one.text)) for one in answers}
            assert len(told) == 1, path
            assert "Hidden" not in answers[0].text
