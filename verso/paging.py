"""Where in a list a request is: cursors and page numbers of its query."""

from flask import request

from verso.content.cursors import BadCursor, Cursor
from verso.errors.problem import Problem


def asked_cursor(parameter: str) -> Cursor | None:
    """The cursor in a parameter of the query, if any; the problem bad-cursor for one not of ours."""
    value = request.args.get(parameter)
    if not value:
        return None
    try:
        return Cursor.parse(value)
    except BadCursor:
        raise Problem("bad-cursor") from None


def asked_number(parameter: str, default: int, most: int) -> int | None:
    """A whole number from 1 to `most` in a parameter of the query; None for anything else."""
    value = request.args.get(parameter, str(default))
    is_number = value.isascii() and value.isdigit() and len(value) < 6
    return int(value) if is_number and 1 <= int(value) <= most else None
