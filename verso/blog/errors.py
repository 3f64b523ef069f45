"""The blog's form of an error: a page of the blog with its recent posts."""

from flask import Response, render_template
from werkzeug.exceptions import HTTPException

from verso.current import get_navigation
from verso.errors.respond import answer, failure_of


def respond(error: HTTPException) -> Response:
    """Answer any error of the blog as a page; the recent posts come from memory."""
    failure = failure_of(error)
    recent = get_navigation().remembered.recent(failure.locale)
    body = render_template(
        "blog/error.html",
        failure=failure,
        recent=recent,
        missing=failure.status in (404, 410),
    )
    return answer(failure, body, "text/html; charset=utf-8")
