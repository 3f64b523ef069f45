"""Live under load: four processes of eight threads never show a page of two versions, or of none."""

import time
from pathlib import Path

import pytest

from tests.i18n.saving import SAVING, instance, speakers, version

# The benchmark reads six times as many, and refuses the same pages.
PROCESSES, REQUESTS = 4, 1_600
VERSIONS = [f"v{number}" for number in range(len(SAVING) + 1)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_four_processes_under_load_are_of_one_piece_while_a_translator_saves(
    tmp_path: Path,
) -> None:
    path = instance(tmp_path)
    with speakers(tmp_path, PROCESSES, REQUESTS, 0.08) as readers:
        for save, name in zip(SAVING, VERSIONS[1:], strict=True):
            time.sleep(0.2)
            save(path, version(name))
            time.sleep(1)
        told = readers.told()
    for witness in told:
        assert sum(witness["pages"].values()) == REQUESTS
        # No page of two versions, none in the source language, none without words.
        assert witness["pages"].keys() <= set(VERSIONS)
        assert VERSIONS[-1] in witness["pages"]
