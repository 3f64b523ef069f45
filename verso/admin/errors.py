"""The admin's form of an error: an admin page; for a script that uploads, a problem in JSON."""

from flask import Response, json, render_template, request
from werkzeug.exceptions import HTTPException

from verso.admin.gate import find_user
from verso.errors.respond import Failure, answer, failure_of


def respond(error: HTTPException) -> Response:
    """Answer any error of the admin as one of its pages."""
    failure = failure_of(error)
    if request.endpoint == "admin.upload" and request.accept_mimetypes.best == "application/json":
        return answer(failure, json.dumps(_problem(failure)), "application/problem+json")
    body = render_template("admin/error.html", failure=failure, user=find_user())
    return answer(failure, body, "text/html; charset=utf-8")


def _problem(failure: Failure) -> dict[str, str | int]:
    """The members that a script shows (RFC 9457)."""
    kind = f"/problems/{failure.problem.type.slug}"
    return {
        "type": kind,
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
    }
