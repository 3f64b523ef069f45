"""Markdown to safe HTML, to plain text and to excerpts: the one way a body becomes a page."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from verso.content.arrange import Heading, arrange, text_of
from verso.content.highlight import highlight, highlight_css, language_of

__all__ = ["Heading", "Rendered", "excerpt", "highlight_css", "plain_text", "render"]

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
_FOOTNOTE = re.compile(r"\[\^[^\s\]]{1,200}\]")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n^][^\]\n]{0,200}\]:[ \t]*\S.*$", re.MULTILINE)
_INVISIBLE_IN_URL = re.compile(
    r"&#?\w+;|[\x00-\x20\x7f\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML that may stand in a page as it is, its headings in their order, and its words alone."""

    html: str
    headings: tuple[Heading, ...]
    plain: str


def render(source: str, *, id_prefix: str = "", lines: bool = False) -> Rendered:
    """Render Markdown to clean HTML; `id_prefix` keeps footnotes of two documents apart.

    With `lines`, blocks say in `data-line` at which line of the source they begin, from 0 on: an
    editor's preview scrolls by them.

    The headings begin at h2, under the page's own h1, and skip no level. Their ids hold letters,
    digits and `-` only, so that an id with `_` in the frame of a page never meets one.
    """
    env: dict[str, Any] = {"id_prefix": id_prefix}
    tokens = _PARSER.parse(source, env)
    plain = "\n".join(_blocks(tokens))
    headings = arrange(tokens, id_prefix)
    if lines:
        _say_lines(tokens)
    html: str = _PARSER.renderer.render(tokens, _PARSER.options, env)
    return Rendered((_LINE_CLEANER if lines else _CLEANER).clean(html), headings, plain)


def _say_lines(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.map and token.nesting == 1 and token.level == 0:
            token.attrSet("data-line", str(token.map[0]))


def plain_text(source: str) -> str:
    """The words of a text without its markup, code and image texts included, a block per line."""
    return "\n".join(_blocks(_PARSER.parse(source, {})))


def excerpt(source: str, length: int) -> str:
    """How the paragraphs of a text begin, in at most `length` characters and an ellipsis."""
    tokens = _PARSER.parse(_beginning(source, length), {})
    paragraphs = " ".join(_blocks(_paragraphs(tokens)) or _blocks(tokens))
    return _shorten(" ".join(paragraphs.split()), length)


def _beginning(source: str, length: int) -> str:
    """Enough of a long text for an excerpt, with the link definitions from its end."""
    enough = 4 * length + 2000
    if len(source) <= 2 * enough:
        return source
    definitions = _DEFINITION.findall(source, enough)
    return "\n".join([source[:enough], "", *definitions[:200]])


def _paragraphs(tokens: Sequence[Token]) -> list[Token]:
    """The top-level paragraphs, without headings, lists, tables and quotations."""
    return [
        token
        for before, token in zip(tokens, tokens[1:], strict=False)
        if before.type == "paragraph_open" and before.level == 0
    ]


def _blocks(tokens: Sequence[Token]) -> list[str]:
    return [text for text in map(_text_of_block, tokens) if text]


def _text_of_block(token: Token) -> str:
    if token.type == "inline":
        return text_of(token.children or []).strip()
    if token.type in ("fence", "code_block"):
        return token.content.strip()
    return ""


def _shorten(text: str, length: int) -> str:
    """Cut at the end of a word where the script has words, and never inside a character."""
    if len(text) <= length:
        return text
    cut = text.rfind(" ", max(length * 2 // 3, 1), length)
    if cut < 0:
        cut = length - 1
        while cut > 0 and _continues(text, cut):
            cut -= 1
    return text[:cut].rstrip(" ,;:،、。.") + "…"


def _continues(text: str, index: int) -> bool:
    joined = "\u200d" in text[index - 1 : index + 1]
    return joined or unicodedata.category(text[index])[0] == "M"


def _is_safe_link(url: str) -> bool:
    """Whether a link may stand: relative, or in one of few schemes, however it is disguised."""
    scheme = _SCHEME.match(_INVISIBLE_IN_URL.sub("", unescape(unquote(url))))
    return scheme is None or scheme[1].lower() in _SAFE_SCHEMES


def _code(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    language = language_of(token.info)
    code = highlight(token.content, language)
    label = f' class="language-{language}"' if language else ""
    return (
        '<div class="highlight"><pre tabindex="0" dir="ltr">'
        f"<code{label}>{code}</code></pre></div>\n"
    )


def _footnote_name(token: Token, *, link: bool) -> str:
    """The number of a footnote, and of a later reference to it: `1`, `1-2`."""
    number, repeat = token.meta["id"] + 1, token.meta.get("subId", 0)
    return f"{number}-{repeat + 1}" if repeat and link else str(number)


def _footnote_reference(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    number, prefix = _footnote_name(tokens[index], link=False), env["id_prefix"]
    name = _footnote_name(tokens[index], link=True)
    return (
        f'<sup class="footnote-ref"><a href="#{prefix}fn-{number}" id="{prefix}fnref-{name}">'
        f"[{number}]</a></sup>"
    )


def _footnote_open(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    return f'<li id="{env["id_prefix"]}fn-{_footnote_name(tokens[index], link=False)}">'


def _footnote_back(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    name = _footnote_name(tokens[index], link=True)
    # The variation selector keeps the arrow a letter where it would be shown as an emoji.
    return f' <a class="footnote-back" href="#{env["id_prefix"]}fnref-{name}">↩\ufe0e</a>'


def _footnotes_open(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    return '<section class="footnotes">\n<ol>\n'


def _task_mark(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<span class="task-mark">{tokens[index].content}</span> '


def _table_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return '<div class="table" tabindex="0">\n<table>\n'


def _table_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table>\n</div>\n"


def _short_footnote_ref(state: StateInline, silent: bool) -> bool:
    """Ask for a footnote only where its name ends soon: else `[^[^[^` takes quadratic time."""
    named = _FOOTNOTE.match(state.src, state.pos)
    return named is not None and footnote_ref(state, silent)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False})
    parser.enable(["table", "strikethrough"])
    footnote_plugin(parser, inline=False)
    parser.inline.ruler.at("footnote_ref", _short_footnote_ref)
    deflist_plugin(parser)
    parser.validateLink = _is_safe_link  # type: ignore[method-assign]
    for name, rule in _RENDER_RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def _classes(**allowed: str) -> dict[str, set[str]]:
    return {tag: set(names.split()) for tag, names in allowed.items()}


_RENDER_RULES = {
    "fence": _code,
    "code_block": _code,
    "footnote_ref": _footnote_reference,
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_back,
    "footnote_block_open": _footnotes_open,
    "task_mark": _task_mark,
    "table_open": _table_open,
    "table_close": _table_close,
}
_TAGS = (
    "a blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr img li ol p pre s section span "
    "strong sup table tbody td th thead tr ul"
)
_ATTRIBUTES = _classes(
    a="href title rel id class",
    code="class",
    div="class tabindex",
    img="src alt title loading",
    li="id class",
    ol="start",
    pre="tabindex dir",
    section="class",
    span="class",
    sup="class",
    td="class",
    th="class scope",
    ul="class",
    **{f"h{level}": "id" for level in range(2, 7)},
)


def _make_cleaner(**everywhere: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS.split()),
        attributes={**_ATTRIBUTES, **everywhere},
        url_schemes=_SAFE_SCHEMES,
        link_rel=None,
    )


_PARSER = _make_parser()
_CLEANER = _make_cleaner()
_LINE_CLEANER = _make_cleaner(**{"*": {"data-line"}})
