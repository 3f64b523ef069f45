"""The count of unknown URLs in memory, bounded, until it is written."""

import ipaddress
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from urllib.parse import urlsplit

from verso.content.noise import noise_kind
from verso.models.documents import PATH_LENGTH
from verso.models.redirects import PATH_BYTES

# Distinct paths that are kept between two writes; of more, only their number is.
MAX_PATHS = 2000
MAX_HOSTS = 10
MAX_HOST = 100


@dataclass(slots=True)
class Hits:
    """How often one path was asked for, from pages of our own, and from those of which hosts."""

    total: int = 0
    own: int = 0
    hosts: Counter[str] = field(default_factory=Counter)

    def add(self, more: "Hits") -> None:
        self.total += more.total
        self.own += more.own
        self.hosts = bounded(self.hosts + more.hosts)


Key = tuple[date, str]


class Tally:
    """Counts hits by day and path; the path of noise is the name of its kind."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hits: dict[Key, Hits] = {}
        # Hits of paths that there was no room for.
        self._left_out = 0

    def __len__(self) -> int:
        return len(self._hits)

    def count(self, path: str, referrer: str, own_host: str) -> bool:
        """Count one hit; whether it is the first since the last `take`. Nothing else is kept.

        Of the referrer (a URL) its host is, unless that is an address or our own.
        """
        host = host_of(referrer)
        is_own = bool(host) and host == own_host.lower()
        hosts = Counter([host]) if host and not is_own and is_name(host) else Counter[str]()
        key = (datetime.now(UTC).date(), noise_kind(path) or cut(path))
        with self._lock:
            self._add(key, Hits(1, int(is_own), hosts))
            return len(self._hits) == 1 and self._hits.get(key, _NONE).total == 1

    def take(self) -> tuple[Mapping[Key, Hits], int]:
        """All that was counted, and the number of hits left out; both then begin anew."""
        with self._lock:
            taken, self._hits = self._hits, {}
            left_out, self._left_out = self._left_out, 0
        return taken, left_out

    def put_back(self, taken: Mapping[Key, Hits]) -> None:
        """Keep what could not be written, as far as there is room."""
        with self._lock:
            for key, hits in taken.items():
                self._add(key, hits)

    def _add(self, key: Key, hits: Hits) -> None:
        known = self._hits.get(key)
        if known is not None:
            known.add(hits)
        elif len(self._hits) < MAX_PATHS:
            self._hits[key] = hits
        else:
            self._left_out += hits.total


_NONE = Hits()


def host_of(url: str) -> str:
    """Host and port of a URL in lower case, without any name or password; empty for no URL."""
    try:
        return urlsplit(url[:2000]).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def is_name(host: str) -> bool:
    """Whether a host (with or without a port) is a name of sensible length and not an address."""
    if len(host) > MAX_HOST or not host.isprintable() or host.startswith("["):
        return False
    name = host.partition(":")[0]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return any(sign.isalpha() for sign in name)
    return False


def bounded(hosts: Mapping[str, int]) -> Counter[str]:
    """The hosts with the most hits."""
    return Counter(dict(Counter(hosts).most_common(MAX_HOSTS)))


def cut(path: str) -> str:
    """A path without its last slash, in the length that can be stored."""
    short = path[:PATH_LENGTH].encode()[:PATH_BYTES].decode(errors="ignore")
    return "/" + "/".join(part for part in short.split("/") if part)
