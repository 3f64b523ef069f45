"""Passkeys: made and removed on the account's page, and a way to sign in without typing anything."""

from flask import Response as FlaskResponse
from flask import redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import account, entering, gate, sign_in
from verso.admin.confirming import refuse_unconfirmed
from verso.admin.entering import address, throttle
from verso.db import reading, writing
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale
from verso.layout import Layout
from verso.links import href
from verso.models import User
from verso.people import audit, passkeys
from verso.people.browsers import name_browser
from verso.people.passkeys import PasskeyRefused, Site


def ask_registration() -> Response:
    """What the browser needs to make a passkey, as JSON."""
    if refused := refuse_unconfirmed("passkey"):
        return refused
    with writing() as session:
        user = session.get_one(User, gate.current_user().id)
        options = passkeys.registration_options(session, user, _site())
    return FlaskResponse(options, content_type="application/json")


def register() -> Response:
    """Keep the passkey that the browser made."""
    if refused := refuse_unconfirmed("passkey"):
        return refused
    user, credential = gate.current_user(), request.form.get("credential", "")
    name = " ".join(request.form.get("name", "").replace("\x00", "").split())[:100]
    with writing() as session:
        try:
            made = passkeys.register(session, user, _site(), credential, name or _default_name())
        except PasskeyRefused:
            made = None
        if made is not None:
            subject = audit.of_person(user)
            audit.record(session, user.id, "passkey-added", subject, name=made.name)
    if made is None:
        return account.show_refused("passkey", gettext("The passkey could not be used. Try again."))
    return redirect(href("/admin/account?done=passkey"), 303)


def remove(passkey_id: int) -> Response:
    """Take one of one's own passkeys away."""
    user = gate.current_user()
    if passkeys.find(reading(), user, passkey_id) is None:
        raise NotFound
    if refused := refuse_unconfirmed("passkey"):
        return refused
    with writing() as session:
        found = passkeys.find(session, user, passkey_id)
        if found is not None:
            session.delete(found)
            subject = audit.of_person(user)
            audit.record(session, user.id, "passkey-removed", subject, name=found.name)
    return redirect(href("/admin/account?done=deleted"), 303)


def ask_sign_in() -> Response:
    """What the browser needs to sign in with a passkey, as JSON; it is the same for everybody."""
    throttle().attempt("passkey", address())
    with writing() as session:
        options = passkeys.sign_in_options(session, _site())
    return FlaskResponse(options, content_type="application/json")


def check_sign_in() -> Response:
    """Sign in with a passkey: who it belongs to was verified by the device, so no code is asked for."""
    throttle().attempt("passkey", address())
    credential = request.form.get("credential", "")
    with writing() as session:
        try:
            user = passkeys.authenticate(session, _site(), credential).user
        except PasskeyRefused:
            user = None
        if user is None or user.disabled_at is not None or user.is_invited:
            subject = audit.of_person(user) if user else audit.Subject("person")
            audit.record(session, None, "sign-in-failed", subject, wrong="passkey")
            user = None
    if user is None:
        return sign_in.show_refused(422, gettext("The passkey could not be used. Try again."))
    throttle().forget("passkey", address())
    return entering.enter(user, sign_in.local_target(request.form.get("next")), "passkey")


def _site() -> Site:
    """This site as passkeys know it: the host that was asked, which is a trusted one."""
    host = request.host.rpartition(":")[0] if _has_port() else request.host
    return Site(host, request.host_url.rstrip("/"), Layout(current_locale()).site_name)


def _has_port() -> bool:
    return request.host.rpartition(":")[2].isdigit() and ":" in request.host


def _default_name() -> str:
    return name_browser(request.user_agent.string) or gettext("Passkey")
