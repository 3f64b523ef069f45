"""Cursors: a place between two rows of a list that is ordered by time and id, newest first."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAX_ID = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class BadCursor(ValueError):
    """A cursor that this site did not make."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows of a list that is ordered by time and id, newest first.

    `backwards` asks for the rows newer than it.
    """

    moment: datetime
    id: int
    backwards: bool = False

    def __str__(self) -> str:
        stamp = (self.moment - _EPOCH) // _TICK
        raw = f"{'<' if self.backwards else '>'}{stamp}.{self.id}".encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def parse(cls, value: str) -> "Cursor":
        """Read a cursor; BadCursor for anything that str(cursor) does not write."""
        try:
            raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
            stamp, number = raw[1:].decode("ascii").split(".")
            cursor = cls(_EPOCH + int(stamp) * _TICK, int(number), raw[:1] == b"<")
        except (binascii.Error, ValueError, OverflowError, OSError) as error:
            raise BadCursor(value) from error
        if not 0 < cursor.id <= MAX_ID or raw[:1] not in (b"<", b">"):
            raise BadCursor(value)
        return cursor
