"""What the current application holds: its settings and its navigation."""

from flask import Flask, current_app

from verso.config import Settings
from verso.content.navigation import Navigation


def init_app(app: Flask, settings: Settings, navigation: Navigation) -> None:
    app.extensions["verso.settings"] = settings
    app.extensions["verso.navigation"] = navigation


def get_settings() -> Settings:
    """The settings of the current application."""
    settings: Settings = current_app.extensions["verso.settings"]
    return settings


def get_navigation() -> Navigation:
    """The navigation of the current application."""
    navigation: Navigation = current_app.extensions["verso.navigation"]
    return navigation
