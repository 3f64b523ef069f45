"""One `.po` file that is watched while the site runs: read when it has settled, its last good kept."""

import stat
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import structlog

from verso.i18n.acceptance import Loss, State, Verdict, combined, judge, record_of
from verso.i18n.checks.findings import Level
from verso.i18n.contents import MAX_BYTES, NOTHING, Contents, read_contents, unusable
from verso.i18n.last_good import NO_RECORD, LastGood, Record

# Seconds without a write after which a file is read; longer for one with mistakes in it and longest
# for one that lacks messages, which may be half-written. A file that is gone is let go after GONE.
SETTLED = 0.15
SETTLED_BROKEN = 0.6
SETTLED_SHORTER = 1.0
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


class Reading(NamedTuple):
    """A version of a file that was read, how long it has to settle, and the state that follows.

    Before it `is_settled` there is a state only if another process knows a later one than this.
    """

    signature: Signature
    quiet: float
    is_settled: bool
    state: State | None
    verdict: Verdict
    # What was remembered of the file by then.
    stamp: tuple[int, int] | None


class WatchedFile:
    """The file, what was last accepted of it, and what is seen of it but not yet believed.

    It is read for the first time by the first request that needs it; later in a thread of its own, so
    that no request waits for it. `when_read` is called when that thread has read it.
    """

    def __init__(
        self,
        path: Path,
        locale: str,
        last_good: LastGood,
        when_read: Callable[[], None],
        template: Path | None = None,
    ) -> None:
        self.path = path
        self.locale = locale
        self.state: State | None = None
        self._template = template
        self._last_good = last_good
        self._when_read = when_read
        self._is_begun = False
        # What this process knows of the last good state, for a disk that takes or has none.
        self._record = NO_RECORD
        self._is_saved = True
        self._accepted: Signature | None = None
        self._stamp: tuple[int, int] | None = None
        # What was seen last, and since when (monotonic).
        self._seen: Signature | None = None
        self._since = 0.0
        self._reading: Reading | None = None
        self._reader: Thread | None = None

    def poll(self) -> bool:
        """Look at the file; whether its state changed. To be called by one thread at a time."""
        signature, now = _signature(self.path), time.monotonic()
        if signature != self._seen:
            self._seen, self._since = signature, now
        if self.state is None:
            return self._begin(signature, now)
        if signature is None:
            is_gone = now - self._since >= GONE and not was_there_just_now(self.path)
            return is_gone and self._let_go()
        if signature == self._accepted and not self._is_remembered_otherwise():
            return False
        seen_for = now - self._since
        reading = self._reading_of(signature)
        if reading is None or reading.state is None:
            if not _has_settled(signature, seen_for, reading.quiet if reading else SETTLED):
                return False
            self._start_reading(signature, seen_for)
            reading = self._reading_of(signature)
        return reading is not None and self._accept(reading)

    @property
    def is_changing(self) -> bool:
        """Whether a version was seen that is not in use yet."""
        return self._seen != self._accepted

    def _is_remembered_otherwise(self) -> bool:
        """Whether another process remembers something else of a file that is not served as it is."""
        is_kept = self.state is not None and bool(self.state.kept)
        return is_kept and self._last_good.stamp(self.path) not in (None, self._stamp)

    def _begin(self, signature: Signature | None, now: float) -> bool:
        """The first state in this process: a file that is not settled yet is looked at again."""
        is_begun, self._is_begun, self._since = self._is_begun, True, now
        if signature is None:
            return not is_begun and was_there_just_now(self.path) and self._begin_without_file()
        reading = self._read(signature, 0)
        if reading is None or reading.state is None:
            return self._begin_with(self._contents(signature) or NOTHING)
        return self._accept(reading)

    def _begin_without_file(self) -> bool:
        """Miss a file that another process served a moment ago."""
        return self._last_good.load(self.path) is not NO_RECORD and self._begin_with(NOTHING)

    def _begin_with(self, contents: Contents) -> bool:
        """Serve what there is of a file that is being written, until it has settled."""
        record = self._last_good.load(self.path)
        verdict = judge(contents, record, self._template)
        self.state, self._accepted = combined(contents, record, verdict, self.locale), None
        return True

    def _accept(self, reading: Reading) -> bool:
        """Serve what follows from a version; False if it first has to settle."""
        if reading.state is None:
            return False
        self.state, self._stamp = reading.state, reading.stamp
        if not reading.is_settled:
            self._reading = reading._replace(state=None)
            return True
        if reading.signature != self._accepted:
            self._tell(reading.state.contents, reading.verdict)
        self._accepted, self._reading = reading.signature, None
        return True

    def _tell(self, contents: Contents, verdict: Verdict) -> None:
        """Log what is wrong with the file, and what it does not have any more, once for each version."""
        names = {"file": str(self.path), "locale": self.locale}
        if verdict.loss is Loss.DELETED:
            some = sorted(verdict.missing)[:LOGGED]
            log.info("catalog lost messages", **names, messages=len(verdict.missing), first=some)
        wrong = [finding for finding in contents.findings if finding.level is Level.ERROR]
        if not wrong:
            return
        shown = (f"{one.line}:{one.column} {one.sentence}" for one in wrong[:LOGGED])
        log.warning(
            "catalog has errors",
            **names,
            errors=len(wrong),
            first="; ".join(shown),
            way_out="verso translations check",
        )

    def _let_go(self) -> bool:
        self.state, self._accepted, self._reading = None, None, None
        self._record, self._is_saved = NO_RECORD, True
        with self._last_good.locked():
            if _signature(self.path) is None:
                self._last_good.forget(self.path)
        return True

    def _reading_of(self, signature: Signature) -> Reading | None:
        """What was read of a version, if it was; None also if it changed while it was."""
        reading = self._reading
        return reading if reading is not None and reading.signature == signature else None

    def _start_reading(self, signature: Signature, seen_for: float) -> None:
        if self._reader is not None and self._reader.is_alive():
            return

        def read() -> None:
            self._reading = self._read(signature, seen_for)
            self._when_read()

        self._reader = Thread(target=read, name="verso-catalog", daemon=True)
        self._reader.start()
        # Most files are read in this time, and then the request that asked has the new words.
        self._reader.join(READ_AT_ONCE)

    def _read(self, signature: Signature, seen_for: float) -> Reading | None:
        """Read a version, and take it in if it has settled; None if it changed meanwhile.

        What follows is remembered before it is served, in the order in which the versions were on
        disk: no process ever serves what another one does not know of.
        """
        contents = self._contents(signature)
        if contents is None:
            return None
        with self._last_good.locked():
            if _signature(self.path) != signature:
                return None
            record = self._remembered()
            verdict = judge(contents, record, self._template)
            quiet = _quiet(contents, verdict)
            if not _has_settled(signature, seen_for, quiet):
                waiting = Reading(signature, quiet, False, None, verdict, None)
                return self._caught_up(waiting, contents, record)
            state = combined(contents, record, verdict, self.locale)
            self._record = record_of(contents, state, verdict, record)
            self._is_saved = self._last_good.save(self.path, self._record)
            stamp = self._last_good.stamp(self.path)
        return Reading(signature, quiet, True, state, verdict, stamp)

    def _caught_up(self, waiting: Reading, contents: Contents, record: Record) -> Reading:
        """A version to wait for; meanwhile the state is what another process served last, if any did."""
        stamp = self._last_good.stamp(self.path)
        if stamp in (None, self._stamp):
            return waiting
        verdict = Verdict(Loss.UNFINISHED, waiting.verdict.missing)
        state = combined(contents, record, verdict, self.locale)
        return waiting._replace(state=state, stamp=stamp)

    def _remembered(self) -> Record:
        """The last good state as all processes know it, or as this one does if it is not on disk."""
        record = self._last_good.load(self.path)
        return record if self._is_saved and record is not NO_RECORD else self._record

    def _contents(self, signature: Signature) -> Contents | None:
        """What the file says; None if it changed while it was read."""
        if signature.size > MAX_BYTES:
            return unusable("too-large", limit=MAX_BYTES // 1024**2)
        try:
            data = self.path.read_bytes()
        except OSError as error:
            return unusable("unreadable", why=error.strerror or type(error).__name__)
        return read_contents(data, self.locale) if _signature(self.path) == signature else None


def _quiet(contents: Contents, verdict: Verdict) -> float:
    """How long a version has to be left alone before it is believed."""
    is_shorter = bool(verdict.missing) and contents.is_whole and not contents.is_as_declared
    if is_shorter or verdict.loss is Loss.UNFINISHED:
        return SETTLED_SHORTER
    return SETTLED if contents.is_whole else SETTLED_BROKEN


def _has_settled(signature: Signature, seen_for: float, quiet: float) -> bool:
    """Whether nobody writes any more: by the file's own date, or by ours when that one is odd."""
    age = time.time() - signature.mtime_ns / 1e9
    return age >= quiet or seen_for >= quiet


def was_there_just_now(path: Path) -> bool:
    """Whether a file that is gone was removed less than GONE ago: its folder has the date of that."""
    for folder in path.parents:
        try:
            changed = folder.stat().st_mtime
        except OSError:
            continue
        # A clock of another machine, or of the file system, may be a little ahead.
        return abs(time.time() - changed) < GONE
    return False


def _signature(path: Path) -> Signature | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Signature(found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns)
