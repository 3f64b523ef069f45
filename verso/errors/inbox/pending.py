"""Failures that wait in memory: counted exactly, kept by example, bounded whatever comes."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from verso.errors.occurrence import Occurrence

# Together some tens of megabytes at the worst, as one occurrence is at most about 50 kB.
MAX_GROUPS = 100
LATEST = 20


@dataclass(slots=True)
class PendingGroup:
    """What came of one fingerprint: how many in which hour, the first, and the latest few."""

    first: Occurrence
    latest: deque[Occurrence]
    hours: Counter[datetime] = field(default_factory=Counter)

    @property
    def fingerprint(self) -> str:
        return self.first.fingerprint

    @property
    def count(self) -> int:
        return self.hours.total()

    @property
    def events(self) -> list[Occurrence]:
        """The first and the latest, in order, each once."""
        return list({one.error_id: one for one in (self.first, *self.latest)}.values())

    def parts(self, of: Callable[[Occurrence], Occurrence]) -> list["PendingGroup"]:
        """The group taken apart by the fingerprints that `of` gives its events.

        What was not kept is counted for the last of them: nobody knows what it was.
        """
        parts: dict[str, PendingGroup] = {}
        for one in map(of, self.events):
            part = parts.setdefault(one.fingerprint, PendingGroup(one, deque()))
            part.latest.append(one)
            part.hours[hour_of(one.moment)] += 1
        found = list(parts.values())
        seen = sum((part.hours for part in found), Counter[datetime]())
        found[-1].hours.update(self.hours - seen)
        return found


class Pending:
    """Failures by fingerprint, taken out all at once; beyond MAX_GROUPS they are only counted."""

    def __init__(self) -> None:
        self._groups: dict[str, PendingGroup] = {}
        self._lock = Lock()
        self.lost = 0

    def add(self, occurrence: Occurrence) -> None:
        with self._lock:
            group = self._group(occurrence)
            if group is None:
                self.lost += 1
                return
            group.latest.append(occurrence)
            group.hours[hour_of(occurrence.moment)] += 1

    def take(self) -> tuple[list[PendingGroup], int]:
        """Everything that waits, and how many were lost; nothing waits afterwards."""
        with self._lock:
            groups, lost = list(self._groups.values()), self.lost
            self._groups, self.lost = {}, 0
        return groups, lost

    def put_back(self, groups: Iterable[PendingGroup], lost: int = 0) -> None:
        """Keep what could not be delivered, in front of what came meanwhile."""
        with self._lock:
            self.lost += lost
            for group in groups:
                newer = self._groups.get(group.fingerprint)
                if newer is not None:
                    group.latest.extend(newer.events)
                    group.hours.update(newer.hours)
                elif len(self._groups) >= MAX_GROUPS:
                    self.lost += group.count
                    continue
                self._groups[group.fingerprint] = group

    def __bool__(self) -> bool:
        return bool(self._groups or self.lost)

    def _group(self, occurrence: Occurrence) -> PendingGroup | None:
        known = self._groups.get(occurrence.fingerprint)
        if known is None and len(self._groups) < MAX_GROUPS:
            known = PendingGroup(occurrence, deque(maxlen=LATEST))
            self._groups[occurrence.fingerprint] = known
        return known


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour of a moment, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
