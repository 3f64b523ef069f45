"""Accounts, logins and one-time links keep their promises."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import PASSWORD, Factory
from verso.db import Database
from verso.models import Login, OneTimeToken, Purpose, Role, User
from verso.people import logins, tokens
from verso.people.passwords import WeakPassword, check_strength, hash_password, verify
from verso.people.permissions import Action, may
from verso.people.users import BadEmail, EmailTaken, authenticate, create_user


def test_passwords_are_hashed_with_argon2id_and_never_cut(database: Database) -> None:
    long = "é" * 200
    hashed = hash_password(long)
    assert hashed.startswith("$argon2id$") and "m=19456,t=2,p=1" in hashed
    assert verify(hashed, long) and not verify(hashed, long[:-1])
    assert not verify(None, "nobody has this password")
    assert not verify("not a hash", long)


@pytest.mark.parametrize(
    "password",
    ["", "short", "aaaaaaaaaaaa", "password123!", "qwertyuiop", "x" * 513, "me@example.org"],
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(password, "me@example.org")


@pytest.mark.parametrize("password", ["correct horse", "пароль из слов", "密码是一个很长的句子"])
def test_any_characters_make_a_password(password: str) -> None:
    check_strength(password, "me@example.org")


@pytest.mark.parametrize(
    "email", ["", "me", "me@", "@example.org", "a b@example.org", "x@y\x00.org"]
)
def test_bad_addresses_are_refused(database: Database, email: str) -> None:
    with pytest.raises(BadEmail), database.writing() as session:
        create_user(session, email, PASSWORD, role=Role.EDITOR)


def test_an_address_has_one_account_in_any_case(database: Database, factory: Factory) -> None:
    factory.user("ada@example.org")
    with pytest.raises(EmailTaken), database.writing() as session:
        create_user(session, "ADA@Example.org", PASSWORD, role=Role.EDITOR)
    with database.reader() as session:
        found = authenticate(session, " Ada@EXAMPLE.org", PASSWORD)
        assert found is not None and found.email == "ada@example.org"


def test_a_login_ends_when_it_is_idle_or_old(database: Database, factory: Factory) -> None:
    user = factory.user()
    for seen, created, alive in ((1, 1, True), (15, 15, False), (1, 91, False)):
        with database.writing() as session:
            token = logins.begin(session, session.get_one(User, user.id))
            login = session.get_one(Login, logins.digest(token))
            login.seen_at = datetime.now(UTC) - timedelta(days=seen)
            login.created_at = datetime.now(UTC) - timedelta(days=created)
        with database.reader() as session:
            assert (logins.find(session, token) is not None) == alive


def test_the_database_knows_no_token(database: Database, factory: Factory) -> None:
    user = factory.user()
    with database.writing() as session:
        token = logins.begin(session, user)
        link = tokens.issue(session, Purpose.SETUP)
        stored = {
            session.query(Login).one().token_hash,
            session.query(OneTimeToken).one().token_hash,
        }
    assert not stored & {token, link} and all(len(one) == 64 for one in stored)


@pytest.mark.usefixtures("patient")
def test_a_link_works_once_also_in_a_race(database: Database) -> None:
    with database.writing() as session:
        links = [tokens.issue(session, Purpose.SETUP) for _ in range(4)]
    used: list[bool] = []

    def use(link: str) -> None:
        with database.writing() as session:
            used.append(tokens.use(session, Purpose.SETUP, link))

    threads = [threading.Thread(target=use, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used) == [False, False, False, True]


def test_an_old_link_opens_nothing(database: Database) -> None:
    with database.writing() as session:
        link = tokens.issue(session, Purpose.SETUP)
        session.query(OneTimeToken).one().expires_at = datetime.now(UTC) - timedelta(seconds=1)
        assert not tokens.is_valid(session, Purpose.SETUP, link)
        assert not tokens.use(session, Purpose.SETUP, link)


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(may("stranger", action) for action in Action)
    assert all(may("admin", action) for action in Action)
