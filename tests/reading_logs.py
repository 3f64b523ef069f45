"""Reading a log, which a thread of its own writes."""

import json
from pathlib import Path
from typing import Any

from verso import logs


def read_log(file: Path) -> str:
    """Everything that was logged until now."""
    logs.flush()
    return file.read_text("utf-8")


def read_entries(file: Path) -> list[dict[str, Any]]:
    """The lines of a log in JSON."""
    return [json.loads(line) for line in read_log(file).splitlines()]
