"""A clock that a test sets ahead, for what comes at its time."""

from datetime import datetime, timedelta, tzinfo
from typing import ClassVar, Self


class ClockAhead(datetime):
    """In the place of `datetime` in a module: its now is later than ours by `ahead`."""

    ahead: ClassVar[timedelta]

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + cls.ahead


def clock_ahead() -> type[ClockAhead]:
    """A clock of one's own, which goes as ours does until it is set."""

    class Clock(ClockAhead):
        ahead = timedelta()

    return Clock
