"""Accent colours: their contrast to the papers that they stand on, and the nearest that is enough.

Contrast is that of WCAG 2.2 (relative luminance, success criterion 1.4.3).
"""

import colorsys
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

# WCAG AA for text of any size.
ENOUGH = 4.5
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEPS = 1000


class Scheme(StrEnum):
    """The two colour schemes of every page."""

    LIGHT = "light"
    DARK = "dark"


# The papers of verso.css on which the accent stands: --paper, --leaf, --ground, --field.
PAPERS: Mapping[Scheme, Sequence[str]] = {
    Scheme.LIGHT: ("#fafaf5", "#f0f1e9", "#eeeee6", "#ffffff"),
    Scheme.DARK: ("#15191a", "#0f1213", "#1f2426", "#0f1213"),
}
ACCENTS: Mapping[Scheme, str] = {Scheme.LIGHT: "#0d6156", Scheme.DARK: "#7fcfbd"}


class BadColour(ValueError):
    """This is no colour of the form `#0d6156`."""


class WeakColour(ValueError):
    """A colour is too near to its papers: the contrast that it has, and the nearest that is enough."""

    def __init__(self, colour: str, ratio: float, nearest: str) -> None:
        super().__init__(f"{colour} has a contrast of {ratio:.2f}:1; {nearest} is enough")
        self.ratio = ratio
        self.nearest = nearest


def check_accent(colour: str, scheme: Scheme) -> str:
    """The colour as it is kept; raises BadColour or WeakColour."""
    colour = colour.strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise BadColour(f"{colour!r} is no colour such as #0d6156")
    ratio = worst_contrast(colour, scheme)
    if ratio < ENOUGH:
        raise WeakColour(colour, ratio, nearest_enough(colour, scheme))
    return colour


def worst_contrast(colour: str, scheme: Scheme) -> float:
    """The contrast to the paper of a scheme that is nearest to the colour."""
    return min(contrast(colour, paper) for paper in PAPERS[scheme])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour of sRGB, from 0 to 1."""
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def nearest_enough(colour: str, scheme: Scheme) -> str:
    """The colour of the same hue and saturation, darker or lighter by as little as is enough."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    end = 0.0 if scheme is Scheme.LIGHT else 1.0
    for step in range(_STEPS + 1):
        shade = lightness + (end - lightness) * step / _STEPS
        found = _written(colorsys.hls_to_rgb(hue, shade, saturation))
        if worst_contrast(found, scheme) >= ENOUGH:
            return found
    raise AssertionError("black and white are enough on every paper")


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _written(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
