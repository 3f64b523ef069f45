"""What mails and events are sent to in tests: a real SMTP server and a real HTTP receiver."""

import gc
import gzip
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.servers import free_port


class Letterbox:
    """A mail server: keeps what it gets, and can ask for a name and a password."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.signed_in: list[tuple[bytes, bytes]] = []
        self.url = ""
        # Words in a subject for which a mail is refused for good.
        self.refuses = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        if self.refuses and self.refuses in str(parsed["Subject"]):
            return "554 not this one"
        self.messages.append(parsed)
        return "250 OK"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.signed_in.append((data.login, data.password))
        return AuthResult(success=True)

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.messages]

    def texts(self) -> str:
        """Everything that was mailed, headers too, decoded."""
        return "\n".join(
            "\n".join(map(str, message.values())) + "\n" + message.get_content()
            for message in self.messages
        )


@contextmanager
def letterbox(
    tls: ssl.SSLContext | None = None, *, from_the_start: bool = False
) -> Iterator[Letterbox]:
    """A mail server on a free port; with tls it offers STARTTLS and wants a sign-in over it.

    With from_the_start it speaks TLS only.
    """
    box = Letterbox()
    options: dict[str, Any] = {}
    if tls is not None and from_the_start:
        options = {"ssl_context": tls}
    elif tls is not None:
        options = {
            "tls_context": tls,
            "authenticator": box.authenticate,
            "auth_required": True,
            "auth_require_tls": True,
        }
    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), ready_timeout=60, **options
    )
    controller.start()
    box.url = f"127.0.0.1:{controller.port}"
    try:
        yield box
    finally:
        controller.stop()
        with warnings.catch_warnings():
            # The server leaves connections open whose TLS was refused.
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


class Envelopes:
    """What a Sentry would have got: the decompressed bodies, and the headers."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.dsn = ""


@contextmanager
def sentry_receiver() -> Iterator[Envelopes]:
    """An HTTP server that takes Sentry envelopes."""
    received = Envelopes()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            received.bodies.append(body.decode("utf-8"))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *arguments: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    received.dsn = f"http://0123456789abcdef@127.0.0.1:{server.server_port}/1"
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
