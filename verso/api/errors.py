"""The API's form of an error: problem+json, whatever Accept says."""

from typing import Any

from flask import Response, json
from werkzeug.exceptions import HTTPException

from verso.errors.respond import Failure, answer, failure_of
from verso.links import absolute_if_safe

PROBLEM_JSON = "application/problem+json"


def respond(error: HTTPException) -> Response:
    """Answer any error of the API as a problem (RFC 9457)."""
    failure = failure_of(error)
    return answer(failure, json.dumps(problem_body(failure)), PROBLEM_JSON)


def problem_body(failure: Failure) -> dict[str, Any]:
    """The members of the problem; type, code and instance are never translated."""
    kind = failure.problem.type
    body: dict[str, Any] = {
        "type": absolute_if_safe(f"/problems/{kind.slug}"),
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "instance": f"urn:verso:error:{failure.error_id}",
        "code": kind.code,
    }
    if kind.retryable:
        body["retryable"] = True
    return body | failure.problem.extensions
