"""Flask with hooks that cannot hurt each other: what fails is answered in form and reported once."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from flask import Flask, Response, appcontext_tearing_down, g, request, request_tearing_down
from flask.globals import request_ctx
from werkzeug.exceptions import Aborter, HTTPException

from verso.errors.contract import note_handled
from verso.errors.respond import report_error, status_of
from verso.errors.statuses import AnyStatus
from verso.headers import unsendable
from verso.requests import VersoRequest

AfterRequest = Callable[[Any], Any]
Teardown = Callable[[BaseException | None], Any]
_NOT_GIVEN: Any = object()


class Verso(Flask):
    """Flask, with our report in place of its log line, and each hook on its own."""

    request_class = VersoRequest

    def make_aborter(self) -> Aborter:
        """`abort` for every status from 400 to 599."""
        return AnyStatus()

    def register_error_handler(self, code_or_exception: Any, f: Any) -> None:
        """Count what is registered: of two handlers the last one wins, silently, and is audited."""
        cls, code = self._get_exc_class_and_code(code_or_exception)
        handlers: Counter[Any] = self.extensions.setdefault("verso.handlers", Counter())
        handlers[code, cls.__name__] += 1
        super().register_error_handler(code_or_exception, f)

    def log_exception(self, exc_info: Any) -> None:
        """Report what nobody handled; some of it is no fault, such as a lost race for a slug.

        An HTTP error that comes here was raised where Flask can only answer 500, by a hook say.
        """
        error = exc_info[1]
        report_error(error, 500 if isinstance(error, HTTPException) else status_of(error))

    def handle_user_exception(self, e: Exception) -> Any:
        """Remember that a handler answers, so that its answer can be held to the contract."""
        answer = super().handle_user_exception(e)
        note_handled(e)
        return answer

    def process_response(self, response: Response) -> Response:
        """Run what comes after a request; a function that failed is left out of the error's answer.

        The first failure becomes a 500 in the section's form, which passes here again.
        """
        failed: set[object] = g.setdefault("verso_failed_after", set())
        is_error_answer = bool(failed)
        for function in self._after_functions():
            if function in failed:
                continue
            try:
                response = self.ensure_sync(function)(response)
            except Exception as error:
                failed.add(function)
                if not is_error_answer:
                    raise
                report_error(error, 500)
        return _sendable(response, failed, is_error_answer=is_error_answer)

    def _after_functions(self) -> Iterator[AfterRequest]:
        """Flask's order: this request's own, the blueprints', the application's, then the session."""
        yield from request_ctx._after_request_functions
        for name in _scopes():
            yield from reversed(self.after_request_funcs.get(name, ()))
        yield self._save_session

    def _save_session(self, response: Response) -> Response:
        session = request_ctx._session
        if session is not None and not self.session_interface.is_null_session(session):
            self.session_interface.save_session(self, session, response)
        return response

    def do_teardown_request(self, exc: Any = _NOT_GIVEN) -> None:
        """Run every teardown function, also after one of them failed; then raise what failed."""
        exc = sys.exc_info()[1] if exc is _NOT_GIVEN else exc
        functions = (reversed(self.teardown_request_funcs.get(name, ())) for name in _scopes())
        failures = self._tear_down(chain.from_iterable(functions), exc)
        request_tearing_down.send(self, _async_wrapper=self.ensure_sync, exc=exc)
        _raise_all(failures)

    def do_teardown_appcontext(self, exc: Any = _NOT_GIVEN) -> None:
        """As do_teardown_request, for the application context."""
        exc = sys.exc_info()[1] if exc is _NOT_GIVEN else exc
        failures = self._tear_down(reversed(self.teardown_appcontext_funcs), exc)
        appcontext_tearing_down.send(self, _async_wrapper=self.ensure_sync, exc=exc)
        _raise_all(failures)

    def _tear_down(
        self, functions: Iterable[Teardown], exc: BaseException | None
    ) -> list[Exception]:
        failures = []
        for function in functions:
            try:
                self.ensure_sync(function)(exc)
            except Exception as error:  # Raised again, when the others have run.
                failures.append(error)
        return failures


def _scopes() -> tuple[str | None, ...]:
    """Where hooks are registered: the blueprints of the request, innermost first, then the application."""
    return (*request.blueprints, None)


def _sendable(response: Response, failed: set[object], *, is_error_answer: bool) -> Response:
    """A header that no server can send is an error here, where it can still be answered in form."""
    for name in unsendable(response.headers):
        if not is_error_answer:
            failed.add(unsendable)
            raise ValueError(f"the header {name!r} holds what HTTP cannot send: use latin-1")
        response.headers.remove(name)
    return response


def _raise_all(failures: list[Exception]) -> None:
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup("several teardown functions failed", failures)
