"""The run of an import: read the folder, plan the addresses, write the documents."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from verso.content.importers.languages import Languages
from verso.content.importers.origins import Origins
from verso.content.importers.plan import Planned, make_plan
from verso.content.importers.prepare import Prepared, prepare
from verso.content.importers.report import Note, Report
from verso.content.importers.resolve import Resolver
from verso.content.importers.site import SiteFile, find_site_file, hide_locales, write_site
from verso.content.importers.site_rest import write_rest
from verso.content.importers.sources import SECTION_FOLDERS, read_sources
from verso.content.importers.writing import Writer
from verso.content.navigation import LIFETIME
from verso.db import Database
from verso.media.stores import Store
from verso.models import Kind

BATCH = 100
SECONDS_TO_HIDE = 2 * LIFETIME + 0.5

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
    default_locale: str = "",
    progress: Progress | None = None,
) -> Report:
    """Import a folder of Markdown, or one file; a second run updates what changed.

    `section` None means a folder that holds `pages/` and `blog/`. `locale` is the language of
    files that do not say theirs, `base_url` the address of the old site, whose links then lead here.
    `name` identifies the folder in place of its path. `default_locale` is the language that is never
    hidden. ValueError if there is nothing to import at the path, or it must not come in.
    """
    report = Report()
    sections = sections_of(folder.resolve(), section)
    root = folder.resolve().parent if folder.is_file() else folder.resolve()
    site = find_site_file(root, section)
    origins = Origins(root=root, locale=locale, name=name or site.name)
    languages = Languages(locale=locale, locales=tuple(locales))
    sources = read_sources(sections, origins, languages, report)
    is_own = _take_site(database, site, default_locale, report)
    with database.reader() as session:
        plan = make_plan(session, sources, locales, report)
        resolver = Resolver(session, origins, plan, base_url=base_url, locales=locales)
        _note_languages(plan, locales, report)
        writer = Writer(store, plan, locales, report)
        _write_documents(database, plan, resolver, writer, progress)
    if site.is_whole:
        with database.writing() as session:
            write_rest(session, site, writer, report, is_own=is_own)
    return report


def _take_site(database: Database, site: SiteFile, default_locale: str, report: Report) -> bool:
    """What must hold before the documents come in; whether the folder is that of this very site."""
    with database.writing() as session:
        added = hide_locales(session, site, default_locale, report)
        is_own = write_site(session, site, report) if site.is_whole else True
    if added:
        # Running processes remember the settings for a while, and would show the language until then.
        time.sleep(SECONDS_TO_HIDE)
    return is_own


def _write_documents(
    database: Database,
    plan: Sequence[Planned],
    resolver: Resolver,
    writer: Writer,
    progress: Progress | None,
) -> None:
    for done, batch in _batches(plan):
        ready = [prepare(planned, resolver, writer.report) for planned in batch]
        # A reading transaction that stays open would see old rows, and keep the log growing.
        resolver.session.rollback()
        _write(database, writer, ready)
        if progress is not None:
            progress(done, len(plan))


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
