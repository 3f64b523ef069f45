"""What the current application holds: its settings, its navigation, its unknown URLs, its media."""

from flask import Flask, current_app

from verso.config import Settings
from verso.content.navigation import Navigation
from verso.content.recorder import Recorder
from verso.media.stores import Store


def init_app(
    app: Flask, settings: Settings, navigation: Navigation, recorder: Recorder, store: Store
) -> None:
    app.extensions["verso.settings"] = settings
    app.extensions["verso.navigation"] = navigation
    app.extensions["verso.recorder"] = recorder
    app.extensions["verso.store"] = store


def get_settings() -> Settings:
    """The settings of the current application."""
    settings: Settings = current_app.extensions["verso.settings"]
    return settings


def get_navigation() -> Navigation:
    """The navigation of the current application."""
    navigation: Navigation = current_app.extensions["verso.navigation"]
    return navigation


def get_recorder() -> Recorder:
    """What records the unknown URLs of the current application."""
    recorder: Recorder = current_app.extensions["verso.recorder"]
    return recorder


def get_store() -> Store:
    """Where the current application keeps its media."""
    store: Store = current_app.extensions["verso.store"]
    return store
