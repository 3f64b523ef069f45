"""The admin: sign in, write, publish; in the language of the person signed in."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from verso.admin import account, documents, editor, gate, publishing, setup, sign_in
from verso.admin.errors import respond
from verso.people.throttle import Throttle

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

DOCUMENT = "/documents/<int(min=1, max=9223372036854775807):document_id>"

blueprint.add_url_rule("/", view_func=documents.start)
blueprint.add_url_rule("/sign-in", view_func=sign_in.show_sign_in)
blueprint.add_url_rule("/sign-in", view_func=sign_in.sign_in, methods=["POST"])
blueprint.add_url_rule("/sign-out", view_func=sign_in.sign_out, methods=["POST"])
blueprint.add_url_rule("/setup/<token>", view_func=setup.show_setup)
blueprint.add_url_rule("/setup/<token>", view_func=setup.set_up, methods=["POST"])
blueprint.add_url_rule("/account", view_func=account.show_account)
blueprint.add_url_rule("/account/password", view_func=account.set_password, methods=["POST"])
blueprint.add_url_rule("/account/language", view_func=account.set_language, methods=["POST"])
blueprint.add_url_rule("/documents", view_func=documents.listing)
blueprint.add_url_rule("/documents/new/<any(page, post):kind>", view_func=editor.new)
blueprint.add_url_rule(
    "/documents/new/<any(page, post):kind>", view_func=editor.create, methods=["POST"]
)
blueprint.add_url_rule(DOCUMENT, view_func=editor.source)
blueprint.add_url_rule(DOCUMENT + "/text/<text_locale>", view_func=editor.edit)
blueprint.add_url_rule(DOCUMENT + "/text/<text_locale>", view_func=editor.save, methods=["POST"])
blueprint.add_url_rule(
    DOCUMENT + "/text/<text_locale>/delete", view_func=publishing.delete_text, methods=["POST"]
)
blueprint.add_url_rule(DOCUMENT + "/publish", view_func=publishing.publish, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/withdraw", view_func=publishing.withdraw, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/place", view_func=publishing.place, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/delete", view_func=publishing.confirm_delete)
blueprint.add_url_rule(DOCUMENT + "/delete", view_func=publishing.delete, methods=["POST"])

for code_or_class in (404, 405, HTTPException):
    blueprint.register_error_handler(code_or_class, respond)
blueprint.after_request(gate.forbid_storing)

__all__ = ["blueprint", "init_app", "respond"]


def init_app(app: Flask) -> None:
    app.extensions["verso.throttle"] = Throttle()
    app.before_request(gate.keep_strangers_out)
    app.register_blueprint(blueprint)
