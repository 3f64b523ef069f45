"""Media: all of them, uploads of many at once, and a choice of pictures for the editor."""

from collections.abc import Sequence

from flask import jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.uploading import Taken, take_all
from verso.content.cursors import Cursor
from verso.content.pictures import crop
from verso.db import reading
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.links import href
from verso.media.images import ImageRefused
from verso.media.refusals import SENTENCES
from verso.media.shelf import Place, ShelfFilter, list_media
from verso.media.storage import media_url
from verso.models import Media
from verso.paging import asked_cursor
from verso.people.permissions import Action

PICKER_SIZE = 24


def show_media() -> Response:
    """`?q=&missing=&before=`: the newest first."""
    gate.require(Action.MEDIA)
    return _page((), 200)


def upload() -> Response:
    """Keep the images of a form, as many as it has; one alone for a script that asks for JSON."""
    user = gate.require(Action.UPLOAD)
    if wants_json():
        return _one_as_json(user.id)
    taken = list(take_all(user.id))
    if not taken:
        raise Problem("invalid-input", gettext("Choose the files to upload first."))
    if any(one.refused for one in taken):
        return _page(taken, 422)
    return redirect(href("/admin/media?done=uploaded"), 303)


def show_picker() -> str:
    """`?q=`: the newest pictures as buttons, a fragment for the editor."""
    gate.require(Action.UPLOAD)
    chosen = ShelfFilter(words=request.args.get("q", "")[:200])
    rows, _ = list_media(reading(), chosen, PICKER_SIZE)
    return render_template(
        "admin/media_picker.html", media=rows, crop=crop, media_url=media_url, locale=_alt_locale()
    )


def sentence(refused: ImageRefused) -> str:
    """Why an image is refused, in the language of the page."""
    return gettext(SENTENCES[refused.reason], **refused.values)


def markdown_of(media: Media, locale: str) -> str:
    """What to write in a text to show a medium."""
    alt = media.alt(locale).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"![{alt}]({media_url(media)})"


def wants_json() -> bool:
    """Whether a script asks, which reads problems too."""
    return request.accept_mimetypes.best == "application/json"


def _one_as_json(user_id: int) -> Response:
    """The first file of the form, with what an editor needs to write it into a text."""
    taken = next(take_all(user_id), None)
    if taken is None:
        raise Problem("invalid-input", gettext("Choose the files to upload first."))
    if taken.media is None:
        assert taken.refused is not None
        raise Problem("invalid-input", sentence(taken.refused))
    media, locale = taken.media, _alt_locale()
    body = {
        "url": media_url(media),
        "name": media.name,
        "alt": media.alt(locale),
        "markdown": markdown_of(media, locale),
        "width": media.width,
        "height": media.height,
        "page": href(f"/admin/media/{media.id}"),
    }
    return make_response(jsonify(body), 201)


def _alt_locale() -> str:
    """The language of the text that a picture is chosen for."""
    asked = request.args.get("locale", "")
    return asked if asked in get_locales().current else current_locale()


def _page(taken: Sequence[Taken], status: int) -> Response:
    cursor = asked_cursor("before")
    missing = request.args.get("missing", "")
    chosen = ShelfFilter(
        words=" ".join(request.args.get("q", "")[:200].split()),
        missing=missing if missing in get_locales().current else "",
        before=Place(cursor.moment, cursor.id) if cursor else None,
    )
    rows, older = list_media(reading(), chosen)
    body = render_template(
        "admin/media.html",
        user=gate.current_user(),
        media=rows,
        older=str(Cursor(older.moment, older.id)) if older else None,
        chosen=chosen,
        crop=crop,
        locales=get_locales().current,
        refused=[(one.name, sentence(one.refused)) for one in taken if one.refused],
        kept=sum(one.media is not None for one in taken),
    )
    return finished(make_response(body, status))
