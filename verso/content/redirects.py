"""Redirects that people make: what may lead where, and adding, finding and removing them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.orm import Session

from verso.content.redirect_rules import (
    Reason,
    RedirectRefused,
    Rule,
    check_ways,
    clean_source,
)
from verso.content.urls import Moved, find_document, find_neutral, find_old_neutral, locate
from verso.models import Document, DocumentText, Kind, MissingUrl, OldUrl, Redirect
from verso.sections import split_path

Value = TypeVar("Value")
PAGE_SIZE = 50
# How many values stand in one `IN (...)`.
CHUNK = 500
# Made once: every 404 asks it.
_FIND = select(Redirect.target, Redirect.code).where(Redirect.source == bindparam("source"))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many redirects are new, lead elsewhere now, or stood there already."""

    added: int
    changed: int
    same: int


def find_redirect(session: Session, path: str) -> tuple[str, int] | None:
    """Target and code of the redirect at a decoded path, with or without a last slash."""
    source = "/" + "/".join(split_path(path))
    row = session.execute(_FIND, {"source": source}).first()
    return (row.target, row.code) if row else None


def add_redirect(session: Session, rule: Rule, locales: Collection[str]) -> None:
    """Store a redirect, whose source then is missing no more; RedirectRefused says why not.

    A source that leads elsewhere already is refused; the same redirect once more is not.
    """
    known = find_redirect(session, rule.source)
    if known is not None and known != (rule.target, rule.code):
        raise RedirectRefused(Reason.TAKEN, source=rule.source, target=known[0] or known[1])
    for _, refused in find_refused(session, [rule], locales):
        raise refused
    put_redirects(session, [rule])


def find_refused(
    session: Session, rules: Sequence[Rule], locales: Collection[str]
) -> Iterator[tuple[Rule, RedirectRefused]]:
    """Which of these redirects cannot stand beside the others and the documents, and why.

    One that stands there already may stay, also where a document has come to answer since.
    """
    known = set(all_redirects(session))
    after = {rule.source: rule for rule in (*known, *rules)}
    yield from check_ways(rules, after, locales)
    now = datetime.now(UTC)
    fresh = [rule for rule in rules if rule not in known]
    suspects = _last_segments(session, [rule.source for rule in fresh])
    for rule in fresh:
        is_suspect = rule.source.rpartition("/")[2] in suspects
        if is_suspect and answers_itself(session, rule.source, tuple(locales), now):
            yield rule, RedirectRefused(Reason.LIVE, source=rule.source)


def put_redirects(session: Session, rules: Sequence[Rule]) -> Counts:
    """Store redirects that find_refused let pass, each in place of the one that its source had."""
    known = {row.source: row for row in session.scalars(select(Redirect))}
    fresh = [one for one in rules if one.source not in known or _rule_of(known[one.source]) != one]
    now = datetime.now(UTC)
    for some in _chunks(fresh):
        for rule in some:
            row = known.get(rule.source)
            if row is None:
                session.add(Redirect(**asdict(rule), created_at=now))
            else:
                row.target, row.code = rule.target, rule.code
        # A statement with all of a large table would outlast the deadline of a request.
        session.flush()
        sources = [rule.source for rule in some]
        session.execute(delete(MissingUrl).where(MissingUrl.path.in_(sources)))
    added = sum(rule.source not in known for rule in fresh)
    return Counts(added, len(fresh) - added, len(rules) - len(fresh))


def remove_redirect(session: Session, source: str, locales: Collection[str]) -> bool:
    """Take a redirect away; False if there was none."""
    found = session.scalar(select(Redirect).where(Redirect.source == clean_source(source, locales)))
    if found is not None:
        session.delete(found)
    return found is not None


def list_redirects(session: Session, words: str = "", page: int = 1) -> tuple[list[Rule], bool]:
    """One page of the redirects whose source or target contains the words; whether more follow."""
    query = select(Redirect).order_by(Redirect.source)
    if words:
        searched = (Redirect.source, Redirect.target)
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in searched)))
    rows = session.scalars(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)).all()
    return [_rule_of(row) for row in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def all_redirects(session: Session) -> list[Rule]:
    """Every redirect, by source, in an order that is the same on every database."""
    rules = (_rule_of(row) for row in session.scalars(select(Redirect)))
    return sorted(rules, key=lambda rule: rule.source)


def answers_itself(session: Session, path: str, locales: Sequence[str], now: datetime) -> bool:
    """Whether a document answers at a path, or redirects from it; one that is gone does not."""
    locale, kind, rest = locate(path, locales)
    if locale:
        return isinstance(find_document(session, kind, locale, rest, now), Document | Moved)
    found = find_neutral(session, kind, rest, locales[0], locales, now)
    return found is not None or find_old_neutral(session, kind, rest, now) is not None


def _last_segments(session: Session, paths: Sequence[str]) -> set[str]:
    """Those last segments of paths that any document has or had: most paths need no closer look."""
    names = {path.rpartition("/")[2] for path in paths}
    pages = select(DocumentText.slug).where(DocumentText.kind == Kind.PAGE).distinct()
    old_pages = select(OldUrl.path).where(OldUrl.kind == Kind.PAGE)
    found = set(session.scalars(pages))
    found.update(path.rpartition("/")[2] for path in session.scalars(old_pages))
    for some in _chunks(sorted(names)):
        for table in (DocumentText, OldUrl):
            posts = select(table.path).where(table.kind == Kind.POST, table.path.in_(some))
            found.update(session.scalars(posts))
    return names & found


def _chunks(values: Sequence[Value]) -> Iterable[Sequence[Value]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _rule_of(row: Redirect) -> Rule:
    return Rule(row.source, row.target, row.code)
