"""One failure as it is reported: scrubbed once, the same for every sink, and small."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a trace; is_ours tells the site's own code from libraries."""

    module: str
    function: str
    file: str
    line: int
    code: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What every sink gets. at is seconds since 1970; request holds what is known of the request."""

    error_id: str
    at: float
    fingerprint: str
    grouped_by: tuple[tuple[str, str], ...]
    kind: str
    message: str
    place: str
    section: str
    phase: str
    method: str
    path: str
    status: int
    locale: str
    trace: str
    frames: tuple[Frame, ...] = ()
    request: Mapping[str, Any] = field(default_factory=dict)
    trace_id: str = ""
    request_id: str = ""
    release: str = ""

    @property
    def title(self) -> str:
        """The line that tells this failure from others."""
        return f"{self.kind}: {self.message}".strip(": ") if self.message else self.kind

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Occurrence":
        """The occurrence that to_json wrote, in whatever version; ValueError for anything else."""
        try:
            values = {**_UNKNOWN, **json.loads(text)}
            values["grouped_by"] = tuple((name, value) for name, value in values["grouped_by"])
            values["frames"] = tuple(Frame(**frame) for frame in values["frames"])
            return cls(**{name: values[name] for name in cls.__slots__ if name in values})
        except (TypeError, LookupError, AttributeError) as error:
            raise ValueError(f"this is no report of an error: {text[:100]!r}") from error

    @classmethod
    def unreadable(cls, error_id: str, text: str) -> "Occurrence":
        """What stands for a stored report that cannot be read any more; it shows what is stored."""
        return cls(**{**_UNKNOWN, "error_id": error_id, "kind": "UnreadableReport", "trace": text})


# What an older or newer version did not know.
_UNKNOWN: Mapping[str, Any] = {
    **dict.fromkeys(("error_id", "fingerprint", "kind", "message", "place", "section"), ""),
    **dict.fromkeys(("phase", "method", "path", "locale", "trace"), ""),
    "at": 0.0,
    "status": 0,
    "grouped_by": (),
    "frames": (),
}
