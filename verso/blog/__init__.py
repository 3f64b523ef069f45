"""The blog: posts by time, tag, author and year, and their feeds, per language."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from verso.blog import feeds, posts
from verso.blog.errors import respond

blueprint = Blueprint("blog", __name__)

blueprint.add_url_rule("/<locale:locale>/blog/", view_func=posts.index)
blueprint.add_url_rule("/<locale:locale>/blog/<slug>", view_func=posts.post)
blueprint.add_url_rule("/<locale:locale>/blog/tags/", view_func=posts.tags)
blueprint.add_url_rule("/<locale:locale>/blog/tags/<slug>", view_func=posts.tag)
blueprint.add_url_rule("/<locale:locale>/blog/authors/", view_func=posts.authors)
blueprint.add_url_rule("/<locale:locale>/blog/authors/<slug>", view_func=posts.author)
blueprint.add_url_rule("/<locale:locale>/blog/archive/", view_func=posts.archive)
blueprint.add_url_rule(
    "/<locale:locale>/blog/archive/<int(min=1,max=9998):year>", view_func=posts.year
)
blueprint.add_url_rule("/<locale:locale>/blog/feed.xml", view_func=feeds.atom)
blueprint.add_url_rule("/<locale:locale>/blog/feed.json", view_func=feeds.json_feed)
blueprint.add_url_rule("/<locale:locale>/blog/tags/<slug>/feed.xml", view_func=feeds.atom)
blueprint.add_url_rule("/<locale:locale>/blog/tags/<slug>/feed.json", view_func=feeds.json_feed)
blueprint.add_url_rule("/blog/", view_func=posts.neutral_index)
blueprint.add_url_rule("/blog/<slug>", view_func=posts.neutral_post)

for code_or_class in (404, 405, HTTPException):
    blueprint.register_error_handler(code_or_class, respond)

__all__ = ["blueprint", "init_app", "respond"]


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
