"""What every test may use: an application on a fresh database, its client, and people signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from tests import once
from tests.factories import Factory
from tests.postgresql import fresh_database
from tests.support.browser import Browser
from verso import schema
from verso.app import create_app
from verso.cli.terminal import VARIABLES
from verso.db import Database
from verso.models import Role
from verso.runtime import patience
from verso.runtime.patience import Patience

LOCALES = ["en", "de", "fr", "ar"]
MakeApp = Callable[..., Flask]

# How long an example takes says more about the machine than about the code.
# What runs unattended fails by what was changed, and not by what was drawn.
settings.register_profile("verso", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("verso")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser has more time, for it waits longer for each thing that is to come."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(autouse=True)
def _push_request_context() -> Iterator[None]:
    """Undo pytest-flask's outer request context, which would share `g` among a test's requests."""
    yield


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    """What the person at this machine has set must not change what the tests see."""
    for name in [name for name in os.environ if name.startswith("VERSO_")]:
        if not name.startswith("VERSO_TEST_"):
            del os.environ[name]
    for name in VARIABLES:
        os.environ.pop(name, None)


@pytest.fixture(autouse=True, scope="session")
def _alike_is_done_once() -> None:
    once.read_catalogs_once()
    once.compile_routes_once()
    once.look_at_static_files_once()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once and copied for each test."""
    file = tmp_path_factory.mktemp("empty") / "verso.db"
    database = Database(f"sqlite:///{file}")
    schema.upgrade(database)
    database.close()
    return file


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """The name of a migrated PostgreSQL database, made once and copied for each test."""
    with fresh_database() as url:
        database = Database(url)
        schema.upgrade(database)
        database.close()
        yield url.rpartition("/")[2]


@pytest.fixture
def postgresql_url(postgresql_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    with fresh_database(postgresql_template) as url:
        yield url


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates, compiled once for all the applications of a run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("bytecode")))


@pytest.fixture
def make_app(
    tmp_path: Path, empty_database: Path, bytecode: FileSystemBytecodeCache
) -> Iterator[MakeApp]:
    """Make an application on a fresh database; settings are given by name."""
    with making_apps(tmp_path, empty_database, bytecode) as make:
        yield make


@pytest.fixture(scope="module")
def lasting_app(
    tmp_path_factory: pytest.TempPathFactory,
    empty_database: Path,
    bytecode: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """An application for all tests of a module that leave it as it was."""
    folder = tmp_path_factory.mktemp("lasting")
    with making_apps(folder, empty_database, bytecode) as make:
        yield make(TESTING=True)


@contextmanager
def making_apps(
    place: Path, empty_database: Path, bytecode: FileSystemBytecodeCache
) -> Iterator[MakeApp]:
    """A way to make applications below a folder, which are closed in the end."""
    made: list[Flask] = []

    def make(**overrides: Any) -> Flask:
        folder = Path(overrides.pop("INSTANCE_PATH", place / "instance"))
        folder.mkdir(exist_ok=True)
        if not (folder / "verso.db").exists():
            shutil.copy(empty_database, folder / "verso.db")
        settings = {"INSTANCE_PATH": folder, "LOCALES": LOCALES, "LOG_LEVEL": "error", **overrides}
        app = create_app(settings)
        app.jinja_env.bytecode_cache = bytecode
        app.test_client_class = Browser
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["verso.reporter"].close()
        app.extensions["verso.recorder"].worker.close()
        if app.extensions["verso.post"]:
            app.extensions["verso.post"].worker.close()
        app.extensions["verso.db"].close()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(TESTING=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["verso.db"]
    return found


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests wait for the database, and for each other, however slow the machine is."""
    monkeypatch.setattr(patience, "REQUEST", Patience(answer=60, lock=30))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_database(
    request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path
) -> Iterator[Database]:
    """A fresh, migrated database: once on SQLite, once on PostgreSQL where that is reachable."""
    if request.param == "sqlite":
        shutil.copy(empty_database, tmp_path / "any.db")
        url = f"sqlite:///{tmp_path / 'any.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def factory(database: Database) -> Factory:
    """Makes documents and people, as small as a test needs them."""
    return Factory(database, tuple(LOCALES))


@pytest.fixture
def editor(app: Flask, factory: Factory) -> FlaskClient:
    """A browser in which an administrator is signed in."""
    return factory.sign_in(app, factory.user(role=Role.ADMIN))
