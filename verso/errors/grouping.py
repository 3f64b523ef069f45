"""Grouping: which failures are one and the same, and why."""

import re
import sys
import sysconfig
import traceback
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType

# Changing how fingerprints are made changes this too: old and new groups must not be mixed up.
VERSION = "1"
MAX_CHAIN = 10
_PACKAGE = str(Path(__file__).parents[1]) + "/"
_LIBRARIES = tuple(
    {str(Path(path)) + "/" for path in sysconfig.get_paths().values()} | {sys.prefix}
)
_VARIABLE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"  # UUID
    r"|https?://\S+|(?<!\w)/[\w./%-]+"  # URL, path
    r"|'[^']*'|\"[^\"]*\"|“[^”]*”"  # what stands in quotes
    r"|\b(?=\w*\d)\w[\w.:-]*",  # number, address, id
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Grouping:
    """A fingerprint, and what it was made of: pairs of a name and its value."""

    fingerprint: str
    grouped_by: tuple[tuple[str, str], ...]
    place: str


def group_failure(error: BaseException, section: str, endpoint: str, problem: str = "") -> Grouping:
    """How a failure is grouped.

    By the problem alone where the surroundings failed: it is one failure wherever it is met. Else by
    the chain of exceptions, the last place in our own code and the section; the text counts only
    where no line of ours is in the trace.
    """
    chain, place = kinds_of(error), place_of(error)
    kinds = " ← ".join(chain)
    if problem:
        parts = [("exception", chain[0]), ("problem", problem)]
    elif place:
        parts = [("exception", kinds), ("place", place), ("section", section)]
    else:
        text = normal_text(words_of(error))
        parts = [("exception", kinds), ("text", text), ("address", endpoint), ("section", section)]
    return Grouping(fingerprint_of(parts), tuple(parts), place or endpoint)


def fingerprint_of(parts: list[tuple[str, str]]) -> str:
    """The digest of what failures are grouped by."""
    return sha256(repr((VERSION, parts)).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def kinds_of(error: BaseException) -> list[str]:
    """The classes of an exception and of those that led to it; a group shows what is inside."""
    kinds: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(kinds) < MAX_CHAIN:
        seen.add(id(current))
        kinds.append(_kind_of(current))
        hidden = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or hidden
    return kinds


def words_of(error: BaseException) -> str:
    """What an exception says: its first line, without the statement of a database error.

    `` where it cannot even say that.
    """
    try:
        return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    except Exception:  # It is somebody else's __str__, called by the reporter.
        return ""


def place_of(error: BaseException) -> str:
    """Module and function of the last frame in our own code: `verso.blog.posts.post`, or ``."""
    found = ""
    for frame, _ in traceback.walk_tb(_trace_of(error)):
        if is_ours(frame.f_code.co_filename):
            found = f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}"
    return found


def is_ours(file: str) -> bool:
    """Whether a source file belongs to the site and not to Python or a library."""
    is_library = file.startswith(("<", *_LIBRARIES)) or "/site-packages/" in file
    return file.startswith(_PACKAGE) or not is_library


def normal_text(text: str) -> str:
    """A message without what differs from one failure to the next: ids, numbers, quotes, paths."""
    return _VARIABLE.sub("…", text[:1000]).strip()[:200]


def _kind_of(error: BaseException, depth: int = 0) -> str:
    name = type(error).__qualname__
    if isinstance(error, BaseExceptionGroup) and depth < MAX_CHAIN:
        inner = sorted({_kind_of(one, depth + 1) for one in error.exceptions[:MAX_CHAIN]})
        return f"{name}({', '.join(inner)})"
    return name


def _trace_of(error: BaseException) -> TracebackType | None:
    """The trace of the error, or of the first one inside a group that has none."""
    for _ in range(MAX_CHAIN):
        if error.__traceback__ is not None or not isinstance(error, BaseExceptionGroup):
            break
        error = error.exceptions[0]
    return error.__traceback__
