"""Sentry as a sink: our own scrubbed report in its form, and nothing that the SDK would add."""

from typing import Any

from verso.config import ConfigError
from verso.errors.occurrence import Occurrence

# Seconds that the end of the process waits for what is still to be sent.
AT_EXIT = 2.0


class SentrySink:
    """A client of its own, without integrations: it sees what it is handed, and only that.

    Local variables, bodies and query strings are not in it; its transport has a queue and a thread.
    """

    name = "sentry"

    def __init__(self, dsn: str) -> None:
        try:
            import sentry_sdk
        except ImportError:
            words = "SENTRY_DSN is set, but sentry-sdk is missing: pip install 'verso[sentry]'"
            raise ConfigError(words) from None
        self._client = sentry_sdk.Client(
            dsn=dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            server_name="",
        )

    def take(self, occurrence: Occurrence) -> None:
        self._client.capture_event(_event(occurrence))

    def close(self) -> None:
        self._client.close(timeout=AT_EXIT)


def _event(occurrence: Occurrence) -> Any:
    """The report as an event of Sentry's (develop.sentry.dev: event payloads)."""
    tags = {
        "error_id": occurrence.error_id,
        "section": occurrence.section,
        "phase": occurrence.phase,
        "locale": occurrence.locale,
        "trace_id": occurrence.trace_id,
        "request_id": occurrence.request_id,
    }
    exception: dict[str, Any] = {"type": occurrence.kind, "value": occurrence.message}
    if occurrence.frames:
        exception["stacktrace"] = {"frames": [_frame(frame) for frame in occurrence.frames]}
    return {
        "level": "error",
        "platform": "python",
        "timestamp": occurrence.at,
        "release": f"verso@{occurrence.release}",
        "fingerprint": [occurrence.fingerprint],
        "transaction": occurrence.place,
        "tags": {name: value for name, value in tags.items() if value},
        "request": {"method": occurrence.method, "url": occurrence.path},
        "exception": {"values": [exception]},
    }


def _frame(frame: Any) -> dict[str, Any]:
    return {
        "filename": frame.file,
        "function": frame.function,
        "lineno": frame.line,
        "context_line": frame.code,
        "in_app": frame.is_ours,
    }
