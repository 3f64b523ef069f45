"""The admin's form of an error: an admin page."""

from flask import Response, render_template
from werkzeug.exceptions import HTTPException

from verso.admin.gate import find_user
from verso.errors.respond import answer, failure_of


def respond(error: HTTPException) -> Response:
    """Answer any error of the admin as one of its pages."""
    failure = failure_of(error)
    body = render_template("admin/error.html", failure=failure, user=find_user())
    return answer(failure, body, "text/html; charset=utf-8")
