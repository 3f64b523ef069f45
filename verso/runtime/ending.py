"""The orderly end of a process: what a command, a server or one of its workers closes when it stops."""

import atexit
import multiprocessing.util
from collections.abc import Callable

# Lower numbers first: jobs report what fails to the threads that write it, and those end before the
# database is closed.
JOBS, THREADS, DATABASE = 1, 2, 3

_functions: list[tuple[int, Callable[[], None]]] = []


def at_end(order: int, function: Callable[[], None]) -> None:
    """Call a function when the process ends, once and in this order; one that is killed calls nothing."""
    _functions.append((order, function))


@atexit.register
def end() -> None:
    """Call what was registered and not called yet."""
    functions = sorted(_functions, key=lambda entry: entry[0])
    _functions.clear()
    for _, function in functions:
        function()


def end_as_worker() -> None:
    """Do so in a child of multiprocessing as well, as granian's workers are: it ends without atexit."""
    multiprocessing.util.Finalize(None, end, exitpriority=1)
