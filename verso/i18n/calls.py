"""Finding the calls of translating functions: in Python and in templates, with what stands in them."""

import ast
import io
import tokenize
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

from verso.i18n.po.entry import Source
from verso.i18n.trans import Trans

# What the first arguments of each function are.
FUNCTIONS = {
    "_": ("msgid",),
    "N_": ("msgid",),
    "gettext": ("msgid",),
    "lazy_gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
_MARK = "Translators:"
_NOT_LITERAL = (
    "{} is not given a message but something that is put together while the site runs, which no "
    "translator would see: write one string, with %(name)s for what varies"
)
_OTHER = "\0"
_EMPTY = "{} is given an empty message, which is the header of a catalog: leave the call out"


class Found(NamedTuple):
    """A message at a line of a file, with the comments for translators above it."""

    source: Source
    line: int
    comments: tuple[str, ...]


class Mistaken(Exception):
    """A file has mistakes: lines, and what is wrong there."""

    def __init__(self, mistakes: Iterable[tuple[int, str]]) -> None:
        self.mistakes = list(mistakes)
        super().__init__(self.mistakes)


class _NotLiteral(Exception):
    """An argument is neither a string nor the name of one."""


def find_in_python(data: bytes) -> list[Found]:
    """The messages of a Python file. Raises Mistaken."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise Mistaken([(line or 1, f"Python cannot read this: {error.args[0]}")]) from None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    comments = _python_comments(data) if _MARK.encode() in data else {}
    return _messages(
        ((_python_name(call.func), call.lineno, call.args) for call in calls), comments
    )


def find_in_template(data: bytes) -> list[Found]:
    """The messages of a Jinja template. Raises Mistaken."""
    environment = Environment(extensions=[Trans], trim_blocks=True, lstrip_blocks=True)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    try:
        text = data.decode()
        tree = environment.parse(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Mistaken([(line, "this is not UTF-8: save the template as UTF-8")]) from None
    except TemplateSyntaxError as error:
        raise Mistaken([(error.lineno, f"Jinja cannot read this: {error.message}")]) from None
    comments = _template_comments(environment, text) if _MARK in text else {}
    calls = tree.find_all(nodes.Call)
    return _messages(
        ((_template_name(call.node), call.lineno, call.args) for call in calls), comments
    )


def _messages(
    calls: Iterable[tuple[str, int, list[ast.expr] | list[nodes.Expr]]],
    comments: Mapping[int, tuple[str, ...]],
) -> list[Found]:
    found, mistakes = [], []
    for function, line, arguments in calls:
        if function not in FUNCTIONS:
            continue
        try:
            source = _source(function, arguments)
        except _NotLiteral as error:
            mistakes.append((line, str(error)))
            continue
        if source is not None:
            said = comments.get(line - 1, ()) + comments.get(line, ())
            found.append(Found(source, line, said))
    if mistakes:
        raise Mistaken(sorted(mistakes))
    return sorted(found, key=lambda one: one.line)


def _source(function: str, arguments: list[ast.expr] | list[nodes.Expr]) -> Source | None:
    """The message of a call; None if names stand for it, which are marked where they get their value.

    Raises _NotLiteral.
    """
    roles = FUNCTIONS[function]
    given = [_literal(argument) for argument in arguments[: len(roles)]]
    if len(given) < len(roles) or _OTHER in given:
        raise _NotLiteral(_NOT_LITERAL.format(function))
    if given == [None] * len(roles):
        return None
    texts = dict(zip(roles, given, strict=True))
    if None in given:
        raise _NotLiteral(_NOT_LITERAL.format(function))
    if not texts["msgid"]:
        raise _NotLiteral(_EMPTY.format(function))
    return Source(texts.get("context"), texts["msgid"], texts.get("plural"))


def _literal(argument: ast.expr | nodes.Expr) -> str | None:
    """The string of an argument; None for a name, _OTHER for anything else."""
    match argument:
        case ast.Constant(value=str(text)):
            return text
        case nodes.Const() if isinstance(argument.value, str):
            return argument.value
        case ast.Name() | ast.Attribute() | ast.Subscript():
            return None
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            return None
    return _OTHER


def _python_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _template_name(function: nodes.Expr) -> str:
    return function.name if isinstance(function, nodes.Name) else ""


def _python_comments(data: bytes) -> dict[int, tuple[str, ...]]:
    """By its last line, each comment for translators: from its first word to the end of the comment."""
    comments: dict[int, tuple[str, ...]] = {}
    for token in tokenize.tokenize(io.BytesIO(data).readline):
        if token.type == tokenize.COMMENT:
            line, text = token.start[0], token.string.lstrip("#").strip()
            if text.startswith(_MARK):
                comments[line] = (text,)
            elif line - 1 in comments:
                comments[line] = (*comments.pop(line - 1), text)
    return comments


def _template_comments(environment: Environment, text: str) -> dict[int, tuple[str, ...]]:
    comments: dict[int, tuple[str, ...]] = {}
    for line, kind, value in environment.lex(text):
        if kind == "comment" and value.strip().startswith(_MARK):
            lines = (one.strip() for one in value.strip().splitlines())
            comments[line + value.count("\n")] = tuple(filter(None, lines))
    return comments
