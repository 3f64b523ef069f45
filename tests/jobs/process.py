"""A worker in a process of its own: runs what is due for each line that it reads, and says what became of it."""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from threading import Event

from tests.jobs.support import make_worker
from verso.db import Database
from verso.jobs.kinds import Arguments, JobKind
from verso.jobs.lease import Lease
from verso.models import AuditEvent

LEASE = 120.0
POISON_ATTEMPTS = 2
EVERY = 3600.0
ANSWERS = sys.stdout


def say(line: str) -> None:
    """Tell the test something: the log goes to the other stream."""
    ANSWERS.write(line + "\n")
    ANSWERS.flush()


def note(database: Database, arguments: Arguments, lease: Lease) -> None:
    """Write a number down in the database."""
    event = AuditEvent(at=datetime.now(UTC), who=str(os.getpid()), action="job-ran")
    event.object_kind, event.object_id = "job", arguments.get("number", 0)
    event.title, event.detail = "", {}
    with database.writing() as session:
        session.add(event)


def hang(database: Database, arguments: Arguments, lease: Lease) -> None:
    say("began")
    Event().wait()


def end_the_process(database: Database, arguments: Arguments, lease: Lease) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


KINDS = {
    "note": JobKind(note, lease=LEASE, needs=("number",)),
    "hang": JobKind(hang, lease=LEASE),
    "poison": JobKind(end_the_process, lease=LEASE, attempts=POISON_ATTEMPTS),
    "recurring": JobKind(note, lease=LEASE, every=EVERY),
}


def main(url: str) -> None:
    sys.stdout = sys.stderr
    worker, _ = make_worker(Database(url), KINDS)
    say("ready")
    for _ in sys.stdin:
        worker.schedule()
        outcomes = []
        while (ran := worker.run_next()) is not None:
            outcomes.append(ran[1])
        say(json.dumps(outcomes))


if __name__ == "__main__":
    main(sys.argv[1])
