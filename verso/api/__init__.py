"""The API: JSON only, version in the path, every failure a problem (RFC 9457)."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from verso.api import documents, events, export, index, streams
from verso.api.errors import respond

blueprint = Blueprint("api", __name__, url_prefix="/api")

# The largest id that every database keeps: beyond it a URL is unknown, not an error.
ID = "<int(min=1, max=9223372036854775807):document_id>"

for rule, view in (
    ("/v1", index.index),
    ("/v1/posts", documents.posts),
    (f"/v1/posts/{ID}", documents.post),
    ("/v1/pages", documents.pages),
    (f"/v1/pages/{ID}", documents.page),
    ("/v1/tags", documents.tags),
    ("/v1/search", documents.search),
    ("/v1/export", export.export),
    ("/v1/events", events.events),
):
    blueprint.add_url_rule(rule, view_func=view)

for code_or_class in (404, 405, HTTPException):
    blueprint.register_error_handler(code_or_class, respond)

__all__ = ["blueprint", "init_app", "respond"]


def init_app(app: Flask) -> None:
    streams.init_app(app)
    app.register_blueprint(blueprint)
