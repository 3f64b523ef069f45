"""The log as a sink: one structured line per fault, with its scrubbed trace."""

import structlog

from verso.errors.occurrence import Occurrence

log = structlog.get_logger("verso.errors")


class LogSink:
    """Writes faults to the log, which writes in a thread of its own."""

    name = "log"

    def take(self, occurrence: Occurrence) -> None:
        ids = {"trace_id": occurrence.trace_id, "request_id": occurrence.request_id}
        log.error(
            "fault",
            error_id=occurrence.error_id,
            status=occurrence.status,
            section=occurrence.section,
            phase=occurrence.phase,
            method=occurrence.method,
            path=occurrence.path,
            group=occurrence.fingerprint[:12],
            **{name: value for name, value in ids.items() if value},
            exception=occurrence.trace,
        )

    def close(self) -> None:
        """Nothing waits here."""
