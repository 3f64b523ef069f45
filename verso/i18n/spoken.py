"""The strings of one page: what was looked up for it, in the order in which it shows them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape

from verso.i18n.listing import anchor_of
from verso.i18n.messages import PLACEHOLDER, SOURCE_LOCALE, Message, source_message
from verso.i18n.overview import Overview
from verso.i18n.recording import Lookup
from verso.i18n.standing import Stand, Standing
from verso.i18n.template import Original

_GAP = "\0"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message that a page asked for, and whose words it shows.

    `shown_in` is the locale of those words; `asked_at` says where in the code and the templates,
    `written_at` where in a `.po` file. `is_visible` is false where the page has them nowhere.
    """

    original: Original
    standing: Standing
    forms: tuple[str, ...]
    shown_in: str
    asked_at: tuple[str, ...]
    written_at: str
    position: int

    @property
    def anchor(self) -> str:
        return anchor_of(self.original.key)

    @property
    def is_visible(self) -> bool:
        return self.position >= 0


def strings_of(
    lookups: Iterable[Lookup], html: str, overview: Overview, locale: str
) -> list[Spoken]:
    """Each message once, in order of appearance; then those whose words are not in the page."""
    standings, originals = overview.standings(locale), overview.template.originals()
    places: dict[str, dict[str, None]] = {}
    found: dict[str, Message | None] = {}
    for lookup in lookups:
        places.setdefault(lookup.key, {})[lookup.place] = None
        found[lookup.key] = lookup.found
    text = unescape(html)
    spoken = []
    for key, asked_at in places.items():
        original, standing = originals.get(key) or _unknown(key), standings.of(key)
        message = found[key]
        spoken.append(
            Spoken(
                original=original,
                standing=standing,
                forms=_forms(message, standing, original),
                shown_in=message.locale if message else SOURCE_LOCALE,
                asked_at=tuple(filter(None, asked_at)),
                written_at=overview.place_of(standing),
                position=_position(text, message or _source(original)),
            )
        )
    return sorted(spoken, key=lambda one: (not one.is_visible, one.position))


def _unknown(key: str) -> Original:
    """A message that the template does not have: of an extension, or not extracted yet."""
    context, _, msgid = key.rpartition("\x04")
    return Original(context or None, msgid)


def _source(original: Original) -> Message:
    return source_message(original.msgid, original.plural)


def _forms(message: Message | None, standing: Standing, original: Original) -> tuple[str, ...]:
    """The translation: as it is served, or as it is written where that is not served."""
    if standing.stand is Stand.DONE:
        return tuple(map(str, (message or _source(original)).forms))
    return tuple(filter(None, standing.entry.entry.forms)) if standing.entry else ()


def _position(text: str, message: Message) -> int:
    """Where a page shows a message in one of its forms, whatever fills the placeholders; -1: nowhere."""
    places = (_place(text, _pieces(str(form), message)) for form in message.forms)
    return min((place for place in places if place >= 0), default=-1)


def _pieces(form: str, message: Message) -> list[str]:
    """What of a form is in a page as it stands: all but the placeholders."""
    if message.is_formatted:
        form = PLACEHOLDER.sub(_GAP, form).replace("%%", "%")
    pieces = (piece.strip() for piece in unescape(form).split(_GAP))
    return [piece for piece in pieces if piece]


def _place(text: str, pieces: Sequence[str]) -> int:
    if not pieces or not all(piece in text for piece in pieces):
        return -1
    longest = max(pieces, key=len)
    # A whole word rather than a part of another, where the script has spaces between words.
    word = re.search(rf"(?<!\w){re.escape(longest)}(?!\w)", text)
    return word.start() if word else text.find(longest)
