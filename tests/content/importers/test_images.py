"""Only files that really are images come in, and they stay as they are."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from verso.content.importers import images
from verso.content.importers.images import ImageRefused, read_image


def _encoded(kind: str, size: tuple[int, int] = (6, 4)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "#7a2a6b").save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/avif"),
        ("GIF", "image/gif"),
    ],
)
def test_five_kinds_come_in_byte_by_byte(tmp_path: Path, kind: str, content_type: str) -> None:
    file = tmp_path / f"a.{kind.lower()}"
    file.write_bytes(_encoded(kind))
    image = read_image(file)
    assert (image.content_type, image.width, image.height) == (content_type, 6, 4)
    assert image.data == file.read_bytes()
    assert image.name == file.name


def test_a_name_that_lies_about_its_kind_is_corrected(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(_encoded("PNG"))
    assert read_image(file).name == "photo.png"


@pytest.mark.parametrize(
    "data",
    [b"", b"text", b"<svg/>", _encoded("BMP"), _encoded("PNG")[:50], _encoded("JPEG")[:300]],
    ids=["empty", "text", "svg", "bmp", "cut png", "cut jpeg"],
)
def test_what_is_no_whole_image_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(data)
    with pytest.raises(ImageRefused):
        read_image(file)


def test_a_bomb_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.png"
    buffer = BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    file.write_bytes(buffer.getvalue())
    with pytest.raises(ImageRefused, match="too large"):
        read_image(file)
    monkeypatch.setattr(images, "MAX_IMAGE_BYTES", 10)
    with pytest.raises(ImageRefused, match="larger than"):
        read_image(file)


def test_an_svg_comes_in_cleaned(tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    file.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script><path d="M0 0"/></svg>'
    )
    image = read_image(file)
    assert image.content_type == "image/svg+xml"
    assert b"script" not in image.data and b"<path" in image.data
