"""How things are written in Markdown: links, images, code, emphasis, indentation."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]])")
_RISKY_ADDRESS = re.compile(r"[\s()<>\\]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SAFE_SCHEMES = {"http", "https", "mailto", "tel"}

LETTERS_ABOVE = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyz ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ ",
        strict=True,
    )
)
LETTERS_BELOW = dict(
    zip("0123456789+-−=()aehijklmnoprstuvx ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ ", strict=True)
)


def is_safe_link(address: str) -> bool:
    """Whether a link can be followed on the site: relative, or in one of few schemes."""
    scheme = _SCHEME.match(address.strip())
    return bool(address.strip()) and (scheme is None or scheme[1].lower() in _SAFE_SCHEMES)


def address_of(url: str) -> str:
    """A link's destination, in angle brackets where it needs them."""
    if not url or _RISKY_ADDRESS.search(url):
        return "<" + re.sub(r"([<>\\])", r"\\\1", url).replace("\n", " ") + ">"
    return url


def link(url: str, text: str, title: str = "") -> str:
    return f"[{text.strip()}]({address_of(url)}{_title(title)})"


def image(url: str, alt: str, title: str = "") -> str:
    return f"![{escape_markdown(one_line(alt))}]({address_of(url)}{_title(title)})"


def escape_markdown(text: str) -> str:
    """Text that Markdown takes as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def wrapped(text: str, mark: str) -> str:
    """Emphasis close around the words, as Markdown wants it; none over several paragraphs."""
    words = text.strip()
    if not words or re.search(r"\n[ \t]*\n", words):
        return text
    start = text.index(words)
    return f"{text[:start]}{mark}{words}{mark}{text[start + len(words) :]}"


def code_span(text: str) -> str:
    """Code in a line, between more backticks than it holds itself."""
    words = one_line(text)
    if not words:
        return ""
    fence = "`" * (_longest_ticks(words) + 1)
    blank = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{blank}{words}{blank}{fence}"


def code_block(text: str, language: str) -> str:
    fence = "`" * max(3, _longest_ticks(text) + 1)
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def indented(text: str, lead: str) -> str:
    """The lines after the first with something before each that is not empty."""
    return re.sub(r"\n(?=[^\n])", lambda match: f"\n{lead}", text) if lead else text


def _longest_ticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _title(title: str) -> str:
    escaped = one_line(title).replace("\\", "\\\\").replace('"', '\\"')
    return f' "{escaped}"' if escaped else ""
