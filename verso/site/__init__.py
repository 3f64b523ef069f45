"""The site: home, pages, search, language switch, discovery files, media and health."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from verso.site import accent, discovery, documents, files, health, language, problems, search
from verso.site.errors import respond

blueprint = Blueprint("site", __name__)

blueprint.add_url_rule("/", view_func=documents.front)
blueprint.add_url_rule("/<locale:locale>/", view_func=documents.home)
blueprint.add_url_rule("/<locale:locale>/search", view_func=search.search)
blueprint.add_url_rule("/<locale:locale>/problems/", view_func=problems.problems)
blueprint.add_url_rule("/<locale:locale>/problems/<slug>", view_func=problems.problem)
blueprint.add_url_rule("/<locale:locale>/<page:path>", view_func=documents.page)
blueprint.add_url_rule("/<page:path>", view_func=documents.neutral)
blueprint.add_url_rule("/search", view_func=search.neutral_search)
blueprint.add_url_rule("/problems/<slug>", view_func=problems.neutral_problem)
blueprint.add_url_rule("/language", view_func=language.choose, methods=["POST"])
blueprint.add_url_rule("/media/<key>/<name>", view_func=files.media)
blueprint.add_url_rule("/media/<key>/<version>/<name>", view_func=files.media_version)
blueprint.add_url_rule(
    "/static/accent/<string(length=6):light>-<string(length=6):dark>.css", view_func=accent.accent
)
blueprint.add_url_rule("/static/<path:name>", view_func=files.unknown_asset)
blueprint.add_url_rule("/favicon.ico", view_func=files.favicon)
blueprint.add_url_rule("/healthz", view_func=health.live)
blueprint.add_url_rule("/readyz", view_func=health.ready)
blueprint.add_url_rule("/robots.txt", view_func=discovery.robots)
blueprint.add_url_rule("/sitemap.xml", view_func=discovery.sitemap_index)
blueprint.add_url_rule("/sitemap/<int(max=1000000):number>.xml", view_func=discovery.sitemap)
blueprint.add_url_rule("/.well-known/security.txt", view_func=discovery.security)

for code_or_class in (404, 405, HTTPException):
    blueprint.register_error_handler(code_or_class, respond)

__all__ = ["blueprint", "init_app", "respond"]


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
