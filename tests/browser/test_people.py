"""Signing in with a password, a code and a passkey, and inviting people, in a real browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.demo import served
from tests.factories import PASSWORD, Factory
from verso.models import Login, Passkey, Role, User

pytestmark = pytest.mark.browser

# A device with a lock of its own, whose owner is always there and agrees.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class House:
    """A served site, its factory, and an administrator of it."""

    app: Flask
    url: str
    factory: Factory
    admin: User


@pytest.fixture
def house(app: Flask, factory: Factory) -> Iterator[House]:
    with served(app) as url:
        # Passkeys are for names: an address of numbers is none.
        named = url.replace("127.0.0.1", "localhost")
        yield House(app, named, factory, factory.user("ada@example.org", role=Role.ADMIN))


@pytest.fixture
def browser(house: House, new_browser: NewBrowser) -> Page:
    return new_browser(house.url)


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def give_password(page: Page, user: User, password: str = PASSWORD) -> None:
    page.goto("/admin/sign-in?next=/admin/account")
    page.get_by_label("Mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_device(page: Page, **options: bool) -> None:
    """Give the browser a device that holds passkeys (Chrome DevTools Protocol: WebAuthn)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **options}})


def code_of(house: House, steps: int = 0) -> str:
    with house.factory.database.reader() as session:
        secret = session.get_one(User, house.admin.id).totp_secret
    assert secret is not None
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def test_signing_in_with_the_password(house: House, browser: Page) -> None:
    give_password(browser, house.admin)
    expect(browser.get_by_role("heading", level=1)).to_have_text("Your account")
    browser.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(browser.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_signing_in_with_a_code_and_with_a_recovery_code(house: House, browser: Page) -> None:
    give_password(browser, house.admin)
    browser.get_by_role("button", name="Set up the second factor").click()
    expect(browser.get_by_role("img", name="Picture of the key")).to_be_visible()
    browser.get_by_label("Code").fill(code_of(house))
    browser.get_by_role("button", name="Switch it on").click()
    expect(browser.locator(".codes li")).to_have_count(10)
    codes = browser.locator(".codes li").all_text_contents()

    for code in (code_of(house, 1), codes[0]):
        browser.context.clear_cookies()
        give_password(browser, house.admin)
        expect(browser.get_by_role("heading", level=1)).to_have_text("Second factor")
        browser.get_by_label("Code of your app").fill(code)
        browser.get_by_role("button", name="Sign in").click()
        expect(browser.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(browser.get_by_text("9 recovery codes are left.")).to_be_visible()


def test_signing_in_with_a_passkey_needs_neither_password_nor_code(
    house: House, browser: Page
) -> None:
    add_device(browser)
    give_password(browser, house.admin)
    browser.get_by_label("Name of the passkey").fill("My telephone")
    browser.get_by_role("button", name="Add a passkey").click()
    expect(browser.get_by_role("status")).to_have_text("The passkey was added.")
    expect(browser.get_by_text("My telephone")).to_be_visible()
    browser.get_by_role("button", name="Set up the second factor").click()
    browser.get_by_label("Code").fill(code_of(house))
    browser.get_by_role("button", name="Switch it on").click()
    expect(browser.locator(".codes")).to_be_visible()

    browser.context.clear_cookies()
    browser.goto("/admin/sign-in?next=/admin/account")
    with browser.expect_request("**/admin/sign-in/passkey") as sent:
        browser.get_by_role("button", name="Sign in with a passkey").click()
    expect(browser.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(browser.get_by_text("last used:")).to_be_visible()
    again = house.app.test_client().post(
        "/admin/sign-in/passkey",
        data=sent.value.post_data,
        content_type="application/x-www-form-urlencoded",
        base_url=house.url,
    )
    assert again.status_code == 422, "an answer to a challenge was taken twice"

    browser.get_by_role("button", name="Remove: My telephone").click()
    expect(browser.get_by_text("My telephone")).to_have_count(0)
    browser.context.clear_cookies()
    browser.goto("/admin/sign-in")
    browser.get_by_role("button", name="Sign in with a passkey").click()
    expect(browser.get_by_role("alert")).to_have_text("The passkey could not be used. Try again.")


def test_a_passkey_is_not_added_without_the_password_when_that_is_long_ago(
    house: House, browser: Page
) -> None:
    add_device(browser)
    give_password(browser, house.admin)
    expect(browser.get_by_role("heading", level=1)).to_have_text("Your account")
    with house.factory.database.writing() as session:
        for login in session.query(Login):
            login.confirmed_at = datetime.now(UTC) - timedelta(minutes=11)
    browser.reload()
    form = browser.locator("form#passkey")
    form.get_by_label("Current password").fill("not the password")
    form.get_by_role("button").click()
    expect(browser.get_by_text("This is not your current password.")).to_be_visible()
    with house.factory.database.reader() as session:
        assert session.query(Passkey).count() == 0
    form.get_by_label("Current password").fill(PASSWORD)
    form.get_by_role("button").click()
    expect(browser.get_by_role("status")).to_have_text("The passkey was added.")


def test_a_device_that_does_not_verify_its_owner_is_not_enough(house: House, browser: Page) -> None:
    add_device(browser, isUserVerified=False)
    give_password(browser, house.admin)
    browser.get_by_role("button", name="Add a passkey").click()
    expect(browser.get_by_role("button", name="Add a passkey")).to_be_enabled()
    with house.factory.database.reader() as session:
        assert session.query(Passkey).count() == 0


def test_somebody_is_invited_chooses_a_password_and_is_signed_out_from_afar(
    house: House, browser: Page, new_browser: NewBrowser
) -> None:
    give_password(browser, house.admin)
    browser.get_by_role("link", name="People").click()
    browser.get_by_label("Mail address").fill("grace@example.org")
    browser.get_by_label("Role").select_option("translator")
    browser.get_by_label("Deutsch").check()
    browser.get_by_role("button", name="Invite").click()
    link = browser.get_by_role("status").get_by_role("textbox").input_value()

    guest = new_browser(house.url)
    guest.goto(link)
    guest.get_by_label("Name").fill("Grace")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Create the account").click()
    expect(guest.get_by_role("link", name="Grace")).to_be_visible()
    expect(guest.get_by_role("link", name="New post")).to_have_count(0)

    browser.goto("/admin/people")
    browser.get_by_role("link", name="Grace").click()
    browser.get_by_role("button", name="Deactivate").click()
    expect(browser.get_by_text("Deactivated", exact=True)).to_be_visible()
    guest.goto("/admin/documents")
    assert path_of(guest) == "/admin/sign-in"

    browser.get_by_role("link", name="Audit log").first.click()
    expect(browser.locator("tbody tr").first).to_contain_text("Account deactivated")


def test_one_browser_signs_another_out(
    house: House, browser: Page, new_browser: NewBrowser
) -> None:
    other = new_browser(house.url)
    give_password(other, house.admin)
    expect(other.get_by_role("heading", level=1)).to_have_text("Your account")
    give_password(browser, house.admin)
    rows = browser.locator("#sessions + ul > li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="this browser")).to_contain_text(re.compile("Chrome, Linux"))
    rows.get_by_role("button", name="Sign out").click()
    expect(rows).to_have_count(1)
    other.goto("/admin/account")
    assert path_of(other) == "/admin/sign-in"
