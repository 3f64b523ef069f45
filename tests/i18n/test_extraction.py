"""Extraction: every message of Python and templates is found, and nothing is lost in silence."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_python

from verso.i18n.calls import FUNCTIONS
from verso.i18n.extraction import (
    PACKAGE,
    ExtractionFailed,
    TemplateMessage,
    extract,
    messages_of,
    template_of,
)
from verso.i18n.po.document import Document
from verso.i18n.po.entry import Source
from verso.i18n.upkeep import read_template


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    return folder


def test_messages_come_with_their_files_comments_and_flags(package: Path) -> None:
    (package / "b.py").write_text(
        "# Translators: %(name)s is a person.\n"
        "# Mind the gender.\n"
        '_("Hello %(name)s")\n'
        'x.pgettext("menu", "Open")\n'
        'ngettext("a" " page", "%(num)s pages", n)\n'
        'N_("50% off"), npgettext("c", "one", "two", n), lazy_gettext("lazy")\n'
        "gettext(kind.title), _(names[0]), _(name), other('no')\n"
    )
    (package / "a.py").write_text('gettext("Hello %(name)s")')
    (package / "templates" / "c.html").write_text(
        '{# Translators: in the menu. #}\n{{ pgettext("menu", "Open") }}{{ _(kind.title) }}\n'
        "{% if _('x') %}{% trans %}100 %{% endtrans %}{% endif %}"
    )
    (package / "templates" / "feed.xml").write_text('{{ ngettext("a page", "%(num)s pages", 2) }}')
    (package / "templates" / "style.css").write_text("{{ _('no') }}")
    assert extract(package) == [
        TemplateMessage(Source(None, "100 %"), ("shop/templates/c.html",)),
        TemplateMessage(Source(None, "50% off"), ("shop/b.py",)),
        TemplateMessage(
            Source(None, "Hello %(name)s"),
            ("shop/a.py", "shop/b.py"),
            ("Translators: %(name)s is a person.", "Mind the gender."),
        ),
        TemplateMessage(
            Source("menu", "Open"),
            ("shop/b.py", "shop/templates/c.html"),
            ("Translators: in the menu.",),
        ),
        TemplateMessage(
            Source(None, "a page", "%(num)s pages"), ("shop/b.py", "shop/templates/feed.xml")
        ),
        TemplateMessage(Source(None, "lazy"), ("shop/b.py",)),
        TemplateMessage(Source("c", "one", "two"), ("shop/b.py",)),
        TemplateMessage(Source(None, "x"), ("shop/templates/c.html",)),
    ]
    flags = {message.source.msgid: message.flags for message in extract(package)}
    assert flags["Hello %(name)s"] == flags["a page"] == ("python-format",)
    assert flags["50% off"] == flags["Open"] == ()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.py", 'x = 1\n_(f"Hello {name}")', "shop/a.py:2: _ is not given a message"),
        ("a.py", '_("Hello " + name)', "with %(name)s for what varies"),
        ("a.py", '_("Hello %s" % name)', "shop/a.py:1: _ is"),
        ("a.py", '_("Hello {}".format(name))', "shop/a.py:1: _ is"),
        ("a.py", "_(*names)", "shop/a.py:1: _ is"),
        ("a.py", "_()", "shop/a.py:1: _ is"),
        ("a.py", 'ngettext("one", n)', "shop/a.py:1: ngettext is"),
        ("a.py", 'ngettext("one", many, n)', "shop/a.py:1: ngettext is"),
        ("a.py", 'pgettext(f"c", "one")', "shop/a.py:1: pgettext is"),
        ("a.py", '_("")', "shop/a.py:1: _ is given an empty message"),
        ("a.py", "def x(:\n", "shop/a.py:1: Python cannot read this: invalid syntax"),
        ("a.py", "x = '\0'", "shop/a.py:1: Python cannot read this: source code string"),
        ("templates/a.html", '\n{{ _("a" ~ b) }}', "shop/templates/a.html:2: _ is not given"),
        ("templates/a.html", '{{ _("%s" % b) }}', "shop/templates/a.html:1: _ is"),
        ("templates/a.html", '{{ _("a" if b else "c") }}', "shop/templates/a.html:1: _ is"),
        ("templates/a.html", "\n\n{% if %}", "shop/templates/a.html:3: Jinja cannot read this"),
        ("templates/a.html", "{% trans %}{{ a.b }}{% endtrans %}", "a.html:1: Jinja cannot"),
        ("templates/a.html", "\n\udce9", "shop/templates/a.html:2: this is not UTF-8"),
    ],
)
def test_what_no_translator_would_see_is_an_error_at_its_line(
    package: Path, name: str, text: str, said: str
) -> None:
    (package / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    (package / "fine.py").write_text('_("fine")')
    with pytest.raises(ExtractionFailed) as raised:
        extract(package)
    assert said in str(raised.value)


def test_every_mistake_of_every_file_is_named_at_once(package: Path) -> None:
    (package / "a.py").write_text("_(f'')\n_(1)")
    (package / "templates" / "b.html").write_text("{{ _(1 + 1) }}")
    with pytest.raises(ExtractionFailed) as raised:
        extract(package)
    assert [line.partition(": ")[0] for line in str(raised.value).splitlines()] == [
        *("shop/a.py:1", "shop/a.py:2", "shop/templates/b.html:1")
    ]


def test_two_plurals_of_one_singular_are_an_error(package: Path) -> None:
    (package / "a.py").write_text('_("page")\nngettext("page", "pages", 2)')
    (package / "b.py").write_text('\nngettext("page", "sheets", 2)')
    with pytest.raises(ExtractionFailed, match=r"shop/b.py:2: 'page' has .* shop/a.py:2: make"):
        extract(package)


def test_the_template_is_the_same_each_time_and_can_be_read() -> None:
    messages = extract()
    data = template_of(messages).to_bytes()
    assert template_of(messages_of(Document.parse(data))).to_bytes() == data
    assert messages_of(Document.parse(data)) == messages
    keys = [(message.source.msgid, message.source.context or "") for message in messages]
    assert keys == sorted(keys) and len(keys) > 400
    assert b"Date" not in data and b"\r" not in data


def test_the_shipped_template_has_every_message() -> None:
    shipped = {message.source: message.comments for message in read_template()}
    fresh = {message.source: message.comments for message in extract()}
    assert shipped == fresh, "run `make catalogs`"


def test_babel_finds_the_same_messages_in_our_python() -> None:
    found = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        rows = extract_python(BytesIO(file.read_bytes()), dict.fromkeys(FUNCTIONS), (), {})
        for _, function, said, _ in rows:
            if said is not None:
                texts = [said] if isinstance(said, str) else list(said)
                found.add(texts[1 if function in ("pgettext", "npgettext") else 0])
    found -= {None, ""}
    ours = {
        message.source.msgid
        for message in extract()
        if any(file.endswith(".py") for file in message.references)
    }
    assert ours == found
