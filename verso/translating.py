"""`?translate=1`: below a page, for whoever may translate, every string of it and where it comes from."""

from flask import Flask, Response, current_app, render_template, request

from verso.assets import asset
from verso.errors.respond import report_error
from verso.i18n.locales import current_locale, get_locales
from verso.i18n.overview import Overview
from verso.i18n.recording import RecordingCatalog
from verso.i18n.speaking import catalog_of, pin
from verso.i18n.spoken import strings_of
from verso.i18n.template import Template
from verso.people.permissions import Action, may
from verso.visiting import signed_in

_ASKED = b"translate=1"
_RECORDED = "_verso_recorded"
# A browser that has the page must still get it anew: what it has is without the strings.
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE")
# Who may see the languages, here and in the admin: everybody who writes.
SEES_LANGUAGES = Action.WRITE


def init_app(app: Flask, template: Template) -> None:
    """To be called before all others: its hook must come before the first word of a request."""
    app.extensions["verso.template"] = template
    app.before_request(record_strings)
    app.after_request(show_strings)


def get_overview() -> Overview:
    """The languages of the current application."""
    locales, template = get_locales(), current_app.extensions["verso.template"]
    return Overview(locales.catalogs, template, locales.current)


def record_strings() -> None:
    """Let this request remember its strings. For everybody else this looks at the query, no more."""
    if _ASKED not in request.query_string or request.args.get("translate") != "1":
        return
    if _may_translate():
        catalog = RecordingCatalog(catalog_of(current_locale()))
        request.__dict__[_RECORDED] = catalog
        pin(catalog)
        for header in _CONDITIONS:
            request.environ.pop(header, None)


def show_strings(response: Response) -> Response:
    """Put the strings below the page, error pages too; what fails here never harms the page."""
    recorded: RecordingCatalog | None = request.__dict__.get(_RECORDED)
    if recorded is None or response.mimetype != "text/html" or not response.is_sequence:
        return response
    pin(recorded.catalog)
    try:
        _add_panel(response, recorded)
    except Exception as error:  # The page is finished, and only what is said about it failed.
        report_error(error, 500)
    finally:
        pin(recorded)
    return response


def _may_translate() -> bool:
    """Whether somebody is signed in who may; without a database nobody is."""
    user = signed_in()
    return user is not None and may(user, SEES_LANGUAGES)


def _add_panel(response: Response, recorded: RecordingCatalog) -> None:
    html = response.get_data(as_text=True)
    above, end, below = html.rpartition("</body>")
    if not end:
        return
    strings = strings_of(recorded.lookups, html, get_overview(), recorded.locale)
    panel = render_template("translating/panel.html", strings=strings)
    style = f'<link rel="stylesheet" href="{asset("translating.css")}">\n'
    head, end_of_head, body = above.partition("</head>")
    if end_of_head:
        above = head + style + end_of_head + body
    response.set_data(above + panel + end + below)
    response.headers["Cache-Control"] = "private, no-store"
    for name in ("ETag", "Last-Modified"):
        response.headers.pop(name, None)
