"""Health: whether this process lives, and whether it can serve what needs the database."""

from flask import Response
from sqlalchemy import text

from verso.db import reading


def live() -> Response:
    """`/healthz`: 204 while the process answers; it asks nobody else."""
    return _plain(Response(status=204))


def ready() -> Response:
    """`/readyz`: 204 while the database answers, else the 503 of a database that does not."""
    reading().execute(text("SELECT 1 FROM site_settings LIMIT 1"))
    return _plain(Response(status=204))


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
