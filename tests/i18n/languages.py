"""A template and catalogs in a folder of a test, seen as the overview sees them."""

from pathlib import Path

from tests.i18n.files import HEADER, PoFile
from verso.i18n.catalogs import Catalogs
from verso.i18n.overview import Overview
from verso.i18n.template import Template

TEMPLATE = (
    HEADER
    + """
#: verso/templates/base.html verso/templates/blog/index.html
msgid "Search"
msgstr ""

#: verso/templates/blog/index.html
msgctxt "verb"
msgid "Post"
msgstr ""

#: verso/admin/inbox.py
#: verso/cli/errors.py
msgid "Hello %(name)s"
msgstr ""

#: verso/errors/letters.py
msgid "%(num)s hit"
msgid_plural "%(num)s hits"
msgstr[0] ""
msgstr[1] ""
"""
)


class Languages:
    """The package's and the instance's translations of one test."""

    def __init__(self, folder: Path) -> None:
        self.shipped = folder / "verso" / "translations"
        self.own = folder / "instance" / "translations"
        self.shipped.mkdir(parents=True)
        self.template = Template(self.shipped / "messages.pot")
        self.template.path.write_text(TEMPLATE, encoding="utf-8")
        self.memory = folder / "last-good"

    def ship(self, locale: str) -> PoFile:
        return PoFile(self.shipped / locale)

    def overlay(self, locale: str) -> PoFile:
        return PoFile(self.own / locale)

    def overview(self, *offered: str) -> Overview:
        """As a process sees it that starts now."""
        catalogs = Catalogs([self.shipped, self.own], self.memory)
        return Overview(catalogs, self.template, offered)
