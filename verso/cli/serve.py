"""`verso serve`: the production server."""

import socket
import sys

import click
from flask.cli import with_appcontext

from verso.cli.init import print_setup_link
from verso.current import get_settings
from verso.db import expect_revision, get_database
from verso.runtime import instance

THREADS = 64
# Seconds that a stop waits for what is still being answered.
STOP_WITHIN = 5


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@with_appcontext
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site with granian until it is told to stop (Ctrl-C or TERM).

    Slow uploads each hold a thread, so there are many; put a buffering proxy in front of a
    public site.
    """
    database = get_database()
    instance.share(get_settings().INSTANCE_PATH)
    if database.path is not None and not database.path.exists():
        raise click.ClickException(
            f"There is no database at {database.path}: run `verso init` first."
        )
    # A load balancer would send readers to a site whose every page is 503.
    with database.reader() as session:
        expect_revision(session)
    _expect_free(host, port)
    print_setup_link(f"http://{host}:{port}")
    database.close()
    # Imported here: no other command needs the server.
    from granian import Granian
    from granian.constants import Interfaces

    click.echo(f"Serving on http://{host}:{port} (stop with Ctrl-C)")
    sys.stdout.flush()
    Granian(
        "verso.app:create_served_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=2 * THREADS,
        # An open stream would hold a stop for as long as it lasts.
        workers_kill_timeout=STOP_WITHIN,
    ).serve()


def _expect_free(host: str, port: int) -> None:
    """granian would share the port with whoever has it already, and answer half of the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} cannot be listened on ({error.strerror}): choose another --port."
            ) from error
