"""Where in a file a finding is: line and column of the mistake itself, not of its entry alone."""

import re
from collections.abc import Iterable, Iterator, Sequence

from verso.i18n.checks.advice import doubts
from verso.i18n.checks.findings import Finding
from verso.i18n.checks.refusals import Refusal
from verso.i18n.plurals import form_count, form_counts
from verso.i18n.po.decoding import Decoded
from verso.i18n.po.syntax import Entry, Mistake

_MSGSTR = re.compile(r"^[ \t]*msgstr", re.MULTILINE)
_NPLURALS = re.compile(r"^Plural-Forms:.*?nplurals\s*=\s*(\w{1,12})", re.MULTILINE | re.IGNORECASE)


def about_mistake(mistake: Mistake, text: str) -> Finding:
    """A mistake of syntax, where it stands."""
    line, column = _place(text, mistake.at)
    variables = dict(mistake.variables)
    return Finding(mistake.code, line, column, mistake.msgid, mistake.context, variables)


def about_entry(entry: Entry, refusal: Refusal, text: str) -> Finding:
    """Something about an entry: at the piece of text that is to blame, else at its msgstr."""
    found = _MSGSTR.search(text, entry.start, entry.end)
    start = found.start() if found else entry.start
    at = text.find(refusal.token, start, entry.end) if refusal.token and found else start
    line, column = _place(text, at if at >= 0 else start)
    return Finding(refusal.code, line, column, entry.msgid, entry.context, dict(refusal.variables))


def about_header(
    entries: Sequence[Entry], decoded: Decoded, locale: str, text: str
) -> Iterator[Finding]:
    """What the header claims and we know better: nothing of it is believed."""
    header = next((entry for entry in entries if not entry.key), None)
    if decoded.is_misnamed:
        at = max(text.lower().find("charset="), 0)
        yield Finding("charset", *_place(text, at), variables={"charset": decoded.charset})
    if header and (said := _NPLURALS.search(header.forms[0])):
        known = {str(count) for count in form_counts(locale)}
        has_plurals = any(entry.plural is not None for entry in entries)
        if said[1] not in known and has_plurals:
            at = max(text.find("Plural-Forms", header.start), 0)
            variables = {"said": said[1], "wanted": form_count(locale)}
            yield Finding("plural-header", *_place(text, at), variables=variables)


def advice(entries: Iterable[Entry], text: str) -> list[Finding]:
    """The doubts about the translated entries of a file."""
    return [
        about_entry(entry, Refusal(*doubt), text)
        for entry in entries
        if entry.key and entry.is_translated
        for doubt in doubts(entry)
    ]


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
