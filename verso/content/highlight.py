"""Code in colour: Pygments by CSS classes, and the stylesheet whose every colour is readable."""

import re
from collections import defaultdict
from functools import lru_cache

from markupsafe import escape
from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    STANDARD_TYPES,
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    Token,
    _TokenType,
)
from pygments.util import ClassNotFound

# Longer code stays plain: some lexers take a time that grows faster than the code.
MAX_HIGHLIGHTED_CHARACTERS = 40_000

_LANGUAGE = re.compile(r"[{.]*([\w+#-]{1,40})")
_TRAILING_SPACE = re.compile(r"[ \t]+$", re.MULTILINE)
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)

# Each at least 5.5:1 on grounds up to #eeece4 in light and down to #23262e in dark.
_COLOURS = {
    Token: None,
    Comment: ("#57534a", "#a8a69d"),
    Keyword: ("#7a2a6b", "#e5a3d6"),
    Keyword.Constant: ("#8a3b08", "#f0ac78"),
    Keyword.Type: ("#0b5563", "#7fcbd8"),
    Literal: ("#8a3b08", "#f0ac78"),
    Number: ("#8a3b08", "#f0ac78"),
    String: ("#3d5a13", "#b3d17e"),
    String.Doc: ("#57534a", "#a8a69d"),
    String.Escape: ("#8a3b08", "#f0ac78"),
    String.Interpol: ("#8a3b08", "#f0ac78"),
    Name.Attribute: ("#0b5563", "#7fcbd8"),
    Name.Builtin: ("#0b5563", "#7fcbd8"),
    Name.Class: ("#0b5563", "#7fcbd8"),
    Name.Constant: ("#8a3b08", "#f0ac78"),
    Name.Decorator: ("#5c4708", "#e0c56e"),
    Name.Exception: ("#0b5563", "#7fcbd8"),
    Name.Function: ("#1f4a8f", "#9dbdf7"),
    Name.Tag: ("#1f4a8f", "#9dbdf7"),
    Operator.Word: ("#7a2a6b", "#e5a3d6"),
    Generic.Deleted: ("#8f1d22", "#f5a3a0"),
    Generic.Error: ("#8f1d22", "#f5a3a0"),
    Generic.Traceback: ("#8f1d22", "#f5a3a0"),
    Generic.Inserted: ("#3d5a13", "#b3d17e"),
    Generic.Heading: ("#1f4a8f", "#9dbdf7"),
    Generic.Subheading: ("#1f4a8f", "#9dbdf7"),
    Generic.Output: ("#57534a", "#a8a69d"),
    Generic.Prompt: ("#57534a", "#a8a69d"),
}
_SHAPES = {
    "font-style: italic": ("c", "c1", "ch", "cm", "cpf", "ge", "ges", "sd"),
    "font-weight: 600": ("gh", "gs", "ges", "gu"),
    "user-select: none": ("gp",),
}


def language_of(info: str) -> str:
    """The language that an info string begins with: `rust,ignore` -> `rust`, `{.py}` -> `py`."""
    match = _LANGUAGE.match(info.strip())
    return match[1].lower() if match else ""


def highlight(code: str, language: str) -> str:
    """Code as HTML with a class on each token; escaped only where the language is unknown."""
    code = _TRAILING_SPACE.sub("", code)
    lexer = _lexer(language) if len(code) <= MAX_HIGHLIGHTED_CHARACTERS else None
    if lexer is None:
        return str(escape(code))
    return pygments_highlight(code, lexer, _FORMATTER)


def highlight_css() -> str:
    """The stylesheet of the classes that `highlight` writes, for light and dark grounds."""
    return "".join(f"{_selector(names)} {{ {rule}; }}\n" for rule, names in _rules().items())


def _rules() -> dict[str, list[str]]:
    """Declarations, and the classes that each holds for."""
    rules: dict[str, list[str]] = defaultdict(list)
    for token_type, name in STANDARD_TYPES.items():
        colours = _colours_of(token_type)
        if name and colours:
            rules[f"color: light-dark({colours[0]}, {colours[1]})"].append(name)
    for declaration, names in _SHAPES.items():
        rules[declaration].extend(names)
    return rules


def _selector(names: list[str]) -> str:
    return ".highlight :is(" + ", ".join(f".{name}" for name in sorted(names)) + ")"


def _colours_of(token_type: _TokenType) -> tuple[str, str] | None:
    """The colours of a kind of token, or of the nearest kind above it."""
    while token_type not in _COLOURS and token_type.parent is not None:
        token_type = token_type.parent
    return _COLOURS.get(token_type)


@lru_cache(maxsize=256)
def _lexer(language: str) -> Lexer | None:
    if not language:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
