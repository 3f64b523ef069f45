"""`verso jobs`: background jobs on the command line: what waits and what failed, and running what is due."""

import json
from datetime import datetime
from typing import Any

import click
from flask.cli import with_appcontext

from verso.db import get_database
from verso.jobs.lease import read_clock
from verso.jobs.listing import JobRefused, JobState, list_jobs, state_of
from verso.jobs.listing import retry as retry_job
from verso.jobs.runner import get_runner
from verso.jobs.worker import Outcome
from verso.models import Job

MAX_LISTED = 1000
_FAILED = (Outcome.RETRIED, Outcome.FAILED)


@click.group()
def jobs() -> None:
    """Work in the background that no request waits for: what waits, what runs and what failed."""


@jobs.command("list")
@click.option(
    "--state", type=click.Choice([state.value for state in JobState]), help="Only in this state."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")
@with_appcontext
def list_(state: str | None, as_json: bool) -> None:
    """List jobs, the newest first."""
    with get_database().reader() as session:
        listed = list_jobs(session, JobState(state) if state else None, MAX_LISTED)
        now = read_clock(session)
    rows = [_row(job, now) for job in listed]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        moment = str(row["due"] or row["failed"] or row["finished"])[:19]
        first_line = row["error"].partition("\n")[0]
        line = f"{row['id']:<6} {row['state']:<8} {moment}  {row['attempts']:>2}  {row['kind']}"
        click.echo(f"{line}  {first_line}".rstrip())
    if not rows:
        click.echo("There are no jobs." if state is None else f"No job is {state}.")


@jobs.command()
@click.argument("number", type=int)
@with_appcontext
def retry(number: int) -> None:
    """Make a job that failed, or that waits for its next attempt, due now; a running site runs it."""
    with get_database().writing() as session:
        try:
            job = retry_job(session, number)
        except JobRefused as error:
            raise click.ClickException(f"{error}: `verso jobs list` shows all.") from error
        click.echo(f"Job {number} ({job.kind}) is due now.")


@jobs.command()
@with_appcontext
def run() -> None:
    """Run the jobs that are due now, each once; for cron on a site with VERSO_JOBS=command.

    Exits 1 if one of them failed. It may run beside a site: no job is run twice at the same time.
    """
    worker = get_runner().worker
    worker.schedule()
    outcomes = []
    for kind, outcome in worker.run_due():
        click.echo(f"{kind}: {outcome}")
        outcomes.append(outcome)
    failed = sum(outcome in _FAILED for outcome in outcomes)
    click.echo(f"{len(outcomes)} jobs run, {failed} failed.")
    if failed:
        raise SystemExit(1)


def _row(job: Job, now: datetime) -> dict[str, Any]:
    moments = {"due": job.due, "created": job.created_at, "leased_until": job.leased_until}
    moments |= {"finished": job.finished_at, "failed": job.failed_at}
    return {
        "id": job.id,
        "kind": job.kind,
        "state": state_of(job, now),
        "key": job.key,
        "attempts": job.attempts,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "leased_by": job.leased_by,
        "error": job.last_error,
    }
