"""One medium: its words per language, its focus, where it is used; replaced and deleted."""

from datetime import UTC, datetime

from flask import make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.media import markdown_of, sentence
from verso.admin.uploading import files_of_request, prepared_from
from verso.content.pictures import whole
from verso.content.uses import is_used, stands_for_site, uses_of
from verso.current import get_settings, get_store
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.links import href
from verso.media import collection
from verso.media.encoding import FORMATS, Focus, card_name
from verso.media.images import ImageRefused
from verso.media.preparing import Prepared, prepare_cards, workspace
from verso.media.storage import derived_file, file_of, media_url
from verso.models import Media, User
from verso.people import audit
from verso.people.permissions import Action, may

SIZES = "(min-width: 60rem) 38rem, 100vw"


def show_medium(media_id: int) -> Response:
    """A medium, with everything that is known of it."""
    gate.require(Action.MEDIA)
    return _page(_find(media_id), "", 200)


def save_medium(media_id: int) -> Response:
    """Set the words of each language, and the focus."""
    user = gate.require(Action.MEDIA)
    media = _find(media_id)
    alts = _asked_alts(user, media)
    focus = Focus(_percent("focus_x", media.focus_x), _percent("focus_y", media.focus_y))
    if (focus.x, focus.y) != (media.focus_x, media.focus_y):
        _require_change(user, media)
        _move_focus(media, focus)
    if alts:
        with writing() as session:
            described = _locked(session, media_id)
            collection.describe(described, alts, datetime.now(UTC))
            _record(session, "medium-described", described)
    return redirect(href(f"/admin/media/{media_id}?done=saved"), 303)


def replace_medium(media_id: int) -> Response:
    """Show another image at the same address, everywhere that this one is shown."""
    user = gate.require(Action.MEDIA)
    media = _find(media_id)
    _require_change(user, media)
    with workspace(get_settings().INSTANCE_PATH) as folder:
        received = next(files := files_of_request(folder), None)
        if received is None:
            return _page(media, gettext("Choose the files to upload first."), 422)
        try:
            prepared = prepared_from(received, folder / "made")
        except ImageRefused as refused:
            return _page(media, f"{received.name}: {sentence(refused)}", 422)
        _replace(media_id, prepared)
        files.close()
    return redirect(href(f"/admin/media/{media_id}?done=replaced"), 303)


def delete_medium(media_id: int) -> Response:
    """Delete a medium that no document shows and that does not stand for the site."""
    user = gate.require(Action.MEDIA)
    store = get_store()
    with writing() as session:
        media = _locked(session, media_id)
        _require_change(user, media)
        if is_used(session, media_id):
            raise Problem(
                "conflict", gettext("Documents show this image: take it out of them first.")
            )
        if stands_for_site(session, media_id):
            words = gettext("This image stands for the site: choose another one there first.")
            raise Problem("conflict", words)
        _record(session, "medium-deleted", media)
        unused = collection.delete(session, media)
    collection.drop(reading(), store, unused)
    return redirect(href("/admin/media?done=deleted"), 303)


def _replace(media_id: int, prepared: Prepared) -> None:
    store = get_store()
    with collection.kept(store, collection.files_to_keep(prepared)), writing() as session:
        media = _locked(session, media_id)
        before = collection.replace(session, media, prepared, datetime.now(UTC))
        _record(session, "medium-replaced", media)
    collection.drop(reading(), store, before)


def _move_focus(media: Media, focus: Focus) -> None:
    """Crop around another point; a picture without crops, such as an icon, remembers it only."""
    store = get_store()
    with workspace(get_settings().INSTANCE_PATH) as folder:
        cards: tuple[int, ...] = ()
        if media.cards:
            original = folder / "original"
            original.write_bytes(store.read(file_of(media)))
            cards = prepare_cards(original, folder, focus)
        names = [card_name(focus, width) + ending for width in cards for ending in FORMATS]
        files = {derived_file(media.digest, name): folder / name for name in names}
        with collection.kept(store, files), writing() as session:
            found = _locked(session, media.id)
            if found.digest != media.digest:
                raise Problem("conflict")
            before = collection.set_focus(session, found, focus, cards, datetime.now(UTC))
            _record(session, "medium-focused", found)
    collection.drop(reading(), store, before)


def _record(session: Session, action: str, media: Media) -> None:
    audit.record(session, gate.current_user().id, action, audit.of_medium(media))


def _require_change(user: User, media: Media) -> None:
    if not may(user, Action.CHANGE_MEDIA, media):
        raise Forbidden


def _asked_alts(user: User, media: Media) -> dict[str, str]:
    """The words that were changed, by locale: what stood there when the form was opened is no change.

    Raises Forbidden for somebody who may describe the medium in no language, or not in these.
    """
    mine, typed = _described_by(user, media), request.form
    known = {name: typed.get(f"was-{name}", media.alt(name)) for name in _text_locales(media)}
    changed = {
        name: typed[f"alt-{name}"]
        for name, was in known.items()
        if typed.get(f"alt-{name}", was) != was
    }
    if not mine or not changed.keys() <= mine:
        raise Forbidden
    return changed


def _described_by(user: User, media: Media) -> set[str]:
    """The locales in which somebody may describe a medium."""
    return {name for name in _text_locales(media) if may(user, Action.DESCRIBE_MEDIA, media, name)}


def _find(media_id: int) -> Media:
    media = reading().get(Media, media_id)
    if media is None:
        raise NotFound
    return media


def _locked(session: Session, media_id: int) -> Media:
    try:
        return collection.get_media(session, media_id)
    except LookupError:
        raise NotFound from None


def _percent(name: str, known: int) -> int:
    value = request.form.get(name, "").strip()
    return min(int(value), 100) if value.isascii() and value.isdigit() and len(value) < 5 else known


def _text_locales(media: Media) -> list[str]:
    """The languages of the site, and those that this medium has words in."""
    return list(dict.fromkeys((*get_locales().current, *(text.locale for text in media.texts))))


def _page(media: Media, refusal: str, status: int) -> Response:
    user, locale = gate.current_user(), current_locale()
    body = render_template(
        "admin/medium.html",
        user=user,
        medium=media,
        image=whole(media, media.alt(locale), SIZES),
        url=media_url(media),
        markdown=markdown_of(media, locale),
        uses=uses_of(reading(), media.id),
        text_locales=_text_locales(media),
        is_mine=may(user, Action.CHANGE_MEDIA, media),
        described=_described_by(user, media),
        refusal=refusal,
    )
    return finished(make_response(body, status))
