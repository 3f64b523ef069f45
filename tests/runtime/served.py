"""The application as a server has it, with one more URL that shows the threads of the process."""

import gc
import threading
from typing import Any

from flask import Flask

from verso.app import create_served_app


def create() -> Flask:
    app = create_served_app()
    app.add_url_rule("/threads", "threads", threads)
    return app


def threads() -> dict[str, Any]:
    names = [thread.name for thread in threading.enumerate()]
    return {"names": names, "automatic": gc.isenabled()}
