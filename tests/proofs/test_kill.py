"""The proof by `kill -9`, for a few seconds."""

import shutil

import pytest

from proofs.cluster import PROGRAMS
from proofs.kill import prove
from tests.postgresql import skip_or_fail


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost_when_processes_are_killed() -> None:
    assert prove(8, "sqlite")


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost_when_backends_are_killed() -> None:
    if not (PROGRAMS / "initdb").exists() or not shutil.which("runuser"):
        skip_or_fail("PostgreSQL's own programs are not installed")
    assert prove(8, "postgresql")
