"""Pages over broken catalogs: all of them are answered, and the neighbours of a mistake are translated."""

from pathlib import Path

import pytest
from markupsafe import escape

from tests.conftest import MakeApp
from tests.i18n.broken import BROKEN, Broken
from tests.i18n.files import PoFile

PAGES = {"/de/": 200, "/de/search": 200, "/de/blog/": 200, "/de/nothing-here": 404, "/en/": 200}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_every_page_is_answered_also_when_the_site_starts_with_a_broken_file(
    broken: Broken, make_app: MakeApp, tmp_path: Path
) -> None:
    PoFile(tmp_path / "instance" / "translations" / "de").write_bytes(broken.data)
    client = make_app(TESTING=True).test_client()
    for path, status in PAGES.items():
        assert client.get(path).status_code == status
    word = "vor" if broken.neighbours else "Suchen"
    assert f"<h1>{word}</h1>" in client.get("/de/search").text


@pytest.mark.parametrize(
    "msgstr", ["%(nn)s", "50% off", "<img src=x onerror=alert(1)>", "\u202e%(query)s"]
)
def test_a_hostile_translation_is_not_shown_and_what_was_typed_is_escaped(
    msgstr: str, make_app: MakeApp, tmp_path: Path
) -> None:
    file = PoFile(tmp_path / "instance" / "translations" / "de")
    file.write({"Nothing was found for “%(query)s”.": msgstr})
    client = make_app(TESTING=True).test_client()
    page = client.get("/de/search?q=%3Ci%3Exyzzy%3C%2Fi%3E")
    assert page.status_code == 200
    assert "onerror" not in page.text and "<i>xyzzy" not in page.text
    assert str(escape("<i>xyzzy</i>")) in page.text
