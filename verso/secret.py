"""The signing key: made once, in the instance folder, readable by its owner only."""

import os
import secrets
from pathlib import Path

from verso.config import ConfigError

FILE = "secret_key"


def read_key(instance_path: Path) -> str:
    """The key of an instance, made on first use; ConfigError if the folder cannot be written."""
    file = instance_path / FILE
    try:
        instance_path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return file.read_text("ascii").strip() if file.exists() else _make(file)
    except OSError as error:
        raise ConfigError(
            f"INSTANCE_PATH={str(instance_path)!r} cannot hold the signing key: {error.strerror}. "
            "Choose a folder that this user may write, or set SECRET_KEY."
        ) from error


def _make(file: Path) -> str:
    """Write a new key; where two processes start at once, the first one's wins."""
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text("ascii").strip()
    with os.fdopen(descriptor, "w") as stream:
        stream.write(secrets.token_urlsafe(48))
    return file.read_text("ascii").strip()
