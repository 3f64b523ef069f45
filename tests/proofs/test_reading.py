"""The proof of reading, for a few seconds."""

from pathlib import Path

import pytest

from proofs.reading import run
from proofs.site import make_site


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_eight_readers_end_no_worker(tmp_path: Path) -> None:
    outcomes, crashes = run(make_site(tmp_path / "instance"), seconds=5)
    assert crashes == 0
    assert set(outcomes) == {"200"}
