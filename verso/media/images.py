"""Images that somebody uploads: what they are by their bytes, and why one is refused.

The worker (worker.py) runs this in a process of its own, so it imports nothing but Pillow.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from PIL import Image, PngImagePlugin, UnidentifiedImageError

MAX_PIXELS = 50_000_000
MAX_SIDE = 30_000
# Of all frames of an animation together.
MAX_ANIMATION_PIXELS = 100_000_000
MAX_FRAMES = 1000
MAX_METADATA_BYTES = 4 * 1024 * 1024

ENDINGS = {
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "GIF": (".gif",),
}
CONTENT_TYPES = {name: f"image/{name.lower()}" for name in ENDINGS}
# Bytes that a file of a kind begins with, and where (AVIF: ISO/IEC 14496-12, 4.3).
_SIGNATURES = (
    ("JPEG", 0, (b"\xff\xd8\xff",)),
    ("PNG", 0, (b"\x89PNG\r\n\x1a\n",)),
    ("GIF", 0, (b"GIF87a", b"GIF89a")),
    ("WEBP", 8, (b"WEBP",)),
    ("AVIF", 4, (b"ftypavif", b"ftypavis", b"ftypmif1", b"ftypmsf1")),
)


class Reason(StrEnum):
    """Why a file is refused; refusals.py has the sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    SVG = "svg"
    FORMAT = "format"
    ENDING = "ending"
    DAMAGED = "damaged"
    PIXELS = "pixels"
    FRAMES = "frames"
    METADATA = "metadata"
    EFFORT = "effort"


class ImageRefused(ValueError):
    """A file that may not stand on the site; values fill the gaps of the reason's sentence."""

    def __init__(self, reason: Reason, **values: str | int) -> None:
        super().__init__(f"{reason}: {values}" if values else reason)
        self.reason = reason
        self.values = values


def kind_of(head: bytes) -> str:
    """The format that a file's first bytes tell; ImageRefused for any other than the five."""
    if not head:
        raise ImageRefused(Reason.EMPTY)
    for name, start, beginnings in _SIGNATURES:
        if head[start:].startswith(beginnings) and (name != "WEBP" or head[:4] == b"RIFF"):
            return name
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1000].lower()
    if beginning.startswith(b"<") and b"<svg" in head.lower():
        raise ImageRefused(Reason.SVG)
    raise ImageRefused(Reason.FORMAT)


def check_ending(name: str) -> None:
    """ImageRefused for a name that ends like something else than an image.

    A WebP that is called `.jpg` is an everyday thing: its name is put right. `.html` is none.
    """
    ending = Path(name).suffix.lower()
    if ending == ".svg":
        raise ImageRefused(Reason.SVG)
    if ending and ending not in {one for endings in ENDINGS.values() for one in endings}:
        raise ImageRefused(Reason.ENDING, ending=ending[:20])


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """An image whose header was checked; ImageRefused for one that its decoder cannot finish too."""
    with path.open("rb") as file:
        kind = kind_of(file.read(4096))
    # Whoever makes a bomb is told so by our own limits, not by a warning of Pillow's.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=(kind,)) as image:
                _check_size(image)
                _check_metadata(image)
                yield image
    except ImageRefused:
        raise
    except MemoryError as error:
        raise ImageRefused(Reason.EFFORT) from error
    except UnidentifiedImageError as error:
        raise _refusal(error, path, kind) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError) as error:
        # What Pillow's decoders raise on files that are cut off, damaged or made to harm; what the
        # system says of a disk has a number.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        is_text = "MAX_TEXT" in str(error)
        raise ImageRefused(Reason.METADATA if is_text else Reason.DAMAGED) from error


def _refusal(error: Exception, path: Path, kind: str) -> ImageRefused:
    """Why Pillow says that it knows no such image: it hides a bomb in a PNG's texts behind that."""
    if kind == "PNG":
        try:
            with path.open("rb") as file:
                PngImagePlugin.PngImageFile(file).close()
        except ValueError as cause:
            if "MAX_TEXT" in str(cause):
                return ImageRefused(Reason.METADATA)
        except (OSError, SyntaxError, EOFError):
            pass
    return ImageRefused(Reason.DAMAGED)


def _check_size(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise ImageRefused(
            Reason.PIXELS,
            width=image.width,
            height=image.height,
            most=MAX_PIXELS // 1_000_000,
        )


def _check_metadata(image: Image.Image) -> None:
    for name in ("icc_profile", "exif", "xmp", "XML:com.adobe.xmp", "comment"):
        value = image.info.get(name)
        if isinstance(value, bytes | str) and len(value) > MAX_METADATA_BYTES:
            raise ImageRefused(Reason.METADATA)
