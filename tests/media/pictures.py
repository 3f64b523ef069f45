"""Images for tests: ordinary ones, and the kinds that somebody makes to do harm."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (400, 300),
    color: Any = (200, 40, 40),
    mode: str = "RGB",
    **options: Any,
) -> bytes:
    """A picture whose left half has a colour and whose right half is white."""
    image = Image.new(mode, size, "white" if mode == "RGB" else color)
    image.paste(color, (0, 0, size[0] // 2, size[1]))
    encoded = io.BytesIO()
    image.save(encoded, kind, **options)
    return encoded.getvalue()


def photo_with_everything(kind: str = "JPEG") -> bytes:
    """A picture that lies on its side, with a place, a profile, XMP and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET-DESCRIPTION"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile}
    if kind in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET-XMP</x:xmpmeta>"
    if kind == "JPEG":
        options["comment"] = b"SECRET-COMMENT"
    return picture(kind, **options)


def moving(kind: str = "GIF", frames: int = 4, size: tuple[int, int] = (40, 30)) -> bytes:
    """An animation."""
    images = [Image.new("RGB", size, (n * 40 % 256, n % 256, 90)) for n in range(frames)]
    encoded = io.BytesIO()
    images[0].save(encoded, kind, save_all=True, append_images=images[1:], duration=50, loop=0)
    return encoded.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *chunks: bytes, rows: bytes | None = None) -> bytes:
    """A grey PNG of any size: its pixels are zeros that take next to no room."""
    if rows is None:
        packer = zlib.compressobj(9)
        line = bytes(width + 1)
        rows = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


def pixel_bomb() -> bytes:
    """A PNG of 30,000 x 30,000 pixels in some kilobytes of zeros."""
    return png(30_000, 30_000, rows=zlib.compress(bytes(30_001) * 200, 9))


def text_bomb() -> bytes:
    """A small PNG with a text that unpacks to 200 MB."""
    return png(8, 8, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)))


def profile_bomb() -> bytes:
    """A small PNG with a colour profile that unpacks to 200 MB."""
    return png(8, 8, chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(200_000_000), 9)))


def exif_bomb() -> bytes:
    """A small PNG with 8 MB of EXIF."""
    return png(8, 8, chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0\0\0\0\0" + bytes(8_000_000)))


def frame_bomb(frames: int = 50_000) -> bytes:
    """A GIF of very many frames, each a single pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1000, 1000, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\x04\x01\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0" + b"\x02\x02D\x01\0"
    return head + frame * frames + b";"


def gif_that_is_a_script() -> bytes:
    """A GIF whose bytes are valid JavaScript: its size reads as the beginning of a comment."""
    return b"GIF89a/*" + picture("GIF", (10, 10))[8:] + b"*/=1;alert(1);" + SCRIPT
