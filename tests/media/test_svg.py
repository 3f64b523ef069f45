"""An SVG keeps its picture and loses everything that acts or reaches out."""

import os
import re
from pathlib import Path

import pytest

from verso.media.svg import SvgRefused, clean_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
CONTENT = os.environ.get("VERSO_TEST_CONTENT", "")


def _clean(inside: str) -> str:
    return clean_svg(f"{HEAD}{inside}</svg>".encode()).decode()


def test_a_picture_stays_a_picture() -> None:
    drawn = '<g fill="url(#g)"><path d="M0 0L1 1"></path><text x="1">A &lt; b</text></g>'
    assert _clean(drawn) == f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>\n'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "<iframe xmlns='http://www.w3.org/1999/xhtml' src='x'/>",
        "<path onload='alert(1)'/>",
        "<a href='javascript:alert(1)'><path/></a>",
        "<use href='https://example.org/x.svg#a'/>",
        "<use xlink:href='data:image/svg+xml;base64,AAAA'/>",
        "<image href='https://example.org/x.png'/>",
        "<image href='data:image/svg+xml;base64,AAAA'/>",
        "<path style='fill: url(https://example.org/x)'/>",
        "<path fill='url( &quot;//example.org&quot; )'/>",
        "<style>@import 'https://example.org/x.css';</style>",
        "<style>path { fill: u\\72l(https://example.org) }</style>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<set attributeName='onload' to='alert(1)'/>",
        "<handler>alert(1)</handler>",
        "<metadata><x onclick='alert(1)'/></metadata>",
    ],
)
def test_what_acts_or_reaches_out_is_dropped(inside: str) -> None:
    assert not re.search(
        r"script|alert|example\.org|foreign|iframe|import|svg\+xml|animate|<set|handler",
        _clean(inside),
    )


def test_own_parts_and_own_pixels_may_be_shown() -> None:
    cleaned = _clean("<use xlink:href='#a'/><image href='data:image/png;base64,AAAA'/>")
    assert '<use href="#a">' in cleaned
    assert '<image href="data:image/png;base64,AAAA">' in cleaned


def test_a_plain_style_sheet_stays() -> None:
    style = "<style>.a { fill: #fff; stroke: url(#g) }</style>"
    assert style in _clean(style)


def test_a_bare_doctype_is_dropped() -> None:
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    data = f'<?xml version="1.0"?>\n{doctype}\n{HEAD}</svg>'.encode()
    assert clean_svg(data) == b'<svg xmlns="http://www.w3.org/2000/svg"></svg>\n'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"text", "not well-formed"),
        (b"<svg/>", "not an SVG"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "not an SVG"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", "entities"),
        (f"{HEAD}{'<g>' * 200}{'</g>' * 200}</svg>".encode(), "nested deeper"),
        (b" " * (6 * 1024 * 1024), "larger than"),
    ],
    ids=["text", "no namespace", "html", "entities", "deep", "large"],
)
def test_what_cannot_be_made_harmless_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SvgRefused, match=reason):
        clean_svg(data)


@pytest.mark.skipif(not CONTENT, reason="VERSO_TEST_CONTENT names no folder")
def test_cleaning_real_pictures_twice_changes_nothing() -> None:
    files = list(Path(CONTENT).rglob("*.svg"))
    assert files
    for file in files:
        cleaned = clean_svg(file.read_bytes())
        assert clean_svg(cleaned) == cleaned
