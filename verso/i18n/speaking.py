"""The catalog that speaks now: pinned to a request at its first word, so that a page is of one piece."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, request

from verso.i18n.catalogs import Catalog, Catalogs
from verso.i18n.locales import SPOKEN, current_locale

_PINNED = "_verso_catalog"
_request = request._get_current_object  # type: ignore[attr-defined]


def speaking() -> Catalog:
    """The catalog of the current request, or of `speak`, or of the default locale."""
    spoken = SPOKEN.get()
    if spoken is not None:
        return catalog_of(spoken)
    try:
        # One look-up, for this is done for every string.
        known = _request().__dict__
    except RuntimeError:
        return catalog_of(current_locale())
    # On the request and not on `g`: several requests may share one application context.
    pinned: Catalog | None = known.get(_PINNED)
    if pinned is None:
        pinned = known[_PINNED] = catalog_of(current_locale())
    return pinned


def pin(catalog: Catalog) -> None:
    """Let the current request speak from this catalog."""
    request.__dict__[_PINNED] = catalog


@contextmanager
def speak(locale: str) -> Iterator[None]:
    """Speak another language for a while: in a mail, an export, a command."""
    token = SPOKEN.set(locale)
    try:
        yield
    finally:
        SPOKEN.reset(token)


def catalog_of(locale: str) -> Catalog:
    """The catalog of a locale as it is now."""
    catalogs: Catalogs = current_app.extensions["verso.catalogs"]
    return catalogs.get(locale)
