"""One `.po` file that is watched while the site runs: read when it has settled, its last good kept."""

import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import structlog

from verso.i18n.checks.findings import Level
from verso.i18n.contents import MAX_BYTES, NOTHING, Contents, from_entries, read_contents, unusable
from verso.i18n.last_good import LastGood
from verso.i18n.po.syntax import Entry

# Seconds. A file is read when nobody has written to it for so long; one with mistakes in it waits
# longer, for it may be half-written; one that is gone is believed to be gone after so long.
SETTLED = 0.15
SETTLED_BROKEN = 0.6
GONE = 5.0
READ_AT_ONCE = 0.02
# Of the errors in a file, so many stand in the log; the command and the admin show all.
LOGGED = 5
log = structlog.get_logger("verso.translations")


class Signature(NamedTuple):
    """What tells one version of a file from another: also a copied date or an equal size does not hide it."""

    mtime_ns: int
    size: int
    inode: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class State:
    """What a file contributes now: its contents, and the messages kept from before."""

    contents: Contents
    # All that is served, kept ones included.
    entries: dict[str, Entry]
    kept: frozenset[str]
    loaded_at: datetime


class WatchedFile:
    """The file, what was last accepted of it, and what is seen of it but not yet believed.

    It is read for the first time by whoever needs it first; later in a thread of its own, so that no
    request waits for it. `when_read` is called when that thread has read it.
    """

    def __init__(
        self, path: Path, locale: str, last_good: LastGood, when_read: Callable[[], None]
    ) -> None:
        self.path = path
        self.locale = locale
        self.state: State | None = None
        self._last_good = last_good
        self._when_read = when_read
        self._accepted: Signature | None = None
        # What was seen last, and since when (monotonic).
        self._seen: Signature | None = None
        self._since = 0.0
        # What a version says that was read but is not accepted yet; None if it changed meanwhile.
        self._read: tuple[Signature, Contents | None] | None = None
        self._reader: Thread | None = None

    def poll(self) -> bool:
        """Look at the file; whether its state is another one now. To be called by one thread at a time."""
        signature, now = _signature(self.path), time.monotonic()
        if signature == self._accepted and (signature is not None or self.state is None):
            return False
        if signature != self._seen:
            self._seen, self._since = signature, now
        if self.state is None:
            return signature is not None and self._begin(signature)
        if signature is None:
            return now - self._since >= GONE and self._let_go()
        seen_for = now - self._since
        if not _has_settled(signature, seen_for, SETTLED):
            return False
        if self._contents_of(signature) is None:
            self._start_reading(signature)
        contents = self._contents_of(signature)
        if contents is None:
            return False
        if not contents.is_whole and not _has_settled(signature, seen_for, SETTLED_BROKEN):
            return False
        self._accept(signature, contents, self.state.entries)
        return True

    @property
    def is_changing(self) -> bool:
        """Whether a version was seen that is not in use yet."""
        return self._seen != self._accepted

    def _begin(self, signature: Signature) -> bool:
        """The first state in this process: a file that is not settled yet is looked at again."""
        contents = self._contents(signature) or NOTHING
        is_sound = contents.is_whole and not contents.refused
        kept = [] if is_sound else self._last_good.load(self.path)
        settled = contents.is_whole and _has_settled(signature, 0, SETTLED)
        before = from_entries(kept, self.locale).entries
        self._accept(signature if settled else None, contents, before)
        return True

    def _accept(
        self, signature: Signature | None, contents: Contents, before: dict[str, Entry]
    ) -> None:
        """Serve these contents; without a signature only until there is something better."""
        self.state = _combined(contents, before, self.locale)
        self._accepted, self._read = signature, None
        if signature is not None:
            self._tell(contents)
            self._last_good.save(self.path, self.state.entries)

    def _tell(self, contents: Contents) -> None:
        """Log what is wrong with the file, once for each version of it."""
        wrong = [finding for finding in contents.findings if finding.level is Level.ERROR]
        if not wrong:
            return
        shown = (f"{one.line}:{one.column} {one.sentence}" for one in wrong[:LOGGED])
        log.warning(
            "catalog has errors",
            file=str(self.path),
            locale=self.locale,
            errors=len(wrong),
            first="; ".join(shown),
            way_out="verso translations check",
        )

    def _let_go(self) -> bool:
        self.state, self._accepted, self._read = None, None, None
        return True

    def _contents_of(self, signature: Signature) -> Contents | None:
        """What a version says, if it has been read; None also if it changed while it was."""
        return self._read[1] if self._read is not None and self._read[0] == signature else None

    def _start_reading(self, signature: Signature) -> None:
        if self._reader is not None and self._reader.is_alive():
            return

        def read() -> None:
            self._read = (signature, self._contents(signature))
            self._when_read()

        self._reader = Thread(target=read, name="verso-catalog", daemon=True)
        self._reader.start()
        # Most files are read in this time, and then whoever asked already sees the new words.
        self._reader.join(READ_AT_ONCE)

    def _contents(self, signature: Signature) -> Contents | None:
        """What the file says; None if it changed while it was read."""
        if signature.size > MAX_BYTES:
            return unusable("too-large", limit=MAX_BYTES // 1024**2)
        try:
            data = self.path.read_bytes()
        except OSError as error:
            return unusable("unreadable", why=error.strerror or type(error).__name__)
        return read_contents(data, self.locale) if _signature(self.path) == signature else None


def _combined(contents: Contents, before: dict[str, Entry], locale: str) -> State:
    """A new version of a file, with what it has broken as it was before."""
    lost = (
        contents.refused
        if contents.is_whole
        else before.keys() - (contents.named - contents.refused)
    )
    kept = {key: before[key] for key in lost if key in before and key not in contents.entries}
    now = datetime.now(UTC)
    if not kept:
        return State(contents, contents.entries, frozenset(), now)
    messages = {**from_entries(kept.values(), locale).messages, **contents.messages}
    entries = {**kept, **contents.entries}
    return State(replace(contents, messages=messages), entries, frozenset(kept), now)


def _has_settled(signature: Signature, seen_for: float, quiet: float) -> bool:
    """Whether nobody writes any more: by the file's own date, or by ours when that one is odd."""
    age = time.time() - signature.mtime_ns / 1e9
    return age >= quiet or seen_for >= quiet


def _signature(path: Path) -> Signature | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Signature(found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns)
