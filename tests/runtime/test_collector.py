"""Garbage collection happens in a thread of its own, in each process."""

import gc
import os
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import SERVERS, running
from verso.runtime import collector
from verso.runtime.collector import THREAD_NAME, Collector

PATIENCE = 60.0


class Node:
    """Something that can be part of a cycle."""

    itself: "Node"


@pytest.fixture
def started() -> Iterator[Collector]:
    made = Collector(interval=0.001)
    made.start()
    yield made
    made.stop()


def cycles_are_collected_in(count: int) -> set[str]:
    """Leave that many cycles, wait until all are gone; the names of the threads that did it."""
    threads: list[str] = []
    references = []
    for _ in range(count):
        node = Node()
        node.itself = node
        references.append(
            weakref.ref(node, lambda _: threads.append(threading.current_thread().name))
        )
        del node
    deadline = time.monotonic() + PATIENCE
    while len(threads) < count - 1_000 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(threads) >= count - 1_000
    return set(threads)


def test_cycles_of_any_thread_end_in_the_collectors(started: Collector) -> None:
    assert cycles_are_collected_in(20_000) == {THREAD_NAME}


# From 3.12 on Python warns of what this test does on purpose.
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_has_a_collector_of_its_own(started: Collector) -> None:
    child = os.fork()
    if child == 0:  # It must end here, whatever happens: it is a copy of the test run.
        try:
            os._exit(0 if cycles_are_collected_in(20_000) == {THREAD_NAME} else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_stopping_gives_automatic_collection_back(started: Collector) -> None:
    assert not gc.isenabled()
    started.stop()
    assert gc.isenabled()


def test_younger_generations_are_collected_more_often(started: Collector) -> None:
    def collections() -> list[int]:
        return [stats["collections"] for stats in gc.get_stats()]

    before = collections()
    deadline = time.monotonic() + PATIENCE
    while collections()[1] == before[1] and time.monotonic() < deadline:
        cycles_are_collected_in(5_000)
    youngest, middle, _ = (b - a for a, b in zip(before, collections(), strict=True))
    assert youngest > middle > 0


@pytest.mark.skipif(not collector.is_needed(), reason="this Python does not collect in allocations")
@pytest.mark.parametrize("server", SERVERS)
def test_every_server_has_one_in_its_workers(server: str, tmp_path: Path) -> None:
    with running(server, tmp_path, "tests.runtime.served:create") as site:
        answer = site.ask("/threads").json
    assert answer["names"].count(THREAD_NAME) == 1 and not answer["automatic"]


def test_only_interpreters_that_collect_in_allocations_need_one() -> None:
    assert collector.is_needed() == (sys.version_info < (3, 12))
