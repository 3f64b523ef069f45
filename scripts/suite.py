"""The test suite as `make test` runs it: `python -m scripts.suite [PYTEST ARGUMENTS]`.

Where CI=true, tests that failed are run once more, each alone. One that passes then is flaky: it is
printed with its first failure and does not fail the run. More than MOST_FLAKY of them do, and so do a
test that fails twice, a worker that crashed and a module that cannot be collected.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from defusedxml.ElementTree import parse

MOST_FLAKY = 5
TESTS_FAILED = 1
_CRASHED = "crashed while running"


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed: its node id, and what pytest says of it."""

    test: str
    report: str

    @property
    def is_final(self) -> bool:
        """Whether running it again would prove nothing: there is no test, or its process died."""
        return "::" not in self.test or _CRASHED in self.report


def run(arguments: list[str], *, is_ci: bool) -> int:
    """Run pytest in the current folder; the exit status of the whole."""
    status, failures = _pytest(arguments)
    if status != TESTS_FAILED or not is_ci:
        return status
    if not failures or len(failures) > MOST_FLAKY or any(one.is_final for one in failures):
        print(f"{len(failures)} tests failed: none is run again.")
        return status
    print(f"\nRunning what failed once more, alone: {len(failures)} tests", flush=True)
    lasting = [failure for failure in failures if _pytest(["-q", failure.test])[0]]
    for failure in failures:
        is_flaky = failure not in lasting
        print(f"\n{'flaky' if is_flaky else 'failed twice'}: {failure.test}")
        if is_flaky:
            print(failure.report)
    sys.stdout.flush()
    return TESTS_FAILED if lasting else 0


def _pytest(arguments: list[str]) -> tuple[int, list[Failure]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *arguments]
        written = [f"--junitxml={report}", "-o", "junit_family=xunit1"]
        status = subprocess.run([*command, *written]).returncode
        return status, list(_failures(report)) if report.exists() else []


def _failures(report: Path) -> Iterator[Failure]:
    for case in parse(report).iter("testcase"):
        texts = [each.text or "" for kind in ("failure", "error") for each in case.iter(kind)]
        if texts:
            yield Failure(_node_id(case.attrib), "\n".join(texts))


def _node_id(case: dict[str, str]) -> str:
    """The id by which pytest finds a test; the module's name alone where it was not collected."""
    file = case.get("file")
    if not file:
        return case.get("name", "")
    module = file.removesuffix(".py").replace("/", ".")
    classes = case.get("classname", "").removeprefix(module).strip(".").split(".")
    return "::".join([file, *filter(None, classes), case.get("name", "")])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], is_ci=os.environ.get("CI") == "true"))
