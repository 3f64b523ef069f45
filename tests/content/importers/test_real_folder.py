"""A real blog comes in whole; its folder is named by VERSO_TEST_CONTENT."""

import os
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from tests.content.comparison import contents
from verso.content.exporter import export
from verso.content.importers import Report, import_folder
from verso.db import Database
from verso.media.stores import LocalStore
from verso.models import DocumentText, Kind

CONTENT = os.environ.get("VERSO_TEST_CONTENT", "")
BASE_URL = os.environ.get("VERSO_TEST_CONTENT_URL", "https://blog.rust-lang.org")

pytestmark = pytest.mark.skipif(not CONTENT, reason="VERSO_TEST_CONTENT names no folder")


def _import(database: Database, folder: Path, media_path: Path, section: Kind | None) -> Report:
    return import_folder(
        database,
        folder,
        section=section,
        locale="en",
        locales=["en", "de"],
        store=LocalStore(media_path),
        base_url=BASE_URL,
    )


@pytest.mark.timeout(300)
def test_a_real_blog_comes_in_whole_and_goes_round(
    bare_database: Database, second_database: Database, tmp_path: Path
) -> None:
    source, database = Path(CONTENT), bare_database
    report = _import(database, source, tmp_path / "media", Kind.POST)
    files = [path for path in source.rglob("*.md") if path.read_text().startswith("+++")]
    assert len(report.created) == len(files)
    with database.reader() as session:
        texts = session.scalars(select(DocumentText)).all()
    known = {f"/en/blog/{text.slug}" for text in texts}
    links = [unquote(unescape(link)) for text in texts for link in _links(text.html)]
    inside = [link.partition("#")[0] for link in links if link.startswith("/en/")]
    assert inside and set(inside) <= known

    again = _import(database, source, tmp_path / "media", Kind.POST)
    assert (again.created, again.updated) == ([], [])

    with database.reader() as session:
        export(session, tmp_path / "out", LocalStore(tmp_path / "media"))
    _import(second_database, tmp_path / "out", tmp_path / "media-2", None)
    assert contents(second_database) == contents(database)
    with second_database.reader() as session:
        export(session, tmp_path / "out-2", LocalStore(tmp_path / "media-2"))
    assert _files(tmp_path / "out-2") == _files(tmp_path / "out")


def _links(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html)


def _files(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
