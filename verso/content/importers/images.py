"""Images that come in from outside: only what is really an image of a known kind, kept as it is."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from sqlalchemy.orm import Session

from verso.media.storage import find_by_key, media_address, safe_name
from verso.media.svg import SvgRefused, clean_svg
from verso.models.media import KEY_LENGTH

MAX_IMAGE_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000
# Of all frames of an animation together.
MAX_ANIMATION_PIXELS = 512_000_000
MAX_FRAMES = 1000
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".svg")

_SUFFIXES = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",)}
_SUFFIXES |= {"AVIF": (".avif",), "GIF": (".gif",)}


class ImageRefused(ValueError):
    """A file that is no image, or none that may stand on the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedImage:
    """The bytes to be stored, with a name whose ending tells the truth; pixels unless SVG."""

    name: str
    data: bytes
    content_type: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image file that was checked: where it is, and the name and digest it is stored under."""

    path: Path
    name: str
    digest: str

    @property
    def url(self) -> str:
        return media_address(self.digest, self.name)


class Images:
    """The images of a run: each file is checked once, the same bytes have one name."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.found: dict[Path, FoundImage | ImageRefused] = {}
        self.names: dict[str, str] = {}
        self.urls: dict[str, FoundImage] = {}

    def find(self, path: Path) -> FoundImage:
        """The image at a path; ImageRefused where it is none."""
        if path not in self.found:
            try:
                self.found[path] = self._check(path)
            except ImageRefused as error:
                self.found[path] = error
        found = self.found[path]
        if isinstance(found, ImageRefused):
            raise found
        return found

    def at_url(self, url: str) -> FoundImage | None:
        """The image that was found and has this URL, or None."""
        return self.urls.get(url)

    def _check(self, path: Path) -> FoundImage:
        image = read_image(path)
        digest = hashlib.sha256(image.data).hexdigest()
        if digest not in self.names:
            stored = find_by_key(self.session, digest[:KEY_LENGTH])
            self.names[digest] = (
                stored.name if stored else safe_name(image.name, image.content_type)
            )
        found = FoundImage(path, self.names[digest], digest)
        self.urls[found.url] = found
        return found


def read_image(path: Path) -> CheckedImage:
    """Read and check an image file; ImageRefused says what is wrong with it."""
    size = path.stat().st_size
    if size > MAX_IMAGE_BYTES:
        raise ImageRefused(f"larger than {MAX_IMAGE_BYTES // 1024 // 1024} MB")
    if path.suffix.lower() == ".svg":
        return _svg(path)
    data = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _decoded(path.name, data)
        except UnidentifiedImageError as error:
            raise ImageRefused("not a JPEG, PNG, WebP, AVIF or GIF image") from error
        except _DECODING_ERRORS as error:
            raise ImageRefused(f"damaged or too large: {error}") from error


# What Pillow's decoders raise on files that are cut off, damaged or made to harm.
_DECODING_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def _decoded(name: str, data: bytes) -> CheckedImage:
    """Decode every pixel of every frame: a header alone proves nothing."""
    with Image.open(BytesIO(data), formats=tuple(_SUFFIXES)) as image:
        frames = getattr(image, "n_frames", 1)
        pixels = image.width * image.height
        if pixels > MAX_PIXELS or frames > MAX_FRAMES or pixels * frames > MAX_ANIMATION_PIXELS:
            raise ImageRefused(f"{image.width} x {image.height} pixels, {frames} frames: too large")
        for frame in range(frames):
            image.seek(frame)
            image.load()
        suffixes = _SUFFIXES[image.format or ""]
        return CheckedImage(
            name=name if name.lower().endswith(suffixes) else Path(name).stem + suffixes[0],
            data=data,
            content_type=Image.MIME[image.format or ""],
            width=image.width,
            height=image.height,
        )


def _svg(path: Path) -> CheckedImage:
    try:
        data = clean_svg(path.read_bytes())
    except SvgRefused as error:
        raise ImageRefused(str(error)) from error
    return CheckedImage(
        name=path.name, data=data, content_type="image/svg+xml", width=None, height=None
    )
