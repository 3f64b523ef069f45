"""Translating functions: text is escaped by one rule everywhere, and nothing makes them fail."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import (
    Flask,
    Response,
    flash,
    get_flashed_messages,
    json,
    render_template_string,
    stream_with_context,
)
from markupsafe import Markup, escape

from tests.conftest import MakeApp
from tests.i18n.files import PoFile, Texts, live
from tests.reading_logs import read_log
from verso.i18n.gettext import gettext, ngettext, npgettext, pgettext, translate
from verso.i18n.lazy import lazy_gettext
from verso.i18n.speaking import speak

GERMAN: Texts = {
    "Hello": "Grüße & Küsse < 3",
    "Hello %(name)s": "Hallo %(name)s",
    "Read <b>%(name)s</b>": "Lies <b>%(name)s</b>",
    "100 %": "100 % sicher",
    "50% off": "50% Rabatt",
    ("One page", "%(num)s pages"): ("Eine Seite", "%(num)s Seiten"),
}
BAD_VALUES = ["<i>x</i>", '"><script>', "%(name)s", "\u202e"]


@pytest.fixture
def german(make_app: MakeApp, tmp_path: Path) -> Flask:
    """A site whose German says what these tests want it to say."""
    file = PoFile(tmp_path / "instance" / "translations" / "de")
    file.write(GERMAN)
    with file.path.open("a", encoding="utf-8") as stream:
        stream.write('\nmsgctxt "verb"\nmsgid "Post"\nmsgstr "Posten"\n')
        stream.write('\nmsgctxt "noun"\nmsgid "%(num)s post"\nmsgid_plural "%(num)s posts"\n')
        stream.write('msgstr[0] "%(num)s Beitrag"\nmsgstr[1] "%(num)s Beiträge"\n')
    return make_app(TESTING=True)


@pytest.fixture
def in_german(german: Flask) -> Callable[[str], str]:
    def render(template: str, **variables: object) -> str:
        with german.test_request_context("/de/"):
            return render_template_string(template, **variables)

    return render


def test_text_is_translated_in_the_language_of_the_request(german: Flask) -> None:
    for path, wanted in (("/de/", "Hallo Ada"), ("/en/", "Hello Ada"), ("/fr/", "Hello Ada")):
        with german.test_request_context(path):
            assert gettext("Hello %(name)s", name="Ada") == wanted


def test_plurals_and_contexts_have_their_forms(german: Flask) -> None:
    with german.test_request_context("/de/"):
        assert [ngettext("One page", "%(num)s pages", number) for number in (0, 1, 2)] == [
            "0 Seiten",
            "Eine Seite",
            "2 Seiten",
        ]
        assert pgettext("verb", "Post") == "Posten"
        assert pgettext("noun", "Post") == "Post"
        assert npgettext("noun", "%(num)s post", "%(num)s posts", 2) == "2 Beiträge"
    with german.test_request_context("/en/"):
        assert [ngettext("One page", "%(num)s pages", number) for number in (1, 2)] == [
            "One page",
            "2 pages",
        ]


def test_a_percent_sign_is_just_that_where_the_message_has_no_placeholder(
    in_german: Callable[..., str],
) -> None:
    assert in_german("{{ _('100 %') }}") == "100 % sicher"
    assert in_german("{% trans %}50% off{% endtrans %}") == "50% Rabatt"
    assert in_german("{% trans %}7% more{% endtrans %}") == "7% more"
    assert in_german("{% trans n=8 %}{{ n }}% more{% endtrans %}") == "8% more"
    assert in_german("{{ _('9 %', unused=1) }}") == "9 %"


def test_trans_blocks_speak_through_the_same_functions(in_german: Callable[..., str]) -> None:
    assert in_german("{% trans name='Ada' %}Hello {{ name }}{% endtrans %}") == "Hallo Ada"
    block = "{% trans num=n %}One page{% pluralize %}{{ num }} pages{% endtrans %}"
    assert [in_german(block, n=number) for number in (1, 3)] == ["Eine Seite", "3 Seiten"]
    assert in_german("{% trans 'verb' %}Post{% endtrans %}") == "Posten"


def test_a_translation_is_text_and_escaped_as_such(in_german: Callable[..., str]) -> None:
    escaped = str(escape(GERMAN["Hello"]))
    assert in_german("{{ _('Hello') }}") == escaped
    assert in_german('<a title="{{ _("Hello") }}">') == f'<a title="{escaped}">'


@pytest.mark.parametrize("value", BAD_VALUES)
def test_what_somebody_typed_is_escaped_wherever_it_is_filled_in(
    value: str, german: Flask, in_german: Callable[..., str]
) -> None:
    safe = escape(value)
    for template in (
        "{{ _('Hello %(name)s', name=value) }}",
        "{% trans name=value %}Hello {{ name }}{% endtrans %}",
        "{{ lazy }}",
    ):
        with german.test_request_context("/de/"):
            lazy = lazy_gettext("Hello %(name)s", name=value)
            assert render_template_string(template, value=value, lazy=lazy) == f"Hallo {safe}"
    assert in_german("{{ _('Read <b>%(name)s</b>', name=value) }}", value=value) == (
        f"Lies <b>{safe}</b>"
    )
    assert in_german('<a title="{{ _("Hello %(name)s", name=value) }}">', value=value) == (
        f'<a title="Hallo {safe}">'
    )


def test_markup_that_the_code_fills_in_stays_markup(in_german: Callable[..., str]) -> None:
    link = Markup('<a href="/x">Ada</a>')
    assert in_german("{{ _('Hello %(name)s', name=link) }}", link=link) == f"Hallo {link}"
    assert in_german("{{ _('Hello %(name)s', name=link) }}", link="<a>") == "Hallo &lt;a&gt;"


def test_json_and_flashed_messages_hold_the_text_itself(german: Flask) -> None:
    with german.test_request_context("/de/"):
        assert json.loads(json.dumps({"say": gettext("Hello %(name)s", name="<i>")})) == {
            "say": "Hallo <i>"
        }
        flash(str(lazy_gettext("Hello %(name)s", name="<i>")))
        shown = render_template_string("{% for m in get_flashed_messages() %}{{ m }}{% endfor %}")
        assert shown == "Hallo &lt;i&gt;"
        assert get_flashed_messages() == ["Hallo <i>"]


@pytest.mark.parametrize(
    "variables", [{}, {"nme": 1}, {"name": object()}, {"message": 1, "locale": 2, "name": 3}]
)
def test_variables_that_do_not_fit_never_fail(variables: dict[str, object], german: Flask) -> None:
    with german.test_request_context("/de/"):
        assert gettext("Hello %(name)s", **variables).startswith("Hal")
        assert gettext("", **variables) == ""


def test_a_lazy_string_is_in_the_language_of_whoever_reads_it(german: Flask) -> None:
    lazy = lazy_gettext("Hello %(name)s", name="Ada")
    for path, wanted in (("/de/", "Hallo Ada"), ("/en/", "Hello Ada")):
        with german.test_request_context(path):
            assert str(lazy) == wanted
            assert f"{lazy:>12}" == f"{wanted:>12}"
            assert lazy + "!" == wanted + "!"
            assert "¡" + lazy == "¡" + wanted
            assert (lazy == wanted, len(lazy), "Ada" in lazy) == (True, len(wanted), True)
            assert lazy.upper() == wanted.upper()
            assert hash(lazy) == hash(wanted)
    assert repr(lazy) == "LazyText('Hello %(name)s')"


def test_two_requests_in_one_application_context_each_speak_their_own(german: Flask) -> None:
    client = german.test_client()
    with german.app_context():
        for locale, wanted in (("de", "Suchen"), ("en", "Search"), ("fr", "Rechercher")):
            assert f"<h1>{wanted}</h1>" in client.get(f"/{locale}/search").text
        with german.test_request_context("/de/"):
            assert gettext("Hello %(name)s", name="Ada") == "Hallo Ada"
            with german.test_request_context("/en/"):
                assert gettext("Hello %(name)s", name="Ada") == "Hello Ada"
            assert gettext("Hello %(name)s", name="Ada") == "Hallo Ada"


def test_threads_each_speak_their_own(german: Flask) -> None:
    def say(path: str) -> set[str]:
        with german.test_request_context(path):
            return {gettext("Hello %(name)s", name="Ada") for _ in range(500)}

    paths = ["/de/", "/en/"] * 8
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(say, paths)) == [{"Hallo Ada"}, {"Hello Ada"}] * 8


def test_outside_of_a_request_a_command_says_which_language_it_speaks(german: Flask) -> None:
    with german.app_context():
        assert gettext("Hello %(name)s", name="Ada") == "Hello Ada"
        with speak("de"):
            assert gettext("Hello %(name)s", name="Ada") == "Hallo Ada"
            with speak("en"):
                assert gettext("Hello %(name)s", name="Ada") == "Hello Ada"
            assert translate("Hello %(name)s", "en", name="Ada") == "Hello Ada"
        assert gettext("Hello %(name)s", name="Ada") == "Hello Ada"


def test_a_page_keeps_the_words_that_it_began_with(german: Flask, tmp_path: Path) -> None:
    file = PoFile(tmp_path / "instance" / "translations" / "de")
    with german.test_request_context("/de/"):
        first = gettext("100 %")
        file.write({"100 %": "neu"})
        german.extensions["verso.catalogs"].files("de")
        assert gettext("100 %") == first


def test_streams_each_speak_their_own_to_the_end(german: Flask) -> None:
    meeting = Barrier(2, timeout=60)

    def words() -> Iterator[str]:
        for _ in range(20):
            meeting.wait()
            yield gettext("Hello %(name)s", name="Ada") + ";"

    for locale in ("de", "en"):
        german.add_url_rule(
            f"/{locale}/stream", f"stream-{locale}", lambda: Response(stream_with_context(words()))
        )

    def read(locale: str) -> str:
        return german.test_client().get(f"/{locale}/stream").text

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(read, ("de", "en")))
    assert said == ["Hallo Ada;" * 20, "Hello Ada;" * 20]


@pytest.mark.parametrize("path", ["/de/search", "/de/problems/", "/de/nothing-here"])
def test_a_saved_translation_is_not_hidden_behind_what_a_browser_keeps(
    path: str, german: Flask, tmp_path: Path
) -> None:
    client, file = german.test_client(), PoFile(tmp_path / "instance" / "translations" / "de")
    first = client.get(path)
    validators = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    kept = {
        asked: first.headers[name] for name, asked in validators.items() if name in first.headers
    }
    file.write({"Skip to the content": "Los geht es"})
    live(lambda: "Los geht es" in client.get(path, headers=kept).text)


def test_what_is_refused_is_in_the_log(make_app: MakeApp, tmp_path: Path) -> None:
    file = PoFile(tmp_path / "instance" / "translations" / "de")
    file.write({"Hello %(name)s": "Hallo %(nme)s"})
    log = tmp_path / "verso.log"
    app = make_app(LOG_FILE=log, LOG_LEVEL="warning")
    with app.test_request_context("/de/"):
        assert gettext("Hello %(name)s", name="Ada") == "Hello Ada"
    written = read_log(log)
    assert str(file.path) in written and "6:15 %(nme)s is not in the original." in written
