"""Where the bytes of media are kept: a local folder, or object storage; one small interface."""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

# Seconds that a request waits for object storage.
TIMEOUT = 10


class StoreUnavailable(Exception):
    """Object storage does not answer, or refuses; nothing was kept."""


class Store(Protocol):
    """Files by name, as in `ab/ab12...-320.avif`; each is there whole or not at all."""

    def put(self, name: str, data: bytes) -> None:
        """Keep a file. OSError for a disk that is full or broken, StoreUnavailable."""

    def read(self, name: str) -> bytes:
        """The bytes of a file; FileNotFoundError, StoreUnavailable."""

    def size(self, name: str) -> int | None:
        """How many bytes a file has, or None if there is none. StoreUnavailable."""

    def delete(self, names: Iterable[str]) -> None:
        """Remove files; those that are not there are no error. StoreUnavailable."""

    def path(self, name: str) -> Path | None:
        """Where a file is on this machine, if it is."""


def open_store(url: str, folder: Path) -> Store:
    """The store of a setting: a folder for an empty URL, else object storage.

    ValueError for a URL that means none.
    """
    return ObjectStore(url) if url else LocalStore(folder)


class LocalStore:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Write a file so that it is there whole or not at all, also after a power cut."""
        path = self.folder / name
        if self.size(name) == len(data):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
        _sync_folder(path.parent)

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def size(self, name: str) -> int | None:
        path = self.folder / name
        return path.stat().st_size if path.is_file() else None

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def path(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.is_file() else None


class ObjectStore:
    """S3 and what speaks like it, Google Cloud Storage or Azure, by obstore.

    Credentials come from the environment that the clouds' own tools read: AWS_ACCESS_KEY_ID, ...
    """

    def __init__(self, url: str) -> None:
        # obstore is an extra: an installation with a local folder does without it.
        from obstore.exceptions import BaseError
        from obstore.store import from_url

        self._failure = BaseError
        options: dict[str, Any] = {}
        if not url.startswith(("memory:", "file:")):
            options["client_options"] = {
                "timeout": f"{TIMEOUT}s",
                "connect_timeout": "3s",
                # A store on this machine or in this network speaks plain HTTP.
                "allow_http": os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://"),
            }
            waits = {"init_backoff": timedelta(milliseconds=100), "base": 2}
            options["retry_config"] = {
                "max_retries": 1,
                "retry_timeout": timedelta(seconds=TIMEOUT),
                "backoff": {**waits, "max_backoff": timedelta(seconds=1)},
            }
        try:
            self._store: Any = from_url(url, **options)
        except BaseError as error:
            raise ValueError("a URL such as s3://bucket/folder, gs://bucket or az://box") from error

    def put(self, name: str, data: bytes) -> None:
        import obstore

        try:
            with self._failures():
                obstore.put(self._store, name, data)
        except FileNotFoundError as error:
            # S3 says so of a bucket that is not there.
            raise StoreUnavailable(str(error).partition("\n")[0]) from error

    def read(self, name: str) -> bytes:
        import obstore

        with self._failures():
            return bytes(obstore.get(self._store, name).bytes())

    def size(self, name: str) -> int | None:
        import obstore

        try:
            with self._failures():
                return int(obstore.head(self._store, name)["size"])
        except FileNotFoundError:
            return None

    def delete(self, names: Iterable[str]) -> None:
        import obstore

        for name in names:
            with contextlib.suppress(FileNotFoundError), self._failures():
                obstore.delete(self._store, name)

    def path(self, name: str) -> Path | None:
        return None

    @contextlib.contextmanager
    def _failures(self) -> Any:
        try:
            yield
        except self._failure as error:
            # The words of the client hold addresses and signatures: the first line says enough.
            words = str(error).partition("\n")[0]
            raise StoreUnavailable(words) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
