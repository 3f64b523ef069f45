"""The run of an import: read the folder, plan the addresses, write the documents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from verso.content.importers.frontmatter import BrokenFile
from verso.content.importers.languages import Languages
from verso.content.importers.origins import Origins
from verso.content.importers.plan import Planned, make_plan
from verso.content.importers.prepare import Prepared, prepare
from verso.content.importers.report import Note, Report
from verso.content.importers.resolve import Resolver
from verso.content.importers.site import read_site, write_site
from verso.content.importers.sources import SECTION_FOLDERS, read_sources
from verso.content.importers.writing import Writer
from verso.db import Database
from verso.media.stores import Store
from verso.models import Kind

BATCH = 100

Progress = Callable[[int, int], None]


def import_folder(
    database: Database,
    folder: Path,
    *,
    section: Kind | None,
    locale: str,
    locales: Sequence[str],
    store: Store,
    base_url: str = "",
    name: str = "",
    progress: Progress | None = None,
) -> Report:
    """Import a folder of Markdown, or one file; a second run updates what changed.

    `section` None means a folder that holds `pages/` and `blog/`. `locale` is the language of
    files that do not say theirs, `base_url` the address of the old site, whose links then lead
    here. `name` is what later imports know the folder by, in place of its path. ValueError if there
    is nothing to import at the path.
    """
    report = Report()
    folder = folder.resolve()
    sections = sections_of(folder, section)
    root = folder.parent if folder.is_file() else folder
    languages = Languages(locale=locale, locales=tuple(locales))
    origins = Origins(root=root, locale=locale, name=name)
    sources = read_sources(sections, origins, languages, report)
    with database.writing() as session:
        _take_site(root, section, session, report)
    with database.reader() as session:
        plan = make_plan(session, sources, locales, report)
        resolver = Resolver(session, origins, plan, base_url=base_url, locales=locales)
        _note_languages(plan, locales, report)
        writer = Writer(store, plan, locales, report)
        for done, batch in _batches(plan):
            ready = [prepare(planned, resolver, report) for planned in batch]
            # A reading transaction that stays open would see old rows, and keep the log growing.
            session.rollback()
            _write(database, writer, ready)
            if progress is not None:
                progress(done, len(plan))
    return report


def _write(database: Database, writer: Writer, documents: Sequence[Prepared]) -> None:
    with database.writing() as session:
        for prepared in documents:
            writer.write(session, prepared)


def sections_of(folder: Path, section: Kind | None) -> Mapping[Kind, Path]:
    """Where the documents of each section are."""
    if not folder.exists():
        raise ValueError(f"there is no folder or file {folder}")
    if section is not None:
        return {section: folder}
    found = {kind: folder / name for name, kind in SECTION_FOLDERS.items()}
    found = {kind: path for kind, path in found.items() if path.is_dir()}
    if not found:
        raise ValueError(f"{folder} has neither pages/ nor blog/: say whether it is pages or posts")
    return found


def _take_site(root: Path, section: Kind | None, session: Session, report: Report) -> None:
    if section is not None:
        return
    try:
        tables = read_site(root)
    except BrokenFile as error:
        report.skipped.append(Note(error.file, error.line, error.reason))
    else:
        write_site(session, tables, report)


def _note_languages(plan: Sequence[Planned], locales: Sequence[str], report: Report) -> None:
    """Say which texts are in a language that the site does not show."""
    for planned in plan:
        for text in planned.source.texts.values():
            if text.locale not in locales:
                reason = f"it is in {text.locale}, which the site has no pages in"
                report.notes.append(Note(text.file, None, reason))


def _batches(plan: Sequence[Planned]) -> Iterator[tuple[int, Sequence[Planned]]]:
    for start in range(0, len(plan), BATCH):
        batch = plan[start : start + BATCH]
        yield start + len(batch), batch
