"""Images that come in are decoded, refused with a reason or written anew with nothing but pixels."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.media.pictures import (
    SCRIPT,
    SVG,
    exif_bomb,
    frame_bomb,
    gif_that_is_a_script,
    moving,
    photo_with_everything,
    picture,
    pixel_bomb,
    png,
    profile_bomb,
    text_bomb,
)
from verso.media.encoding import Focus, crop_box, widths_for
from verso.media.images import ImageRefused, Reason
from verso.media.preparing import Prepared, prepare, prepare_cards, workspace

KINDS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
SECRETS = (b"SECRET", b"Exif", b"ICC_PROFILE", b"iCCP", b"xmpmeta", b"eXIf", b"tEXt", b"zTXt")


def prepared(folder: Path, data: bytes, name: str = "a", focus: Focus | None = None) -> Prepared:
    source = folder / "source"
    source.write_bytes(data)
    target = folder / "made"
    target.mkdir()
    return prepare(source, name, target, focus)


def refusal(folder: Path, data: bytes, name: str = "a") -> Reason:
    with pytest.raises(ImageRefused) as refused:
        prepared(folder, data, name)
    return refused.value.reason


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_of_each_kind_is_kept_in_its_kind_and_in_smaller_sizes(
    kind: str, tmp_path: Path
) -> None:
    made = prepared(tmp_path, picture(kind, (1000, 700)))
    assert made.content_type == f"image/{kind.lower()}"
    assert (made.width, made.height) == (1000, 700)
    assert made.widths == (320, 640, 960, 1000) and made.cards == (320, 640, 960)
    assert {path.name for path in made.folder.iterdir()} == {"original", *made.names}
    for name in made.names:
        with Image.open(made.folder / name) as small:
            small.load()
            wanted = "AVIF" if name.endswith(".avif") else "WEBP"
            assert small.format == wanted
            stem = name.rpartition(".")[0]
            width = int(stem.rpartition("-")[2])
            height = 200 if stem == "card-50-50-320" else None
            assert small.width == width and (height is None or small.height == height)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_pixels_is_left(kind: str, tmp_path: Path) -> None:
    data = photo_with_everything(kind) + b"TAIL" + SCRIPT
    made = prepared(tmp_path, data)
    # Orientation 6: what lies on its side is kept upright. A GIF cannot say how it lies.
    assert (made.width, made.height) == ((400, 300) if kind == "GIF" else (300, 400))
    for path in made.folder.iterdir():
        stored = path.read_bytes()
        assert not [secret for secret in (*SECRETS, b"TAIL", SCRIPT) if secret in stored], path
        with Image.open(path) as image:
            image.load()
            assert not dict(image.getexif())
            assert not {"icc_profile", "exif", "xmp", "comment"} & image.info.keys()


def test_the_original_ends_where_its_picture_ends(tmp_path: Path) -> None:
    made = prepared(tmp_path, picture("JPEG") + b"x" * 500)
    assert (made.folder / "original").read_bytes()[-2:] == b"\xff\xd9"


def test_colours_of_another_space_become_those_of_the_web(tmp_path: Path) -> None:
    made = prepared(tmp_path, picture("JPEG", color=(0, 200, 200, 0), mode="CMYK"))
    with Image.open(made.folder / "original") as image:
        assert image.mode == "RGB"
        red, green, blue = image.getpixel((50, 50))  # type: ignore[misc]
    assert red > 180 and green < 120 and blue < 120


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_mode_of_a_png_is_understood(mode: str, tmp_path: Path) -> None:
    encoded = io.BytesIO()
    Image.new(mode, (200, 100)).save(encoded, "PNG")
    assert prepared(tmp_path, encoded.getvalue()).width == 200


def test_a_transparent_picture_stays_so(tmp_path: Path) -> None:
    made = prepared(tmp_path, picture("PNG", color=(0, 0, 0, 0), mode="RGBA"))
    for name in ("original", "320.avif", "320.webp"):
        with Image.open(made.folder / name) as image:
            assert image.convert("RGBA").getpixel((10, 10))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_goes_on_moving(kind: str, tmp_path: Path) -> None:
    made = prepared(tmp_path, moving(kind))
    with Image.open(made.folder / "original") as image:
        assert image.format == kind
        assert image.n_frames == 4 and image.info["loop"] == 0  # type: ignore[attr-defined]
        image.seek(1)
        image.load()
        assert image.info["duration"] == 50
    assert made.names == ()


def test_a_huge_picture_is_kept_at_a_sensible_size(tmp_path: Path) -> None:
    made = prepared(tmp_path, picture("JPEG", (6000, 4000)))
    assert (made.width, made.height) == (2560, 1707)
    assert made.widths == (320, 640, 960, 1280, 1920)


def test_an_icon_has_no_smaller_sizes(tmp_path: Path) -> None:
    assert prepared(tmp_path, picture("PNG", (32, 32))).names == ()
    assert widths_for(1) == ()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", Reason.EMPTY),
        (lambda: SVG, Reason.SVG),
        (lambda: b"\xef\xbb\xbf  <!-- x --><SVG onload=alert(1)>", Reason.SVG),
        (lambda: b"<!doctype html><p>hello", Reason.FORMAT),
        (lambda: b"%PDF-1.7", Reason.FORMAT),
        (lambda: b"MZ\x90\0", Reason.FORMAT),
        (lambda: b"BM" + bytes(100), Reason.FORMAT),
        (lambda: b"GIF89a=1;alert(1)//", Reason.DAMAGED),
        (lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT, Reason.DAMAGED),
        (lambda: picture("JPEG")[:2000], Reason.DAMAGED),
        (lambda: picture("PNG")[:200], Reason.DAMAGED),
        (lambda: picture("WEBP")[:200], Reason.DAMAGED),
        (lambda: picture("AVIF")[:400], Reason.DAMAGED),
        (pixel_bomb, Reason.PIXELS),
        (lambda: png(40_000, 2), Reason.PIXELS),
        (frame_bomb, Reason.FRAMES),
        (lambda: moving("WEBP", 1100, (8, 8)), Reason.FRAMES),
        (text_bomb, Reason.METADATA),
        (profile_bomb, Reason.METADATA),
        (exif_bomb, Reason.METADATA),
    ],
)
def test_what_is_no_honest_image_is_refused(
    make: Callable[[], bytes], reason: Reason, tmp_path: Path
) -> None:
    assert refusal(tmp_path, make()) is reason


@pytest.mark.parametrize("name", ["a.html", "photo.jpg.php", "x.exe", "page.svg", "a.tiff"])
def test_a_name_that_ends_like_something_else_is_refused(name: str, tmp_path: Path) -> None:
    wanted = Reason.SVG if name.endswith(".svg") else Reason.ENDING
    assert refusal(tmp_path, picture("PNG"), name) is wanted


@pytest.mark.parametrize("name", ["photo.webp", "image", "PHOTO.JPG", "日本.png"])
def test_a_name_that_ends_like_another_image_is_no_reason(name: str, tmp_path: Path) -> None:
    assert prepared(tmp_path, picture("PNG"), name).content_type == "image/png"


def test_of_a_polyglot_only_the_picture_is_kept(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.js", "alert(1)")
    made = prepared(tmp_path, picture("JPEG") + archive.getvalue())
    assert not zipfile.is_zipfile(made.folder / "original")
    assert b"evil.js" not in (made.folder / "original").read_bytes()


def test_a_gif_that_is_a_script_is_refused_or_is_none_afterwards(tmp_path: Path) -> None:
    try:
        made = prepared(tmp_path, gif_that_is_a_script())
    except ImageRefused as refused:
        assert refused.reason in (Reason.DAMAGED, Reason.PIXELS)
    else:
        stored = (made.folder / "original").read_bytes()
        assert SCRIPT not in stored and b"alert" not in stored and stored[6:8] != b"/*"


def test_crops_keep_the_focus() -> None:
    assert crop_box((1600, 500), (8, 5), Focus(0, 50)) == (0, 0, 800, 500)
    assert crop_box((1600, 500), (8, 5), Focus(50, 50)) == (400, 0, 1200, 500)
    assert crop_box((1600, 500), (8, 5), Focus(100, 0)) == (800, 0, 1600, 500)
    assert crop_box((800, 1000), (8, 5), Focus(50, 100)) == (0, 500, 800, 1000)


def test_crops_are_made_anew_around_another_focus(tmp_path: Path) -> None:
    made = prepared(tmp_path, picture("PNG", (1000, 400)))
    other = tmp_path / "other"
    other.mkdir()
    widths = prepare_cards(made.folder / "original", other, Focus(0, 50))
    assert widths == (320, 640)
    with Image.open(other / "card-0-50-320.webp") as image:
        red, green, blue = image.convert("RGB").getpixel((230, 100))  # type: ignore[misc]
    assert red > 150 and green < 100, "the left half is red"


def test_a_bomb_costs_neither_this_process_nor_its_worker_much_memory(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(text_bomb())
    (tmp_path / "large").write_bytes(picture("PNG", (7000, 7000)))
    program = """
import resource, sys
from pathlib import Path
from verso.media.images import ImageRefused
from verso.media.preparing import prepare
for name in ("bomb", "large"):
    (folder := Path(sys.argv[1], name + ".made")).mkdir()
    try:
        prepare(Path(sys.argv[1], name), name, folder)
    except ImageRefused as refused:
        print(refused.reason)
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True, text=True
    )
    reason, own, workers = done.stdout.split()
    assert reason == Reason.METADATA
    assert int(own) < 150 and int(workers) < 800, "MB"


def test_a_full_disk_is_told_from_a_bad_image(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(picture("PNG", (900, 900)))
    program = """
import errno, resource, sys
from pathlib import Path
from verso.media.preparing import prepare
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    prepare(Path(sys.argv[1], "source"), "source", Path(sys.argv[1]))
except OSError as error:
    sys.exit(0 if error.errno == errno.EFBIG else str(error))
sys.exit("nothing was refused")
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_a_workspace_is_gone_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), workspace(tmp_path) as folder:
        (folder / "half").write_bytes(b"x")
        raise RuntimeError
    assert list((tmp_path / "uploads").iterdir()) == []
