"""Reporting: every fault gets one id, is described and scrubbed once, and handed to every sink."""

import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from typing import Protocol

import structlog
from flask import current_app

from verso import __version__
from verso.errors.catalogue import BY_SLUG
from verso.errors.circumstances import Circumstances
from verso.errors.grouping import fingerprint_of, group_failure, is_ours, words_of
from verso.errors.ids import new_error_id
from verso.errors.mapping import mapped_problem
from verso.errors.occurrence import Frame, Occurrence
from verso.errors.scrub import Scrubber

_MARK = "verso_error_id"
ANYWHERE = object()
MAX_FRAMES = 60
# Characters: what is scrubbed of a trace, and what is kept of its beginning and of its end.
LONGEST_TRACE = 100_000
TRACE_HEAD, TRACE_TAIL = 6_000, 14_000
MAX_SECRETS = 200

log = structlog.get_logger("verso.errors")


class Sink(Protocol):
    """Where reports go. take must neither wait nor hold on to the request."""

    name: str

    def take(self, occurrence: Occurrence) -> None: ...

    def close(self) -> None: ...


class Reporter:
    """The one way from a fault to the sinks; no failure in here reaches the request."""

    def __init__(self, scrubber: Scrubber, sinks: Sequence[Sink]) -> None:
        self.scrubber = scrubber
        self.sinks = tuple(sinks)

    def report(self, error: BaseException, where: Circumstances) -> str:
        """Report a fault and return its id; the same exception is reported only once."""
        known = _known_id(error, where.token)
        if known:
            return known
        error_id = new_error_id()
        mark_as_reported(error, error_id, where.token)
        try:
            occurrence = self._describe(error, error_id, where)
        except Exception as failure:  # One of the two places that exist to catch everything.
            occurrence = _barely(error, error_id, where, failure)
        self._hand_out(occurrence)
        return error_id

    def note(self, error: BaseException, where: Circumstances) -> str:
        """Log an answer from 400 to 499, which is no fault of ours, and return its id."""
        known = _known_id(error, where.token)
        if known:
            return known
        error_id = new_error_id()
        mark_as_reported(error, error_id, where.token)
        log.info(
            "refused",
            error_id=error_id,
            status=where.status,
            section=where.section,
            method=where.method,
            path=self.scrubber.text(where.path),
            **_ids_of(where.trace_id, where.request_id),
        )
        return error_id

    def close(self) -> None:
        """Hand over what waits and end the sinks' threads."""
        for sink in self.sinks:
            sink.close()

    def _describe(self, error: BaseException, error_id: str, where: Circumstances) -> Occurrence:
        scrubber = self.scrubber.knowing(where.secrets[:MAX_SECRETS])
        grouping = group_failure(error, where.section, where.endpoint, _surroundings(error))
        described = traceback.TracebackException.from_exception(error, limit=-MAX_FRAMES)
        return Occurrence(
            error_id=error_id,
            at=time.time(),
            fingerprint=grouping.fingerprint,
            grouped_by=tuple((name, scrubber.text(value)) for name, value in grouping.grouped_by),
            kind=type(error).__qualname__,
            message=scrubber.text(words_of(error), 400),
            place=grouping.place,
            section=str(where.section),
            phase=where.phase,
            method=where.method,
            path=scrubber.text(where.path, 1000),
            status=where.status,
            locale=where.locale,
            trace=_shortened(scrubber.text("".join(described.format()), LONGEST_TRACE)),
            frames=tuple(_frames(described.stack, scrubber)),
            request=scrubber.value(where.request),
            trace_id=where.trace_id,
            request_id=where.request_id,
            release=__version__,
        )

    def _hand_out(self, occurrence: Occurrence) -> None:
        for sink in self.sinks:
            try:
                sink.take(occurrence)
            except Exception as failure:  # A broken sink must not keep the others from the report.
                _say_it_plainly(occurrence.error_id, failure, f"the sink {sink.name}")


def get_reporter() -> Reporter:
    """The reporter of the current application."""
    reporter: Reporter = current_app.extensions["verso.reporter"]
    return reporter


def _barely(
    error: BaseException, error_id: str, where: Circumstances, failure: Exception
) -> Occurrence:
    """What can be said of an exception that cannot even be described."""
    kind, reason = type(error).__qualname__, type(failure).__qualname__
    return Occurrence(
        error_id=error_id,
        at=time.time(),
        fingerprint=fingerprint_of([("exception", kind), ("address", where.endpoint)]),
        grouped_by=(("exception", kind), ("address", where.endpoint)),
        kind=kind,
        message=f"describing it failed with {reason}",
        place=where.endpoint,
        section=str(where.section),
        phase=where.phase,
        method=where.method,
        path="",
        status=where.status,
        locale=where.locale,
        trace="",
        release=__version__,
    )


def _frames(stack: traceback.StackSummary, scrubber: Scrubber) -> Iterable[Frame]:
    for frame in stack:
        file = frame.filename
        yield Frame(
            module=file.rpartition("/")[2],
            function=frame.name,
            file=file,
            line=frame.lineno or 0,
            code=scrubber.text(frame.line or "", 300),
            is_ours=is_ours(file),
        )


def _shortened(trace: str) -> str:
    """A trace without its middle: what was raised last stands at the end."""
    if len(trace) <= TRACE_HEAD + TRACE_TAIL:
        return trace
    return f"{trace[:TRACE_HEAD]}\n…\n{trace[-TRACE_TAIL:]}"


def _surroundings(error: BaseException) -> str:
    """The problem by which a failure of the surroundings is grouped, else ``."""
    slug = mapped_problem(error)
    return slug if slug and BY_SLUG[slug].status > 500 else ""


def _ids_of(trace_id: str, request_id: str) -> dict[str, str]:
    ids = {"trace_id": trace_id, "request_id": request_id}
    return {name: value for name, value in ids.items() if value}


def mark_as_reported(error: BaseException, error_id: str, token: object = ANYWHERE) -> None:
    """Give an exception its id; whoever reports it again gets the same one, and nothing is sent.

    That holds in the request of the token: an exception that is kept and raised again is another
    failure.
    """
    try:
        setattr(error, _MARK, (error_id, token))
    except (AttributeError, TypeError):
        return


def _known_id(error: BaseException, token: object) -> str:
    """The id that an exception has in a request; `` if it has none there."""
    try:
        error_id, known = getattr(error, _MARK, ("", None))
    except Exception:  # Its own __getattr__ is broken.
        return ""
    return error_id if known is token or known is ANYWHERE else ""


def _say_it_plainly(error_id: str, failure: BaseException, what: str) -> None:
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"error {error_id}: {what} failed: {type(failure).__name__}\n")
