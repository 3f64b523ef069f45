"""The process in which one image is decoded and written anew: what goes wrong in it ends with it.

It has bounds of memory and time of its own, and no secrets: its environment is empty.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from verso.media.encoding import (
    Focus,
    is_animation,
    upright,
    write_animation,
    write_cards,
    write_original,
    write_sizes,
)
from verso.media.images import CONTENT_TYPES, ImageRefused, Reason, opened

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60


def main(source: str, folder: str, task: str, x: str, y: str) -> None:
    """Do a task ("all", "sizes" or "cards"), and print as JSON what was made or why it was refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        made = _work(Path(source), Path(folder), task, Focus(int(x), int(y)))
    except ImageRefused as refused:
        made = {"refused": refused.reason, "values": refused.values}
    except MemoryError:
        made = {"refused": Reason.EFFORT, "values": {}}
    sys.stdout.write(json.dumps(made))


def _work(source: Path, folder: Path, task: str, focus: Focus) -> dict[str, Any]:
    original = folder / "original"
    with opened(source) as image:
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        if is_animation(image):
            if task == "all":
                write_animation(image, original)
            still = None
        else:
            still = upright(image)
    if still is None and task != "all":
        return {"widths": (), "cards": ()}
    if still is None:
        with opened(original) as written:
            return _made(kind, written.size, (), ())
    if task == "cards":
        return {"cards": write_cards(still, folder, focus)}
    if task == "sizes":
        return {"widths": write_sizes(still, folder), "cards": write_cards(still, folder, focus)}
    write_original(still, kind, original)
    sizes = write_sizes(still, folder)
    return _made(kind, still.size, sizes, write_cards(still, folder, focus))


def _made(
    kind: str, size: tuple[int, int], widths: tuple[int, ...], cards: tuple[int, ...]
) -> dict[str, Any]:
    return {
        "content_type": CONTENT_TYPES[kind],
        "width": size[0],
        "height": size[1],
        "widths": widths,
        "cards": cards,
    }
