"""The application with routes in every section that fail in every way a stream can; for real servers too."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Response, abort, stream_with_context
from sqlalchemy import text

from verso.app import create_app
from verso.db import reading
from verso.errors.problem import Problem

ROOTS = {"site": "/fr", "blog": "/fr/blog", "api": "/api/v1", "admin": "/admin"}
FORMATS = {
    "ndjson": "application/x-ndjson",
    "sse": "text/event-stream",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}


def create() -> Flask:
    """The application of a real server, with the failing routes."""
    app = create_app({"BASE_URL": "http://localhost"})
    add_routes(app)
    return app


def add_routes(app: Flask) -> None:
    """Add the failing routes, each at `<root of a section>/t-<name>`, and a count of teardowns."""
    for section, root in ROOTS.items():
        for name, view in VIEWS.items():
            app.add_url_rule(f"{root}/t-{name}", endpoint=f"{section}.t_{name}", view_func=view)
    _count_teardowns(app)


def _before() -> Response:
    return Response(_raising(ZeroDivisionError("a secret detail")))


def _abort() -> Response:
    def chunks() -> Iterator[bytes]:
        abort(403)
        yield b"never"

    return Response(chunks())


def _problem() -> Response:
    headers = {"Retry-After": "77"}
    return Response(_raising(Problem("service-unavailable", headers=headers)))


def _raising(error: Exception) -> Iterator[bytes]:
    raise error
    yield b"never"


def _empty() -> Response:
    return Response(iter(()))


def _close() -> Response:
    response = Response(iter([b"one", b"two"]))
    response.call_on_close(_fail)
    return response


def _fail() -> None:
    raise RuntimeError("the close failed")


def _number() -> Response:
    chunks: list[Any] = [1]
    return Response(iter(chunks))


def _late_number() -> Response:
    chunks: list[Any] = [b"one\n", 1]
    return Response(iter(chunks), content_type=FORMATS["ndjson"])


def _declared() -> Response:
    response = Response(_three_chunks("ndjson"), content_type=FORMATS["ndjson"])
    response.content_length = 100
    return response


def _three_chunks(name: str) -> Iterator[bytes]:
    one = {"sse": b"data: 1\n\n", "html": b"<p>1</p>"}.get(name, b'{"id": 1}\n')
    yield one
    yield one
    yield one
    raise ZeroDivisionError("a secret detail")


def _broken(name: str) -> Callable[[], Response]:
    return lambda: Response(_three_chunks(name), content_type=FORMATS[name])


def _endless() -> Response:
    """A stream that does what streams should not: it keeps its context and its connection."""

    def chunks() -> Iterator[bytes]:
        while True:
            reading().execute(text("SELECT 1"))
            yield b"x" * 65536

    return Response(stream_with_context(chunks()))


def _count_teardowns(app: Flask) -> None:
    seen: Counter[str] = Counter()
    app.teardown_request(lambda _: seen.update(requests=1))
    app.teardown_appcontext(lambda _: seen.update(contexts=1))

    def counts() -> dict[str, Any]:
        """How often the teardowns ran before this request, and what the database's pool lent out."""
        pool: Any = app.extensions["verso.db"].engine.pool
        return {**seen, "checked_out": pool.checkedout()}

    app.add_url_rule("/api/v1/t-counts", endpoint="api.t_counts", view_func=counts)


VIEWS: dict[str, Callable[[], Response]] = {
    "before": _before,
    "abort": _abort,
    "problem": _problem,
    "empty": _empty,
    "close": _close,
    "number": _number,
    "late-number": _late_number,
    "declared": _declared,
    "endless": _endless,
    **{name: _broken(name) for name in FORMATS},
}
