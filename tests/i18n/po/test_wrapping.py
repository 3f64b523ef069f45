"""How strings are broken into lines: as the tool did that wrote the file."""

import shutil
import subprocess
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from verso.i18n.po.document import Document
from verso.i18n.po.entry import Source
from verso.i18n.po.wrapping import UNWRAPPED, Manner, Wrapping

TEXTS = (
    "The quick brown fox jumps over the lazy dog, and over the well-known fence; is it a dog? Yes!",
    "A first line.\nAnd a second one, which is so long that it must be broken somewhere, is it not?\n",
    "在互联网上，每一台计算机都有一个地址。这个地址由四组数字组成，每组数字之间用点号分隔开来。",
    "設定ファイルが見つかりませんでした。パスを確認してから、もう一度「保存」ボタンを押してください。",
    'Write to <a href="mailto:%(mail)s">%(name)s</a> or see "https://example.org/a/b/c/d/e/f/g/h?i=j".',
    "supercalifragilisticexpialidocious" * 3,
    "Всего найдено страниц: %(num)s — показаны первые; чтобы увидеть остальные, уточните запрос…",
    "\n\n",
    "short",
)


def written_by_gnu(text: str, *options: str) -> str:
    program = shutil.which("msgcat")
    if program is None:
        pytest.skip("GNU gettext is not installed")
    done = subprocess.run(
        [program, *options, "-"], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


def catalog_of(texts: tuple[str, ...], wrapping: Wrapping) -> str:
    document = Document(wrapping=wrapping)
    document.set_header("Content-Type", "text/plain; charset=UTF-8")
    for number, text in enumerate(texts):
        entry = document.add(Source("c", str(number)), [text])
        assert entry.msgstr == text
    return document.to_bytes().decode()


@pytest.mark.parametrize(("width", "options"), [(79, ()), (None, ("--no-wrap",)), (60, ("-w60",))])
def test_lines_break_where_gnu_gettext_breaks_them(
    width: int | None, options: tuple[str, ...]
) -> None:
    ours = catalog_of(TEXTS, Wrapping(width))
    assert written_by_gnu(ours, *options) == ours


@pytest.mark.parametrize("width", [76, 0])
def test_lines_break_where_babel_breaks_them(width: int) -> None:
    catalog = Catalog()
    for number, text in enumerate(TEXTS):
        catalog.add(str(number), text, context="c")
    stream = BytesIO()
    write_po(stream, catalog, width=width, omit_header=True)
    expected = Wrapping(width, Manner.BABEL) if width else UNWRAPPED
    ours = catalog_of(TEXTS, expected).partition("\n\n")[2]
    assert ours == stream.getvalue().decode().rstrip("\n") + "\n"
