"""Health: whether this process lives, and whether it can serve what needs the database."""

from flask import Response

from verso.db import expect_revision, reading


def live() -> Response:
    """`/healthz`: 204 while the process answers; it asks nobody else."""
    return _plain(Response(status=204))


def ready() -> Response:
    """`/readyz`: 204 while the database answers and is of this Verso, else 503."""
    expect_revision(reading())
    return _plain(Response(status=204))


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
