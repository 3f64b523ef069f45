"""A line to PostgreSQL that breaks, or falls silent, exactly when a COMMIT passes through it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from urllib.parse import urlsplit


class Fault(StrEnum):
    """What happens to the next COMMIT: the server hears it, or not; the client hears no answer."""

    NONE = "none"
    LOST_BEFORE = "lost before"
    LOST_AFTER = "lost after"
    SILENT_AFTER = "silent after"


class Line:
    """A proxy on a port of its own; `fault` says what becomes of the next COMMIT."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.fault = Fault.NONE
        port = self._listener.getsockname()[1]
        user = f"{parts.username}@" if parts.username else ""
        # Encrypted, a COMMIT could not be seen.
        self.url = (
            f"postgresql://{user}127.0.0.1:{port}{parts.path}?sslmode=disable&gssencmode=disable"
        )
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        server = socket.create_connection(self._server)
        silent = threading.Event()
        threading.Thread(target=self._answer, args=(server, client, silent), daemon=True).start()
        with suppress(OSError), client, server:
            while data := client.recv(65536):
                fault = self.fault if b"COMMIT" in data else Fault.NONE
                if fault is not Fault.NONE:
                    self.fault = Fault.NONE
                    silent.set()
                if fault is Fault.LOST_BEFORE:
                    return
                server.sendall(data)
                if fault is Fault.LOST_AFTER:
                    # The server answers when it is done; only then the line breaks.
                    server.recv(1, socket.MSG_PEEK)
                    return

    @staticmethod
    def _answer(server: socket.socket, client: socket.socket, silent: threading.Event) -> None:
        with suppress(OSError):
            while server.recv(1, socket.MSG_PEEK):
                if silent.is_set():
                    return
                client.sendall(server.recv(65536))
            client.shutdown(socket.SHUT_WR)


@contextmanager
def broken_line(url: str) -> Iterator[Line]:
    line = Line(url)
    yield line
    line.close()
