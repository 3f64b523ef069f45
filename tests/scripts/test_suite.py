"""What failed once and passes alone is told, and does not fail the run; everything else does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FLAKY = """
from pathlib import Path

def test_flaky{number}():
    seen = Path(__file__).with_suffix(".seen{number}")
    if not seen.exists():
        seen.touch()
        raise AssertionError("the first time only")
"""
PASSES = "\ndef test_passes():\n    pass\n"
FAILS = '\ndef test_fails():\n    raise AssertionError("always")\n'
CRASHES = "\ndef test_crashes():\n    import os\n    os._exit(3)\n"
NO_MODULE = "import there_is_no_such_module\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "-p no:cacheprovider"\n'
    )
    return tmp_path


def run(project: Path, content: str, ci: str = "true", *arguments: str) -> tuple[int, str]:
    (project / "test_it.py").write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.suite", "-q", *arguments],
        cwd=project,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


def test_a_flaky_test_is_told_with_its_first_failure(project: Path) -> None:
    status, said = run(project, PASSES + FLAKY.format(number=1))
    assert status == 0
    told = said.partition("flaky: ")[2]
    assert told.startswith("test_it.py::test_flaky1\n") and "the first time only" in told


def test_a_test_that_fails_twice_fails_the_run(project: Path) -> None:
    status, said = run(project, PASSES + FLAKY.format(number=1) + FAILS)
    assert status == 1
    assert (
        "flaky: test_it.py::test_flaky1" in said and "failed twice: test_it.py::test_fails" in said
    )


def test_more_than_five_flaky_tests_fail_the_run(project: Path) -> None:
    five = "".join(FLAKY.format(number=number) for number in range(5))
    assert run(project, five)[0] == 0
    six = "".join(FLAKY.format(number=number) for number in range(10, 16))
    assert run(project, six)[0] == 1


def test_outside_of_ci_nothing_is_run_again(project: Path) -> None:
    status, said = run(project, FLAKY.format(number=1), ci="")
    assert status == 1 and "flaky:" not in said


def test_a_module_that_cannot_be_collected_fails_the_run(project: Path) -> None:
    assert run(project, NO_MODULE + PASSES)[0] != 0


def test_a_worker_that_crashes_fails_the_run(project: Path) -> None:
    status, said = run(project, PASSES + CRASHES, "true", "-n", "1")
    assert status == 1 and "none is run again" in said


def test_a_run_without_tests_fails(project: Path) -> None:
    assert run(project, "")[0] != 0


def test_names_with_parameters_are_found_again(project: Path) -> None:
    content = (
        "import pytest\nfrom pathlib import Path\n"
        '@pytest.mark.parametrize("word", ["a b", "x::y", "[z]"])\n'
        "def test_it(word, tmp_path):\n"
        '    seen = Path(__file__).with_suffix("." + word.encode().hex())\n'
        "    was_seen = seen.exists()\n    seen.touch()\n    assert was_seen\n"
    )
    assert run(project, content)[0] == 0
