"""Running `verso` as people do, in a process of its own: forked from one that has imported it already."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Each line is a command to run. The fork leaves the loop and ends as `python -m verso` would.
_NURSERY = """
import json, os, sys
from verso.__main__ import main
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()
os.environ.clear()
os.environ.update(asked["environ"])
said = os.open(asked["stdout"], os.O_WRONLY | os.O_APPEND)
for number, file in ((0, os.open(asked["stdin"], os.O_RDONLY)), (1, said), (2, said)):
    os.dup2(file, number)
sys.stdin = open(0)
sys.argv = ["verso", *asked["words"]]
main()
"""


Nursery = subprocess.Popen[str]


class Shell:
    """Runs `verso` on an instance of its own."""

    def __init__(self, nursery: Nursery, instance: Path) -> None:
        self._nursery = nursery
        self.instance = instance

    def __call__(self, *words: str, stdin: str = "", **environ: str) -> tuple[int, str]:
        """The exit status, and what was printed on either stream."""
        given, said = (self.instance.with_suffix(f".{name}") for name in ("stdin", "stdout"))
        given.write_text(stdin)
        said.write_text("")
        settings = {"VERSO_INSTANCE_PATH": str(self.instance), **environ}
        command = {
            "words": words,
            "environ": {**os.environ, **settings},
            "stdin": str(given),
            "stdout": str(said),
        }
        assert self._nursery.stdin and self._nursery.stdout
        self._nursery.stdin.write(json.dumps(command) + "\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline()), said.read_text()

    def beside(self, name: str) -> "Shell":
        """One for another instance."""
        return Shell(self._nursery, self.instance.parent / name)


@contextmanager
def nursery() -> Iterator[Nursery]:
    """The process from which commands are forked."""
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
