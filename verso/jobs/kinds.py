"""Kinds of jobs: what runs them, how long a lease is held, and how often it is tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from verso.db import Database
from verso.jobs.lease import Lease

Arguments = Mapping[str, Any]
Handler = Callable[[Database, Arguments, Lease], None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind: its handler, and the names of the arguments that it needs and that it may be given.

    `lease` is in seconds, longer than any piece of the work. `every` makes it recurring: there is one job of
    the kind, due again that number of seconds after each run.
    """

    handler: Handler
    lease: float = 300.0
    attempts: int = 8
    every: float | None = None
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()

    def signatures(self, name: str) -> list[str]:
        """The signatures of the jobs that the handler can run, with each choice of optional arguments."""
        sizes = range(len(self.takes) + 1)
        choices = chain.from_iterable(combinations(self.takes, size) for size in sizes)
        return [signature_of(name, (*self.needs, *choice)) for choice in choices]


Kinds = Mapping[str, JobKind]


class RetryLater(Exception):
    """What a handler raises for a failure that it expects, such as a mail server that is away.

    It is retried as any other, and reported as a fault only when it was the last attempt.
    """


def signature_of(name: str, arguments: tuple[str, ...]) -> str:
    """A kind with the names of arguments, as in `mail(locale,user_id)`."""
    return f"{name}({','.join(sorted(arguments))})"


def all_signatures(kinds: Kinds) -> list[str]:
    """The signatures of all jobs that these kinds can run."""
    return [signature for name, kind in kinds.items() for signature in kind.signatures(name)]
