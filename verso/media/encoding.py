"""Writing images anew: upright, in sRGB, without metadata, in the sizes that pages ask for."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageSequence

from verso.media.images import (
    MAX_ANIMATION_PIXELS,
    MAX_FRAMES,
    ImageRefused,
    Reason,
)

# The longest side of what is kept; nobody's screen shows more of a picture in a page.
KEPT_SIDE = 2560
KEPT_ANIMATION_SIDE = 1280
WIDTHS = (320, 640, 960, 1280, 1920)
CARD_WIDTHS = (320, 640, 960)
CARD_RATIO = (8, 5)
# Below this a picture is an icon, of which smaller ones would save nothing.
LEAST_WIDTH = 64
FORMATS = (".avif", ".webp")

_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "progressive": True, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": 88, "method": 4},
    "AVIF": {"quality": 75, "speed": 8, "max_threads": 2},
    "GIF": {},
}
_SMALL_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 60, "speed": 8, "max_threads": 2},
    "WEBP": {"quality": 80, "method": 4},
}


@dataclass(frozen=True, slots=True)
class Focus:
    """The point of a picture that a crop keeps, in percent from its left and top."""

    x: int = 50
    y: int = 50


def widths_for(width: int) -> tuple[int, ...]:
    """The widths in which a picture is kept for srcset, none larger than itself."""
    if width < LEAST_WIDTH:
        return ()
    smaller = tuple(one for one in WIDTHS if one < width)
    return (*smaller, width) if width <= WIDTHS[-1] else smaller


def card_widths_for(width: int, height: int) -> tuple[int, ...]:
    """The widths in which the crop for cards is kept; at least one unless it is an icon."""
    most = min(width, height * CARD_RATIO[0] // CARD_RATIO[1])
    if most < LEAST_WIDTH:
        return ()
    return tuple(one for one in CARD_WIDTHS if one <= most) or (most,)


def card_height(width: int) -> int:
    return max(1, round(width * CARD_RATIO[1] / CARD_RATIO[0]))


def height_for(width: int, of: tuple[int, int]) -> int:
    """The height of a picture of a size when it is shown so wide."""
    return max(1, round(width * of[1] / of[0]))


def card_name(focus: Focus, width: int) -> str:
    """The name of a crop; the focus is in it, so that what is at an address never changes."""
    return f"card-{focus.x}-{focus.y}-{width}"


def derived_names(widths: tuple[int, ...], cards: tuple[int, ...], focus: Focus) -> tuple[str, ...]:
    """The names of the sizes and crops of a picture."""
    stems = [*map(str, widths), *(card_name(focus, width) for width in cards)]
    return tuple(stem + ending for stem in stems for ending in FORMATS)


def is_animation(image: Image.Image) -> bool:
    """Whether a picture moves and stays so: a GIF or WebP of several frames."""
    return image.format in ("GIF", "WEBP") and bool(getattr(image, "is_animated", False))


def write_animation(image: Image.Image, target: Path) -> None:
    """Write every frame anew; ImageRefused for one frame too many."""
    frames = _frames(image)
    first = next(frames)
    kind = str(image.format)
    options = {**_OPTIONS[kind], "save_all": True, "append_images": frames}
    _save(first, target, kind, {**options, "loop": image.info.get("loop", 0)})


def write_original(still: Image.Image, kind: str, target: Path) -> None:
    """Write a picture anew in a format of its own."""
    _save(still.convert("RGB") if kind == "JPEG" else still, target, kind, _OPTIONS[kind])


def write_sizes(still: Image.Image, folder: Path) -> tuple[int, ...]:
    """Write the sizes for srcset as `<width>.avif` and `<width>.webp`; their widths."""
    widths = widths_for(still.width)
    for width in widths:
        size = (width, height_for(width, still.size))
        small = still if width == still.width else still.resize(size, Image.Resampling.LANCZOS)
        _write_both(small, folder / str(width))
    return widths


def write_cards(still: Image.Image, folder: Path, focus: Focus) -> tuple[int, ...]:
    """Write the crops for cards around the focus; their widths."""
    widths = card_widths_for(*still.size)
    box = crop_box(still.size, CARD_RATIO, focus)
    for width in widths:
        size = (width, card_height(width))
        small = still.resize(size, Image.Resampling.LANCZOS, box=box)
        _write_both(small, folder / card_name(focus, width))
    return widths


def crop_box(
    size: tuple[int, int], ratio: tuple[int, int], focus: Focus
) -> tuple[float, float, float, float]:
    """The largest box of a ratio within a picture that has the focus as near its middle as it goes."""
    width, height = size
    crop_width = min(float(width), height * ratio[0] / ratio[1])
    crop_height = crop_width * ratio[1] / ratio[0]
    left = min(max(width * focus.x / 100 - crop_width / 2, 0), width - crop_width)
    top = min(max(height * focus.y / 100 - crop_height / 2, 0), height - crop_height)
    return left, top, left + crop_width, top + crop_height


def upright(image: Image.Image) -> Image.Image:
    """The picture as it is meant to be seen, in RGB or RGBA and sRGB, within the kept size.

    What it carried beside its pixels (EXIF, ICC, XMP, comments) stays behind.
    """
    orientation = image.getexif().get(0x0112, 1)
    profile = image.info.get("icc_profile")
    image.draft(None, (KEPT_SIDE, KEPT_SIDE))
    image.load()
    plain = image
    if image.mode in ("P", "PA", "1") or image.mode.startswith("I"):
        has_alpha = "transparency" in image.info or image.mode == "PA"
        plain = image.convert("RGBA" if has_alpha else "RGB")
    elif image.mode in ("L", "RGB") and "transparency" in image.info:
        plain = image.convert("RGBA")
    plain.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain = _in_srgb(plain, profile)
    turned = _TURNS.get(orientation)
    plain = plain.transpose(turned) if turned is not None else plain
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


# What each orientation of EXIF needs to stand upright (Exif 2.3, 4.6.4 A).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert by the picture's own profile; one that cannot be read is taken for sRGB."""
    mode = "RGBA" if image.mode in ("RGBA", "LA", "La", "RGBa") else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert(mode) if image.mode != mode else image


def _write_both(image: Image.Image, stem: Path) -> None:
    for kind, options in _SMALL_OPTIONS.items():
        _save(image, stem.with_name(f"{stem.name}.{kind.lower()}"), kind, options)


def _save(image: Image.Image, target: Path, kind: str, options: dict[str, Any]) -> None:
    """Encode in memory first: Pillow's own writing to a file hides why the disk refused."""
    encoded = io.BytesIO()
    image.save(encoded, format=kind, **options)
    target.write_bytes(encoded.getbuffer())


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    pixels = 0
    for number, frame in enumerate(ImageSequence.Iterator(image), 1):
        pixels += image.width * image.height
        if number > MAX_FRAMES or pixels > MAX_ANIMATION_PIXELS:
            raise ImageRefused(Reason.FRAMES, most=MAX_FRAMES)
        small = frame.convert("RGBA")
        small.thumbnail((KEPT_ANIMATION_SIDE, KEPT_ANIMATION_SIDE), Image.Resampling.LANCZOS)
        duration = frame.info.get("duration", 100)
        small.info = {"duration": duration}
        yield small
