"""Missing pages: what is asked for and not there, why, and one click to lead it elsewhere."""

from datetime import UTC, datetime

from flask import redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.urls import uri_to_iri
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.charts import spark
from verso.content.causes import Cause
from verso.content.missing_list import MissingFilter, count_noise, ignore, list_missing
from verso.content.noise import KINDS
from verso.content.redirect_rules import RedirectRefused, clean_source
from verso.db import reading, writing
from verso.i18n.locales import get_locales
from verso.links import href
from verso.paging import asked_number
from verso.people import audit
from verso.people.permissions import Action

MAX_PAGE = 1000


def show_missing() -> str:
    """`?q=&cause=&ignored=&page=`: broken links of our own first, then what is asked for most."""
    user = gate.require(Action.REDIRECT)
    chosen = MissingFilter(
        words=" ".join(request.args.get("q", "")[:200].split()),
        cause=_asked_cause(),
        ignored=request.args.get("ignored") == "1",
        page=asked_number("page", 1, MAX_PAGE) or 1,
    )
    rows, more = list_missing(reading(), chosen, datetime.now(UTC).date())
    return render_template(
        "admin/missing.html",
        user=user,
        rows=rows,
        more=more,
        chosen=chosen,
        noise=count_noise(reading()),
        kinds=KINDS,
        spark=spark,
        readable=uri_to_iri,
    )


def ignore_missing() -> Response:
    """Fold a path away, or show it again."""
    user = gate.require(Action.REDIRECT)
    ignored = request.form.get("ignored") == "1"
    try:
        path = clean_source(request.form.get("source", ""), get_locales().current)
    except RedirectRefused:
        raise NotFound from None
    with writing() as session:
        if not ignore(session, path, ignored=ignored):
            raise NotFound
        action = "missing-ignored" if ignored else "missing-shown"
        audit.record(session, user.id, action, audit.Subject("path", title=path))
    return redirect(href(f"/admin/missing?done={'ignored' if ignored else 'unignored'}"), 303)


def _asked_cause() -> str:
    value = request.args.get("cause", "")
    return value if value in list(Cause) else ""
