"""Acceptance: how much of a new version of a `.po` file is served, beside what was served before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from verso.i18n.checks.findings import Finding
from verso.i18n.contents import Contents, from_entries
from verso.i18n.last_good import Record
from verso.i18n.po.decoding import NotText, decode
from verso.i18n.po.ending import DECLARATION
from verso.i18n.po.reading import normalized, read
from verso.i18n.po.syntax import Entry

# A version that lacks this many messages, and more than a tenth, is taken for a part of a file.
MANY = 10
TENTH = 10
# Bytes that every program writes in one piece: a smaller file is whole or empty, never cut off.
BLOCK = 4096


class Loss(Enum):
    """What a version lacks of the messages that are served, and what follows from that.

    DELETED: they go. CUT: they stay, and the rest of the version is served. UNFINISHED: nothing of
    the version is served.
    """

    NONE = auto()
    DELETED = auto()
    CUT = auto()
    UNFINISHED = auto()


class Verdict(NamedTuple):
    """The loss of a version, the keys that it lacks, and the finding that explains why they stay.

    `cut_key` is the last entry of a file that was cut off there: its own text may be cut too.
    """

    loss: Loss
    missing: frozenset[str] = frozenset()
    finding: Finding | None = None
    cut_key: str | None = None

    @property
    def kept(self) -> frozenset[str]:
        """The messages that stay although the version lacks them."""
        is_kept = self.loss in (Loss.CUT, Loss.UNFINISHED)
        return self.missing if is_kept else frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """What a file contributes now: its contents, and the messages kept from before."""

    contents: Contents
    # All that is served, kept ones included.
    entries: Mapping[str, Entry]
    kept: frozenset[str]
    loaded_at: datetime


def judge(contents: Contents, record: Record, template: Path | None) -> Verdict:
    """How a version compares with the last good state of its file.

    A message is missing if the version neither has it, translated or not, nor has it as obsolete.
    Of a catalog that follows a `template`, only the messages count that the template still has.
    """
    missing = frozenset(record.entries.keys() - contents.named - contents.obsolete)
    missing = _asked_for(missing, template) if missing and template else missing
    if _is_cut_within_its_last_entry(contents, record):
        return _cut("cut-text", contents, record, missing | {contents.ending.key})
    if not missing:
        return Verdict(Loss.NONE)
    if contents.is_as_declared:
        return Verdict(Loss.DELETED, missing)
    if not contents.is_readable:
        return Verdict(Loss.UNFINISHED, missing)
    if len(missing) >= MANY and len(missing) * TENTH > len(record.entries):
        return Verdict(Loss.UNFINISHED, missing, _finding("shrunk", contents, missing, record))
    if not contents.is_whole:
        return Verdict(Loss.CUT, missing)
    if _is_cut_between_entries(contents, record, missing):
        return _cut("cut-off", contents, record, missing)
    return Verdict(Loss.DELETED, missing)


def combined(contents: Contents, record: Record, verdict: Verdict, locale: str) -> State:
    """The state that follows from a version: its own messages, and with them those that stay."""
    if verdict.finding is not None:
        contents = replace(contents, findings=(verdict.finding, *contents.findings))
    if verdict.loss is Loss.UNFINISHED:
        return _as_before(contents, record, locale)
    stays = (contents.refused | verdict.kept | {verdict.cut_key}) & record.entries.keys()
    if not stays and verdict.cut_key is None:
        return State(contents, contents.entries, frozenset(), datetime.now(UTC))
    fresh = {key: entry for key, entry in contents.entries.items() if key != verdict.cut_key}
    kept = {key: entry for key, entry in record.entries.items() if key in stays}
    old = from_entries(kept.values(), locale).messages
    messages = {**{key: contents.messages[key] for key in fresh}, **old}
    entries = {**fresh, **kept}
    # In the order of the file, by which the next version is judged.
    ordered = {key: entries.pop(key) for key in record.entries if key in entries} | entries
    shown = replace(contents, messages=messages, entries=fresh)
    return State(shown, ordered, frozenset(kept), datetime.now(UTC))


def record_of(contents: Contents, state: State, verdict: Verdict, before: Record) -> Record:
    """The last good state of a file after a version of it; one that was cut leaves its ending alone."""
    if verdict.loss is Loss.UNFINISHED:
        return before
    if verdict.loss is Loss.CUT or not contents.is_whole:
        return replace(before, entries=state.entries)
    ending = contents.ending
    return Record(state.entries, ending.size, ending.text, ending.is_closed)


def _as_before(contents: Contents, record: Record, locale: str) -> State:
    """The last good state as it is; what the version names of it is not called kept."""
    kept = record.entries.keys() - (contents.named - contents.refused)
    own = {key: entry for key, entry in record.entries.items() if key not in kept}
    messages = from_entries(record.entries.values(), locale).messages
    shown = replace(contents, messages=messages, entries=own)
    return State(shown, record.entries, frozenset(kept), datetime.now(UTC))


def _is_cut_within_its_last_entry(contents: Contents, record: Record) -> bool:
    """Whether a file ends between the lines of a text that went on; it still is sound syntax."""
    text = contents.ending.text
    return bool(text) and record.tail.startswith(text + "\n")


def _is_cut_between_entries(contents: Contents, record: Record, missing: frozenset[str]) -> bool:
    """Whether a file ends as no program ends it, or without exactly the messages that were its last."""
    if record.is_closed and not contents.ending.is_closed:
        return True
    last = list(record.entries)[-len(missing) :]
    return record.size > BLOCK and missing.issuperset(last)


def _cut(code: str, contents: Contents, record: Record, missing: frozenset[str]) -> Verdict:
    finding = _finding(code, contents, missing, record)
    return Verdict(Loss.CUT, missing, finding, contents.ending.key)


def _finding(code: str, contents: Contents, missing: frozenset[str], record: Record) -> Finding:
    declared = f"{DECLARATION}: {len(contents.named)}"
    variables = {"missing": len(missing), "total": len(record.entries), "header": declared}
    return Finding(code, contents.ending.lines, variables=variables)


def _asked_for(missing: frozenset[str], template: Path) -> frozenset[str]:
    """Those of the messages that a template has; all of them if it cannot be read."""
    try:
        text = normalized(decode(template.read_bytes()).text)
    except (OSError, NotText):
        return missing
    return missing & {entry.key for entry in read(text).entries}
