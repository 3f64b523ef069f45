"""Redirects: made, found, removed, and exchanged as CSV."""

from collections.abc import Mapping, Sequence

from flask import Response, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.urls import uri_to_iri
from werkzeug.wrappers import Response as AnyResponse

from verso.admin import gate
from verso.content.redirect_rules import RedirectRefused, make_rule
from verso.content.redirect_table import (
    MAX_BYTES,
    BadTable,
    Mistake,
    import_table,
    read_table,
    write_table,
)
from verso.content.redirects import add_redirect, list_redirects, remove_redirect
from verso.db import reading, writing
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import get_locales
from verso.links import absolute, href
from verso.paging import asked_number
from verso.people import audit
from verso.people.permissions import Action
from verso.runtime.patience import BACKGROUND, having

MAX_PAGE = 10_000
EMPTY = {"source": "", "target": "", "code": "301"}


def show_redirects() -> Response:
    """`?q=&page=`: the redirects by source."""
    gate.require(Action.REDIRECT)
    return _page(EMPTY, {}, (), 200)


def make_redirect() -> AnyResponse:
    """Lead a path elsewhere; a redirect that would not work comes back with the reason."""
    user = gate.require(Action.REDIRECT)
    typed = {name: request.form.get(name, "")[:3000] for name in EMPTY}
    offered = get_locales().current
    try:
        rule = make_rule(**typed, locales=offered, base=absolute(""))
        with writing() as session:
            add_redirect(session, rule, offered)
            subject = audit.Subject("redirect", title=rule.typed_source)
            audit.record(
                session, user.id, "redirect-made", subject, target=rule.target, code=rule.code
            )
    except RedirectRefused as error:
        typed["target"] = str(error.values.get("end") or typed["target"])
        return _page(typed, {error.field: gettext(error.sentence, **error.values)}, (), 422)
    where = "missing" if request.form.get("back") == "missing" else "redirects"
    return redirect(href(f"/admin/{where}?done=redirected"), 303)


def drop_redirect() -> AnyResponse:
    """Take a redirect away."""
    user, source = gate.require(Action.REDIRECT), request.form.get("source", "")
    try:
        with writing() as session:
            found = remove_redirect(session, source, get_locales().current)
            if found:
                subject = audit.Subject("redirect", title=source)
                audit.record(session, user.id, "redirect-removed", subject)
    except RedirectRefused:
        raise NotFound from None
    if not found:
        raise NotFound
    return redirect(href("/admin/redirects?done=unredirected"), 303)


def import_csv() -> AnyResponse:
    """Read redirects from a CSV file: all of it, or nothing and what is wrong in which line."""
    user = gate.require(Action.REDIRECT)
    file = request.files.get("file")
    offered = get_locales().current
    try:
        rules = read_table(file.read(MAX_BYTES + 1) if file else b"", offered, absolute(""))
        # Ten thousand lines are more than the deadline of a request allows a slow server.
        with having(BACKGROUND), writing() as session:
            import_table(session, rules, offered)
            subject = audit.Subject("redirect")
            audit.record(session, user.id, "redirects-imported", subject, count=len(rules))
    except BadTable as error:
        return _page(EMPTY, {}, error.mistakes, 422)
    return redirect(href("/admin/redirects?done=imported"), 303)


def export_csv() -> Response:
    """All redirects as a CSV file."""
    gate.require(Action.REDIRECT)
    response = Response(write_table(reading()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="redirects.csv"'
    return response


def _page(
    typed: Mapping[str, str], errors: Mapping[str, str], mistakes: Sequence[Mistake], status: int
) -> Response:
    words = " ".join(request.args.get("q", "")[:200].split())
    number = asked_number("page", 1, MAX_PAGE) or 1
    rules, more = list_redirects(reading(), words, number)
    said = [(mistake.line, gettext(mistake.sentence, **mistake.values)) for mistake in mistakes]
    body = render_template(
        "admin/redirects.html",
        user=gate.current_user(),
        rules=rules,
        more=more,
        words=words,
        number=number,
        typed=typed,
        errors=errors,
        mistakes=said,
        readable=uri_to_iri,
    )
    return finished(make_response(body, status))
