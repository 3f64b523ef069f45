"""The blog's form of an error: a page of the blog with near matches and its recent posts."""

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

from verso.content.nearby import Nearby, words_of
from verso.current import get_navigation
from verso.errors.respond import answer, failure_of
from verso.routing import count_missing, find_nearby, settle_missing


def respond(error: HTTPException) -> Response:
    """Answer any error of the blog as a page; the recent posts come from memory."""
    settled = settle_missing(error)
    if isinstance(settled, Response):
        return settled
    failure = failure_of(settled)
    missing = failure.status in (404, 410)
    body = render_template(
        "blog/error.html",
        failure=failure,
        nearby=find_nearby(failure.locale) if missing else Nearby(),
        words=words_of(request.path) if missing else "",
        recent=get_navigation().remembered.recent(failure.locale),
        missing=missing,
    )
    if failure.status == 404:
        count_missing()
    return answer(failure, body, "text/html; charset=utf-8")
