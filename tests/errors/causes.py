"""Every way in which a view, a hook or an extension can fail: one row each, for the error table.

The numbers in the names are those of the traps that each was written against.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import (
    Flask,
    Response,
    abort,
    after_this_request,
    render_template,
    render_template_string,
    request,
)
from flask.sessions import SecureCookieSessionInterface
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    MethodNotAllowed,
    PreconditionFailed,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
)

from verso.content.documents import SlugTaken
from verso.errors.problem import Problem
from verso.errors.statuses import PaymentRequired
from verso.sections import Section


class Broken(Exception):
    """What fails in these tests."""


def fine() -> str:
    return "fine"


def fail(*arguments: Any, **named: Any) -> Any:
    raise Broken("a secret detail")


def nothing(app: Flask) -> None:
    """Leave the application as it is."""


@dataclass(frozen=True)
class Cause:
    """One way to fail: what is done to the application, its view, and the status that is right.

    `header` is one that the answer must carry.
    """

    name: str
    status: int
    view: Callable[[], Any] = fine
    prepare: Callable[[Flask], None] = nothing
    header: str = ""


def raising(make: Callable[[], BaseException]) -> Callable[[], Any]:
    """A view that raises a new one of these each time."""

    def view() -> Any:
        raise make()

    return view


def with_hook(register: str) -> Callable[[Flask], None]:
    """An application in which a hook of this kind fails."""
    return lambda app: getattr(app, register)(fail)


def _abort_after(app: Flask) -> None:
    app.after_request(lambda response: abort(403))


def _no_session(app: Flask) -> None:
    class Unopened(SecureCookieSessionInterface):
        open_session = fail

    app.session_interface = Unopened()


def _unsaved_session(app: Flask) -> None:
    class Unsaved(SecureCookieSessionInterface):
        save_session = fail

    app.session_interface = Unsaved()


def _odd_header(app: Flask) -> None:
    def add(response: Response) -> Response:
        response.headers["X-Name"] = "漢字"
        return response

    app.after_request(add)


def _soft_handler(app: Flask) -> None:
    """Somebody's error handler that makes an error look like a success."""
    for section in Section:
        handlers = app.error_handler_spec[section]
        handlers[412][PreconditionFailed] = lambda error: ("all is well", 200)


def _after_this() -> str:
    after_this_request(fail)
    return "x"


def _deep() -> Any:
    return _deep()


def _stream_before_first_chunk() -> Response:
    def chunks() -> Any:
        raise Broken("a secret detail")
        yield b""

    return Response(chunks())


def _refusing_stream() -> Response:
    def chunks() -> Any:
        raise Problem("too-many-streams", headers={"Retry-After": "9"})
        yield b""

    return Response(chunks())


def _response(body: str, status: int) -> Callable[[], Any]:
    return lambda: Response(body, status)


def _aborted() -> Any:
    abort(Response("raw", 409))


CAUSES = (
    Cause("F4 the view raises", 500, fail),
    Cause("F20 the view returns nothing", 500, lambda: None),
    Cause("F33 the template is missing", 500, lambda: render_template("there-is-no-such.html")),
    Cause("F33 the template fails", 500, lambda: render_template_string("{{ nobody.knows }}")),
    Cause("F26 a group of exceptions", 500, raising(lambda: ExceptionGroup("x", [Broken()]))),
    Cause("F26 endless recursion", 500, _deep),
    Cause("F70 half of a surrogate pair in the text", 500, raising(lambda: Broken("\ud800"))),
    Cause(
        "F71 a header that is not latin-1, by the view", 500, lambda: Response(headers={"X": "ё"})
    ),
    Cause("F71 a header that is not latin-1, by a hook", 500, prepare=_odd_header),
    Cause("F27 F36 url_value_preprocessor", 500, prepare=with_hook("url_value_preprocessor")),
    Cause("F27 F34 before_request", 500, prepare=with_hook("before_request")),
    Cause("F28 after_request", 500, prepare=with_hook("after_request")),
    Cause("F28 abort in after_request", 500, prepare=_abort_after),
    Cause("F28 after_this_request", 500, _after_this),
    Cause("F31 the session cannot be opened", 500, prepare=_no_session),
    Cause("F32 the session cannot be saved", 500, prepare=_unsaved_session),
    Cause("a stream before its first chunk", 500, _stream_before_first_chunk),
    Cause("a stream that refuses", 503, _refusing_stream, header="Retry-After"),
    Cause("F17 abort(Response)", 409, _aborted),
    Cause("F18 a tuple", 404, lambda: ("plain", 404)),
    Cause("F18 a tuple of a fault", 500, lambda: ({"x": 1}, 500)),
    Cause("an empty body", 410, _response("", 410)),
    Cause("a 405 without Allow", 405, _response("no", 405), header="Allow"),
    Cause("a 401 without WWW-Authenticate", 401, _response("who", 401), header="WWW-Authenticate"),
    Cause("abort(405)", 405, raising(MethodNotAllowed), header="Allow"),
    Cause("F21 a handler that answers 200", 412, raising(PreconditionFailed), _soft_handler),
    Cause("F24 a status that Werkzeug lacks", 402, raising(PaymentRequired)),
    Cause("F24 abort(599)", 599, lambda: abort(599)),
    Cause(
        "Retry-After of 429",
        429,
        raising(lambda: TooManyRequests(retry_after=7)),
        header="Retry-After",
    ),
    Cause(
        "Retry-After of 503",
        503,
        raising(lambda: ServiceUnavailable(retry_after=7)),
        header="Retry-After",
    ),
    Cause(
        "a challenge of the view's own",
        401,
        raising(lambda: Unauthorized(www_authenticate=WWWAuthenticate("basic", {"realm": "x"}))),
        header="WWW-Authenticate",
    ),
    Cause("an exception of the domain", 409, raising(lambda: SlugTaken("a", "en"))),
    Cause("a refused connection", 503, raising(ConnectionRefusedError), header="Retry-After"),
    Cause("a time-out", 504, raising(TimeoutError)),
    Cause("a full disk", 507, raising(lambda: OSError(28, "No space left on device"))),
    Cause("F65 a missing key of a form", 400, lambda: request.form["missing"]),
    Cause("F70 half of a surrogate pair in abort()", 400, lambda: abort(400, "\ud800")),
)
