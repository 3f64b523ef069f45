"""The factory: the only module that knows every part."""

import gc
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from verso import (
    admin,
    api,
    assets,
    blog,
    bodies,
    cli,
    config,
    current,
    headers,
    layout,
    links,
    logs,
    pruning,
    requests,
    routing,
    secret,
    site,
    translating,
    visiting,
)
from verso.application import Verso
from verso.config import ConfigError, Settings
from verso.content.navigation import Navigation
from verso.content.recorder import Recorder
from verso.current import get_settings
from verso.db import Database
from verso.errors import contract, reporting, respond
from verso.errors.guard import Guard
from verso.i18n import formats, gettext, locales
from verso.i18n.catalogs import Catalogs
from verso.i18n.locales import get_locales
from verso.i18n.template import Template
from verso.jobs import runner
from verso.jobs.kinds import Kinds
from verso.jobs.runner import get_runner
from verso.media.stores import Store, open_store
from verso.runtime import collector, ending, instance
from verso.sections import Section

TRANSLATIONS = Path(__file__).parent / "translations"
RESPONDERS = {
    Section.SITE: site.respond,
    Section.BLOG: blog.respond,
    Section.API: api.respond,
    Section.ADMIN: admin.respond,
}


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application; overrides are settings by name without `VERSO_`, or Flask's own names.

    Raises ConfigError for a setting that is unknown or malformed. It touches no database.
    """
    own, flasks_own = _split(overrides or {})
    settings = config.load(own)
    logs.configure(settings)
    app = Verso("verso", static_folder=None, instance_path=str(settings.INSTANCE_PATH))
    _configure(app, settings, flasks_own)

    database = Database(settings.database_url)
    database.init_app(app)
    catalogs = Catalogs(
        [TRANSLATIONS, settings.INSTANCE_PATH / "translations"],
        settings.INSTANCE_PATH / "last-good",
        TRANSLATIONS / "messages.pot",
    )
    navigation = Navigation(database)
    locales.init_app(app, settings, catalogs, lambda: navigation.remembered.hidden_locales)
    translating.init_app(app, Template(TRANSLATIONS / "messages.pot"))
    formats.init_app(app, settings.TIMEZONE)
    gettext.init_app(app, catalogs)
    reporting.init_app(app, settings, database, catalogs)
    headers.init_app(app)
    requests.init_app(app)
    runner.init_app(app, database, _job_kinds(settings))
    recorder = Recorder(database, app.extensions["verso.locales"], navigation)
    current.init_app(app, settings, navigation, recorder, _store(settings))
    links.init_app(app)
    assets.init_app(app)
    layout.init_app(app)
    visiting.init_app(app)
    with app.app_context():
        _add_sections(app)
        _wrap(app, settings)
    return app


def create_served_app() -> Flask:
    """The application of a server's process, which keeps it for life.

    What was made until now is left out of full garbage collections: they would stop every thread
    for tens of milliseconds, and copy the memory that forked workers share. InstanceUnusable while the
    instance is being restored, and after a restore that was cut off.
    """
    ending.end_as_worker()
    app = create_app()
    folder = Path(app.instance_path)
    if not instance.share(folder):
        message = "no lock in the instance folder: `verso restore` would not notice this server"
        logging.getLogger("verso").warning(message)
    gc.collect()
    gc.freeze()
    collector.start()
    with app.app_context():
        if get_settings().JOBS == "thread":
            get_runner().start()
    return app


def _job_kinds(settings: Settings) -> Kinds:
    """Every kind of job that a worker of this application runs."""
    return {"prune": pruning.job_kind(settings)}


def _add_sections(app: Flask) -> None:
    """The URLs and their errors; what settles the rest comes after the sections."""
    routing.init_app(app, get_locales())
    respond.init_app(app, RESPONDERS)
    contract.init_app(app)
    for section in (site, blog, api, admin):
        section.init_app(app)
    routing.init_last(app)
    bodies.init_last(app)
    cli.init_app(app)


def _split(overrides: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Our settings and Flask's own configuration, told apart by name."""
    own = {name: value for name, value in overrides.items() if name in config.NAMES}
    flasks_own = {name: value for name, value in overrides.items() if name not in own}
    for name in flasks_own:
        if name not in Flask.default_config:
            config.load({name: None})
            raise ConfigError(f"Unknown setting {name} passed to create_app.")
    return own, flasks_own


def _wrap(app: Flask, settings: Settings) -> None:
    """What stands in front of Flask: the guard, and before it what believes the proxies."""
    guard = Guard(app, get_locales(), headers.SECURITY_HEADERS, settings.BASE_URL)
    app.wsgi_app = guard  # type: ignore[method-assign]
    if hops := settings.TRUSTED_PROXIES:
        proxy = ProxyFix(app.wsgi_app, hops, hops, hops, hops, hops)
        app.wsgi_app = proxy  # type: ignore[method-assign]


def _store(settings: Settings) -> Store:
    try:
        return open_store(settings.MEDIA_URL, settings.media_path)
    except ImportError as error:
        raise ConfigError("MEDIA_URL needs the extra `verso[storage]`.") from error
    except ValueError as error:
        raise ConfigError(f"MEDIA_URL={settings.MEDIA_URL!r} must be {error}.") from error


def _configure(app: Flask, settings: Settings, flasks_own: Mapping[str, Any]) -> None:
    app.config.update(
        PROPAGATE_EXCEPTIONS=False,
        SECRET_KEY=settings.SECRET_KEY or secret.read_key(settings.INSTANCE_PATH),
        MAX_CONTENT_LENGTH=settings.MAX_BODY_BYTES or None,
        TRUSTED_HOSTS=list(settings.TRUSTED_HOSTS) or None,
    )
    app.config.update(flasks_own)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
