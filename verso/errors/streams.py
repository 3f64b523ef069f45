"""The body of an answer on its way out: checked, closed exactly once, and honest when it breaks."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any


class BadAnswer(TypeError):
    """An application answered with something that no server could send."""


class Stream:
    """The chunks of a body, whose first one is pulled at once; a class, as granian answers 200 to generators.

    When the body breaks later, `broke` is asked what to say in the stream itself, and the error is
    raised again after that, so that the connection breaks on the servers that do so. An error of
    the body's close is given to `close_failed` and goes no further: the answer is out.
    """

    def __init__(
        self,
        body: Iterable[bytes],
        broke: Callable[[Exception, bytes], bytes],
        close_failed: Callable[[Exception], object],
    ) -> None:
        self._body = body
        self._broke = broke
        self._close_failed = close_failed
        self._open = True
        self._error: Exception | None = None
        try:
            self._chunks = iter(body)
            self._last = self._first = self._pull()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._error is not None:
            raise self._error
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            chunk = self._pull()
        except Exception as error:  # The second place that exists to catch everything.
            self._error = error
            return self._broke(error, self._last or b"")
        if chunk is None:
            raise StopIteration
        self._last = chunk
        return chunk

    def close(self) -> None:
        """Close the body, once; servers call it when all is sent and when the reader has left."""
        if not self._open:
            return
        self._open = False
        close = getattr(self._body, "close", None)
        if close is None:
            return
        try:
            close()
        except Exception as error:  # What has been sent cannot be called back.
            self._close_failed(error)

    def _pull(self) -> bytes | None:
        """The next chunk that holds something, or None after the last."""
        for chunk in self._chunks:
            if not isinstance(chunk, bytes):
                raise BadAnswer(f"a chunk of the body is {type(chunk).__name__}, not bytes")
            if chunk:
                return chunk
        return None


def told_in_band(
    headers: Mapping[str, str], last: bytes, problem: Mapping[str, Any], notice: str
) -> bytes:
    """What tells the reader of a stream that it broke, by its format; nothing where there is no way.

    headers have lower-case names. After a declared length or inside a compressed body nothing can
    be said.
    """
    if "content-length" in headers or "content-encoding" in headers:
        return b""
    text = json.dumps(problem)
    newline = "" if last.endswith(b"\n") else "\n"
    forms = {
        "application/x-ndjson": f'{newline}{{"error": {text}}}\n',
        "text/event-stream": f"{newline}event: error\ndata: {text}\n\n",
        "text/html": notice,
    }
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return forms.get(content_type, "").encode()
