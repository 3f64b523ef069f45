"""SVG files made harmless: an allow-list of elements and attributes, nothing from outside."""

import re
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_SVG_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 100

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# A DOCTYPE that only names the standard says nothing; one with declarations is refused.
_BARE_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+svg(?:\s+(?:PUBLIC\s+(?:\"[^\"<>\[]*\"|'[^'<>\[]*')|SYSTEM)"
    rb"\s+(?:\"[^\"<>\[]*\"|'[^'<>\[]*'))?\s*>"
)
_ELEMENT_NAMES = (
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath "
    "title desc image clipPath mask pattern marker linearGradient radialGradient stop filter "
    "feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting "
    "feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR "
    "feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting "
    "feSpotLight feTile feTurbulence switch style"
)
_ATTRIBUTE_NAMES = (
    "id class d x y x1 x2 y1 y2 cx cy r rx ry fx fy fr dx dy width height points transform rotate "
    "viewBox preserveAspectRatio version overflow opacity color display visibility "
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset clip-path clip-rule "
    "clipPathUnits mask maskUnits maskContentUnits pattern patternUnits patternContentUnits "
    "patternTransform gradientUnits gradientTransform spreadMethod offset stop-color stop-opacity "
    "marker-start marker-mid marker-end markerWidth markerHeight markerUnits refX refY orient "
    "font-family font-size font-weight font-style font-variant font-stretch text-anchor "
    "text-decoration letter-spacing word-spacing dominant-baseline alignment-baseline "
    "baseline-shift textLength lengthAdjust startOffset writing-mode direction unicode-bidi "
    "paint-order vector-effect shape-rendering text-rendering image-rendering color-interpolation "
    "color-interpolation-filters filter filterUnits primitiveUnits in in2 result type values mode "
    "operator k1 k2 k3 k4 stdDeviation edgeMode order kernelMatrix divisor bias targetX targetY "
    "preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent azimuth "
    "elevation lighting-color flood-color flood-opacity scale xChannelSelector yChannelSelector "
    "radius baseFrequency numOctaves seed stitchTiles tableValues slope intercept amplitude "
    "exponent pointsAtX pointsAtY pointsAtZ limitingConeAngle systemLanguage role aria-label "
    "aria-labelledby aria-hidden pathLength style mix-blend-mode isolation text-orientation"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
_OWN_REFERENCE = re.compile(r"#[^\s\"'()<>\\]+")
_OWN_URL = re.compile(r"url\(\s*[\"']?#[\w:.-]+[\"']?\s*\)")
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpeg|jpg);base64,[A-Za-z0-9+/=\s]*")
_REACHES_OUT = re.compile(
    r"url\s*\(|image-set|image\s*\(|src\s*\(|@|expression|javascript|behavior|-moz-binding|\\|<|/\*",
    re.IGNORECASE,
)


class SvgRefused(ValueError):
    """An SVG that cannot be made harmless; the message says why."""


def clean_svg(data: bytes) -> bytes:
    """The picture without anything that acts or reaches out; cleaning twice changes nothing.

    Raises SvgRefused for what is no SVG, is too large or too deep, or declares entities.
    """
    if len(data) > MAX_SVG_BYTES:
        raise SvgRefused(f"larger than {MAX_SVG_BYTES // 1024 // 1024} MB")
    root = _parsed(_BARE_DOCTYPE.sub(b"", data, count=1))
    if root.tag != f"{_SVG}svg":
        raise SvgRefused("not an SVG picture")
    parts = ['<svg xmlns="http://www.w3.org/2000/svg"', _attributes(root), ">"]
    _write_content(root, parts, depth=1)
    return "".join([*parts, "</svg>\n"]).encode()


def _parsed(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise SvgRefused("it declares a document type with entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise SvgRefused(f"not well-formed XML: {error}") from error
    return root


def _write_content(element: Element, parts: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise SvgRefused(f"nested deeper than {MAX_DEPTH} elements")
    parts.append(escape(element.text or ""))
    for child in element:
        _write_element(child, parts, depth)
        parts.append(escape(child.tail or ""))


def _write_element(element: Element, parts: list[str], depth: int) -> None:
    tag = str(element.tag).removeprefix(_SVG)
    if tag not in _ELEMENTS or not str(element.tag).startswith(_SVG):
        return
    if tag == "style" and (len(element) or _is_unsafe_style(element.text or "")):
        return
    parts += ["<", tag, _attributes(element), ">"]
    _write_content(element, parts, depth + 1)
    parts += ["</", tag, ">"]


def _attributes(element: Element) -> str:
    """The allowed attributes, sorted by name, each with a blank before it."""
    kept: dict[str, str] = {}
    for name, value in sorted(element.attrib.items(), reverse=True):
        if name in ("href", _XLINK_HREF):
            if _is_own_target(str(element.tag).removeprefix(_SVG), value.strip()):
                kept["href"] = value.strip()
        elif name == _XML_SPACE and value in ("preserve", "default"):
            kept["xml:space"] = value
        elif name in _ATTRIBUTES and not _is_unsafe_style(value):
            kept[name] = value
    return "".join(f" {name}={quoteattr(kept[name])}" for name in sorted(kept))


def _is_own_target(tag: str, value: str) -> bool:
    """Whether a reference stays in the file: to a part of it, or to pixels that it holds."""
    if tag == "image":
        return _DATA_IMAGE.fullmatch(value) is not None
    return _OWN_REFERENCE.fullmatch(value) is not None


def _is_unsafe_style(value: str) -> bool:
    """Whether a style or attribute could load or run something, after its own `url(#...)`."""
    return _REACHES_OUT.search(_OWN_URL.sub("", value)) is not None
