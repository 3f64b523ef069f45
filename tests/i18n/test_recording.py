"""A recording catalog: it answers as the other one does, and remembers who asked."""

from pathlib import Path

from flask import Flask, render_template, render_template_string

from verso.admin.forms import SignInForm
from verso.i18n.gettext import gettext, ngettext, pgettext
from verso.i18n.lazy import lazy_gettext
from verso.i18n.recording import RecordingCatalog
from verso.i18n.speaking import catalog_of, pin


def line_of(template: str, text: str) -> int:
    file = Path(__file__).parents[2] / "verso" / "templates" / template
    lines = file.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_every_way_of_asking_is_remembered_in_order(app: Flask) -> None:
    with app.test_request_context("/de/"):
        plain = catalog_of("de")
        recording = RecordingCatalog(plain)
        pin(recording)
        assert gettext("Search") == plain.messages["Search"].text
        assert pgettext("error", "Open") and ngettext("%(num)s hit", "%(num)s hits", 2)
        assert gettext("nobody translates this") == "nobody translates this"
        assert str(lazy_gettext("Blog"))
        lookups = recording.lookups
    keys = ["Search", "error\x04Open", "%(num)s hit", "nobody translates this", "Blog"]
    assert [one.key for one in lookups] == keys
    assert lookups[0].found and lookups[3].found is None


def test_a_lookup_in_a_template_has_its_file_and_line(app: Flask) -> None:
    with app.test_request_context("/de/"):
        recording = RecordingCatalog(catalog_of("de"))
        pin(recording)
        render_template("admin/sign_in.html", user=None, message="", target="", form=SignInForm())
        found = {one.key: one.place for one in recording.lookups}
    line = line_of("admin/base.html", "Skip to the content")
    assert found["Skip to the content"] == f"verso/templates/admin/base.html:{line}"


def test_a_template_without_a_file_is_named_as_it_can_be(app: Flask) -> None:
    with app.test_request_context("/de/"):
        recording = RecordingCatalog(catalog_of("de"))
        pin(recording)
        render_template_string("\n{% trans %}Search{% endtrans %}{{ _('Blog') }}")
    assert [one.place for one in recording.lookups] == ["<template>:2", "<template>:2"]


def test_looking_at_all_messages_asks_for_none(app: Flask) -> None:
    with app.app_context():
        plain = catalog_of("de")
    recording = RecordingCatalog(plain)
    assert recording.version == plain.version
    assert len(recording.messages) == len(plain.messages) and not recording.lookups
