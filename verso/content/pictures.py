"""Pictures in pages: our own media in the sizes and formats that a browser chooses from.

A body is rendered when it is saved and knows a picture by its address only; what stands there now is
looked up when a page is shown, so that a replaced picture needs no document to be saved again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.media.encoding import FORMATS, Focus, card_height, card_name
from verso.media.storage import media_url, numbers, version_url
from verso.models import Media

# Around which widths pictures stand in pages, as verso.css and prose.css set them.
BODY_SIZES = "(min-width: 56rem) 52rem, 100vw"
OPENING_SIZES = "(min-width: 75rem) 70rem, 100vw"
CARD_SIZES = "(min-width: 40rem) 13rem, 100vw"
# As the cleaner writes the images of a body: attributes in quotes, nothing unescaped in them. The address
# may be one that was copied from a page, which names the present bytes: those may be others by now.
_IMAGE = re.compile(
    r'<img src="/media/([0-9a-f]{16})/(?:[0-9a-f]{16}/)?[^"/]+"((?: [a-z]+="[^"]*")*)>'
)


@dataclass(frozen=True, slots=True)
class Source:
    """One format of a picture: its type, and addresses by width."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with its size in pixels and its words.

    src is the address of its present bytes, shown the size of what pages show: a crop, say.
    """

    url: str
    src: str
    width: int | None
    height: int | None
    alt: str
    shown: tuple[int, int] | None
    sources: Sequence[Source] = ()
    sizes: str = ""


def whole(media: Media, alt: str, sizes: str) -> Picture:
    """The whole picture, as wide as there is room."""
    return Picture(
        url=media_url(media),
        src=version_url(media, media.name),
        width=media.width,
        height=media.height,
        alt=alt,
        shown=(media.width, media.height) if media.width and media.height else None,
        sources=_sources(media, [(str(width), width) for width in numbers(media.widths)]),
        sizes=sizes,
    )


def crop(media: Media, alt: str) -> Picture:
    """The crop around the focus that stands in cards; the whole where no crop was made."""
    widths = numbers(media.cards)
    if not widths:
        return whole(media, alt, CARD_SIZES)
    focus = Focus(media.focus_x, media.focus_y)
    names = [(card_name(focus, width), width) for width in widths]
    return Picture(
        url=media_url(media),
        src=version_url(media, names[0][0] + ".webp"),
        width=media.width,
        height=media.height,
        alt=alt,
        shown=(widths[-1], card_height(widths[-1])),
        sources=_sources(media, names),
        sizes=CARD_SIZES,
    )


def illustrate(session: Session, html: str, locale: str, *, eager: bool = False) -> str:
    """Rendered content with each image of ours as a `<picture>`; locale is that of its words.

    An image without words says what the medium says in that language. With `eager` the first one
    is loaded at once.
    """
    keys = {match[1] for match in _IMAGE.finditer(html)}
    if not keys:
        return html
    found = {
        media.key: media for media in session.scalars(select(Media).where(Media.key.in_(keys)))
    }
    is_first = eager

    def replaced(match: re.Match[str]) -> str:
        nonlocal is_first
        media = found.get(match[1])
        if media is None:
            return match[0]
        attributes = match[2].replace(' loading="lazy"', "") if is_first else match[2]
        is_first = False
        return _picture(media, attributes, locale)

    return _IMAGE.sub(replaced, html)


def _picture(media: Media, attributes: str, locale: str) -> str:
    picture = whole(media, media.alt(locale), BODY_SIZES)
    if picture.alt:
        attributes = attributes.replace(' alt=""', f' alt="{escape(picture.alt)}"')
    size = f' width="{media.width}" height="{media.height}"' if media.width else ""
    image = f'<img src="{escape(picture.src)}"{attributes}{size}>'
    if not picture.sources:
        return image
    sources = "".join(
        f'<source type="{one.type}" srcset="{escape(one.srcset)}" sizes="{picture.sizes}">'
        for one in picture.sources
    )
    return f"<picture>{sources}{image}</picture>"


def _sources(media: Media, names: Sequence[tuple[str, int]]) -> tuple[Source, ...]:
    if not names:
        return ()
    return tuple(
        Source(
            f"image/{ending[1:]}",
            ", ".join(f"{version_url(media, name + ending)} {width}w" for name, width in names),
        )
        for ending in FORMATS
    )
