"""Redirects as a table: CSV out, and CSV in, all of it or nothing."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from verso.content.redirect_rules import RedirectRefused, Rule, make_rule
from verso.content.redirects import Counts, all_redirects, find_refused, put_redirects
from verso.i18n.gettext import N_

COLUMNS = ("source", "target", "code")
MAX_ROWS = 10_000
MAX_BYTES = 5_000_000
# Of the lines with a mistake so many are named.
MAX_MISTAKES = 50

NOT_UTF8 = N_("The file is not UTF-8 text: save it as “CSV UTF-8”.")
NO_HEADER = N_("The first line must name the columns: source,target,code.")
TOO_LONG = N_("The file is too large: at most 10,000 redirects and 5 MB at once.")
UNREADABLE = N_("From here on the file cannot be read as CSV: is a quotation mark missing?")
WRONG_COLUMNS = N_("This line must have a source, a target and a code.")
TWICE = N_("This source stands in an earlier line, with another target or code.")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a line of the table, from 1 on: a sentence, and the values that fill it."""

    line: int
    sentence: str
    values: dict[str, str]

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence % self.values if self.values else self.sentence}"


class BadTable(ValueError):
    """A table that cannot be imported; nothing of it was."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def write_table(session: Session) -> str:
    """All redirects as CSV, by source; reading it back changes nothing.

    No cell begins with a sign that a spreadsheet takes for a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for rule in all_redirects(session):
        writer.writerow((rule.typed_source, rule.target, rule.code))
    return out.getvalue()


def read_table(data: bytes, locales: Collection[str], base: str = "") -> dict[int, Rule]:
    """The redirects of a CSV file by line; BadTable with what is wrong. Locales and base as in make_rule."""
    rules: dict[int, Rule] = {}
    mistakes: list[Mistake] = []
    known: dict[str, Rule] = {}
    for line, cells in _lines(_text(data)):
        made = _rule_in(line, cells, locales, base)
        if isinstance(made, Mistake):
            mistakes.append(made)
        elif known.setdefault(made.source, made) != made:
            mistakes.append(Mistake(line, TWICE, {}))
        else:
            rules[line] = made
    if mistakes:
        raise BadTable(mistakes[:MAX_MISTAKES])
    return rules


def import_table(session: Session, rules: dict[int, Rule], locales: Collection[str]) -> Counts:
    """Store the redirects of a table; one that stands there already changes its target and code."""
    lines = {rule.source: line for line, rule in reversed(rules.items())}
    unique = list({rule.source: rule for rule in rules.values()}.values())
    mistakes = [
        _mistake(lines[rule.source], refused)
        for rule, refused in find_refused(session, unique, locales)
    ]
    if mistakes:
        raise BadTable(sorted(mistakes, key=lambda mistake: mistake.line)[:MAX_MISTAKES])
    return put_redirects(session, unique)


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise BadTable([Mistake(1, TOO_LONG, {})])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadTable([Mistake(1, NOT_UTF8, {})]) from None


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The filled lines below the header, with their numbers."""
    head = text.partition("\n")[0].lower().strip()
    delimiter = next((sign for sign in ",;\t" if sign in head), ",")
    if [name.strip(' "') for name in head.split(delimiter)] != list(COLUMNS):
        raise BadTable([Mistake(1, NO_HEADER, {})])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    filled = ((reader.line_num, cells) for cells in reader if any(map(str.strip, cells)))
    try:
        lines = list(islice(filled, MAX_ROWS + 2))
    except csv.Error:
        raise BadTable([Mistake(reader.line_num, UNREADABLE, {})]) from None
    if len(lines) > MAX_ROWS + 1:
        raise BadTable([Mistake(lines[-1][0], TOO_LONG, {})])
    return lines[1:]


def _rule_in(line: int, cells: list[str], locales: Collection[str], base: str) -> Rule | Mistake:
    if len(cells) != len(COLUMNS):
        return Mistake(line, WRONG_COLUMNS, {})
    source, target, code = cells
    try:
        return make_rule(source, target, code.strip(), locales=locales, base=base)
    except RedirectRefused as refused:
        return _mistake(line, refused)


def _mistake(line: int, refused: RedirectRefused) -> Mistake:
    return Mistake(line, refused.sentence, refused.values)
