"""The admin: sign in, write, publish; in the language of the person signed in."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from verso.admin import (
    account,
    audit,
    bulk,
    dashboard,
    documents,
    drafts,
    editor,
    gate,
    history,
    inbox,
    invitations,
    languages,
    link_picker,
    media,
    medium,
    missing,
    passkeys,
    people,
    preview,
    publishing,
    redirects,
    reset,
    review,
    second_factor,
    setup,
    sign_in,
    site,
    site_history,
    site_menu,
    tree,
)
from verso.admin.errors import respond
from verso.admin.uploading import MAX_FIELDS_BYTES
from verso.bodies import allow_body, read_in_view
from verso.config import Settings
from verso.current import get_settings
from verso.db import get_database
from verso.i18n.locales import get_locales
from verso.mailer import Mailer
from verso.people.permissions import may
from verso.people.post import Post
from verso.people.throttle import Throttle

# How many of the largest files one form may hold.
UPLOADS_AT_ONCE = 40

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

NUMBER = "int(min=1, max=2147483647)"
MEDIUM = f"/media/<{NUMBER}:media_id>"
GROUP = f"/errors/<{NUMBER}:group_id>"
PERSON = f"/people/<{NUMBER}:user_id>"
DOCUMENT = "/documents/<int(min=1, max=9223372036854775807):document_id>"
TEXT = DOCUMENT + "/text/<text_locale>"
REVISION = f"{TEXT}/history/<{NUMBER}:revision_id>"
NEW = "/documents/new/<any(page, post):kind>"

blueprint.add_url_rule("/", view_func=dashboard.show_dashboard)
blueprint.add_url_rule("/sign-in", view_func=sign_in.show_sign_in)
blueprint.add_url_rule("/sign-in", view_func=sign_in.sign_in, methods=["POST"])
blueprint.add_url_rule("/sign-out", view_func=sign_in.sign_out, methods=["POST"])
blueprint.add_url_rule("/setup/<token>", view_func=setup.show_setup)
blueprint.add_url_rule("/setup/<token>", view_func=setup.set_up, methods=["POST"])
blueprint.add_url_rule("/account", view_func=account.show_account)
blueprint.add_url_rule("/account/password", view_func=account.set_password, methods=["POST"])
blueprint.add_url_rule("/account/language", view_func=account.set_language, methods=["POST"])
for path, view in (
    ("/sign-in/passkey/options", passkeys.ask_sign_in),
    ("/sign-in/passkey", passkeys.check_sign_in),
    ("/sign-in/code", second_factor.check_code),
    ("/invitation/<token>", invitations.accept),
    ("/reset", reset.ask_reset),
    ("/reset/<token>", reset.set_new_password),
    ("/account/sessions/end", account.end_session),
    ("/account/second-factor", second_factor.begin),
    ("/account/second-factor/enable", second_factor.enable),
    ("/account/second-factor/disable", second_factor.disable),
    ("/account/second-factor/codes", second_factor.renew_codes),
    ("/account/passkeys/options", passkeys.ask_registration),
    ("/account/passkeys", passkeys.register),
    (f"/account/passkeys/<{NUMBER}:passkey_id>/remove", passkeys.remove),
    ("/people", people.invite),
    (PERSON, people.change_person),
    (PERSON + "/<any(deactivate, reactivate, 'forget-factor'):deed>", people.change_state),
    (PERSON + "/link", people.send_link),
):
    blueprint.add_url_rule(path, view_func=view, methods=["POST"])
blueprint.add_url_rule("/sign-in/code", view_func=second_factor.show_code)
blueprint.add_url_rule("/invitation/<token>", view_func=invitations.show_invitation)
blueprint.add_url_rule("/reset", view_func=reset.show_reset)
blueprint.add_url_rule("/reset/<token>", view_func=reset.show_new_password)
blueprint.add_url_rule("/account/second-factor", view_func=second_factor.show_second_factor)
blueprint.add_url_rule("/people", view_func=people.show_people)
blueprint.add_url_rule(PERSON, view_func=people.show_person)
blueprint.add_url_rule("/audit", view_func=audit.show_audit)
blueprint.add_url_rule("/audit.csv", endpoint="export_audit", view_func=audit.export_csv)
blueprint.add_url_rule("/documents", view_func=documents.listing)
blueprint.add_url_rule("/documents/bulk", view_func=bulk.change_many, methods=["POST"])
blueprint.add_url_rule("/tree", view_func=tree.show_tree)
blueprint.add_url_rule(DOCUMENT + "/move", view_func=tree.move, methods=["POST"])
blueprint.add_url_rule(NEW, view_func=editor.new)
blueprint.add_url_rule(NEW, view_func=editor.create, methods=["POST"])
blueprint.add_url_rule(NEW + "/draft", view_func=drafts.keep_new, methods=["POST"])
blueprint.add_url_rule(DOCUMENT, view_func=editor.source)
blueprint.add_url_rule(TEXT, view_func=editor.edit)
blueprint.add_url_rule(TEXT, view_func=editor.save, methods=["POST"])
blueprint.add_url_rule(TEXT + "/draft", view_func=drafts.keep, methods=["POST"])
blueprint.add_url_rule(TEXT + "/delete", view_func=publishing.delete_text, methods=["POST"])
blueprint.add_url_rule(TEXT + "/history", view_func=history.show_history)
blueprint.add_url_rule(REVISION, view_func=history.show_revision)
blueprint.add_url_rule(REVISION + "/restore", view_func=history.restore, methods=["POST"])
blueprint.add_url_rule("/drafts/discard", view_func=drafts.discard, methods=["POST"])
blueprint.add_url_rule(
    "/preview/<any(page, post):kind>", view_func=preview.preview, methods=["POST"]
)
blueprint.add_url_rule("/links", view_func=link_picker.find_links)
blueprint.add_url_rule(DOCUMENT + "/publish", view_func=publishing.publish, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/withdraw", view_func=publishing.withdraw, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/undo", view_func=publishing.undo, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/send-back", view_func=review.send_back, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/timeline", view_func=review.show_timeline)
blueprint.add_url_rule(DOCUMENT + "/timeline", view_func=review.say, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/copy", view_func=publishing.copy, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/place", view_func=publishing.place, methods=["POST"])
blueprint.add_url_rule(DOCUMENT + "/delete", view_func=publishing.confirm_delete)
blueprint.add_url_rule(DOCUMENT + "/delete", view_func=publishing.delete, methods=["POST"])
blueprint.add_url_rule("/errors", view_func=inbox.show_inbox)
blueprint.add_url_rule(GROUP, view_func=inbox.show_group)
blueprint.add_url_rule(f"{GROUP}/events/<{NUMBER}:event_id>", view_func=inbox.show_event)
blueprint.add_url_rule(
    GROUP + "/<any(resolve, reopen, mute, delete, merge, split):deed>",
    view_func=inbox.change_group,
    methods=["POST"],
)
blueprint.add_url_rule("/media", view_func=media.show_media)
blueprint.add_url_rule("/media", view_func=media.upload, methods=["POST"])
blueprint.add_url_rule("/media/picker", view_func=media.show_picker)
blueprint.add_url_rule(MEDIUM, view_func=medium.show_medium)
blueprint.add_url_rule(MEDIUM, view_func=medium.save_medium, methods=["POST"])
blueprint.add_url_rule(MEDIUM + "/replace", view_func=medium.replace_medium, methods=["POST"])
blueprint.add_url_rule(MEDIUM + "/delete", view_func=medium.delete_medium, methods=["POST"])
blueprint.add_url_rule("/missing", view_func=missing.show_missing)
blueprint.add_url_rule("/missing/ignore", view_func=missing.ignore_missing, methods=["POST"])
blueprint.add_url_rule("/redirects", view_func=redirects.show_redirects)
blueprint.add_url_rule("/redirects", view_func=redirects.make_redirect, methods=["POST"])
blueprint.add_url_rule("/redirects/remove", view_func=redirects.drop_redirect, methods=["POST"])
blueprint.add_url_rule("/redirects/import", view_func=redirects.import_csv, methods=["POST"])
blueprint.add_url_rule("/redirects.csv", view_func=redirects.export_csv)
blueprint.add_url_rule("/languages", view_func=languages.show_languages)
blueprint.add_url_rule("/languages/<text_locale>", view_func=languages.show_language)
for path, show, save in (
    ("/site", site.show_site, site.save_site),
    ("/site/look", site.show_look, site.save_look),
    ("/site/menu", site_menu.show_menu, site_menu.save_menu),
    ("/site/languages", site.show_offered, site.save_offered),
    ("/site/maintenance", site.show_maintenance, site.save_maintenance),
):
    blueprint.add_url_rule(path, view_func=show)
    blueprint.add_url_rule(path, view_func=save, methods=["POST"])
blueprint.add_url_rule("/site/history", view_func=site_history.show_changes)
blueprint.add_url_rule(
    f"/site/history/<{NUMBER}:change_id>/restore",
    view_func=site_history.restore_change,
    methods=["POST"],
)

for code_or_class in (404, 405, HTTPException):
    blueprint.register_error_handler(code_or_class, respond)
blueprint.after_request(gate.forbid_storing)

__all__ = ["blueprint", "init_app", "respond"]


def init_app(app: Flask) -> None:
    app.extensions["verso.throttle"] = Throttle()
    app.extensions["verso.post"] = _make_post(get_settings())
    app.jinja_env.globals.update(may=may)
    app.before_request(gate.keep_strangers_out)
    app.register_blueprint(blueprint)
    limit = get_settings().MAX_UPLOAD_BYTES
    allow_body(app, "admin.upload", UPLOADS_AT_ONCE * limit)
    allow_body(app, "admin.replace_medium", limit + MAX_FIELDS_BYTES)
    for endpoint in ("admin.upload", "admin.replace_medium"):
        read_in_view(app, endpoint)


def _make_post(settings: Settings) -> Post | None:
    """What mails people; it needs the public address: a link must not lead where a request says."""
    if not settings.MAIL_URL or not settings.BASE_URL:
        return None
    sender = settings.MAIL_FROM or settings.ADMINS[0]
    mailer, base = Mailer(settings.MAIL_URL), settings.BASE_URL
    return Post(mailer, sender, base, get_database(), get_locales().catalogs)
