"""The files of a folder that are documents: which text belongs to which, in which language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from verso.content.importers.files import ReadFile, markdown_files, read_files
from verso.content.importers.hiding import hide_below
from verso.content.importers.languages import Languages
from verso.content.importers.metadata import Metadata
from verso.content.importers.origins import Origins
from verso.content.importers.report import Note, Report
from verso.models import Kind

SECTION_FOLDERS = {"pages": Kind.PAGE, "blog": Kind.POST}

_DATED_NAME = re.compile(r"\d{4}-\d\d-\d\d-(.+)")
_NUMBERED_NAME = re.compile(r"(.+)@\d+")
_INDEX = ("index", "_index")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """One Markdown file; `file` is its path below the imported folder."""

    file: str
    locale: str
    metadata: Metadata
    body: str
    line: int
    data: bytes


@dataclass(slots=True, kw_only=True)
class Source:
    """A document to be: its texts by locale, its own language first.

    `key` is its path below its section's folder, `path` that of its file on the disk; `name` is what
    its file is called. `origin` is what a later import finds it by.
    """

    kind: Kind
    key: str
    path: Path
    origin: str
    name: str
    texts: dict[str, TextFile] = field(default_factory=dict)
    parent: str | None = None

    @property
    def main(self) -> TextFile:
        return next(iter(self.texts.values()))

    @property
    def date(self) -> datetime | None:
        return self.main.metadata.date

    @property
    def is_index(self) -> bool:
        return PurePosixPath(self.key).name.split(".")[0] in _INDEX

    @property
    def folder(self) -> str:
        """The folder of the file, below the section's."""
        return str(PurePosixPath(self.key).parent)


def read_sources(
    sections: Mapping[Kind, Path], origins: Origins, languages: Languages, report: Report
) -> list[Source]:
    """All documents below the folders of the sections, parents before children, old before new."""
    sources: list[Source] = []
    root = origins.root
    for kind, folder in sections.items():
        files = [folder] if folder.is_file() else list(markdown_files(root, folder, report))
        base = folder.parent if folder.is_file() else folder
        texts = read_files(root, base, files, report, keep_plain=folder.is_file())
        texts = hide_below(texts, base)
        sources.extend(_paired(kind, texts, origins, languages, report))
    _set_parents(sources)
    return sorted(sources, key=_order)


def _order(source: Source) -> tuple[bool, int, bool, float, str]:
    depth = source.key.count("/") - source.is_index if source.kind == Kind.PAGE else 0
    date = source.date
    return (
        source.kind == Kind.POST,
        depth,
        date is None,
        date.timestamp() if date else 0,
        source.key,
    )


def _paired(
    kind: Kind,
    files: Mapping[str, ReadFile],
    origins: Origins,
    languages: Languages,
    report: Report,
) -> Iterator[Source]:
    """Documents of the files, with `name.fr.md` as the French text of `name.md`."""
    sources: dict[str, Source] = {}
    translations: list[tuple[str, str, ReadFile]] = []
    for key, read in files.items():
        main, locale = _translation_of(key, files, languages)
        if main:
            translations.append((main, locale, read))
        elif not (kind == Kind.POST and PurePosixPath(key).stem == "_index"):
            text, name = _main_text(locale, read, languages, report)
            sources[key] = Source(
                kind=kind,
                key=key,
                path=origins.root / read.file,
                origin=origins.of(kind, read.file),
                name=name,
                texts={text.locale: text},
            )
        else:
            report.skipped.append(Note(read.file, None, "not content: the index of a blog"))
    for main, locale, read in translations:
        if main in sources:
            _add_translation(sources[main], locale, read, report)
    yield from sources.values()


def _main_text(
    locale: str, read: ReadFile, languages: Languages, report: Report
) -> tuple[TextFile, str]:
    """The text of a document's own file, and its name; `locale` is that of the file's name, if any."""
    said = read.metadata.locale
    if said and not languages.knows(said):
        report.notes.append(Note(read.file, None, f"there is no language {said!r}"))
        said = ""
    said = languages.canonical(said) if said else ""
    text = _text(read, said or locale or languages.locale)
    stem = _without_suffixes(read.key, locale)
    name = PurePosixPath(stem).parent.name if PurePosixPath(stem).name in _INDEX else stem
    return text, _bare_name(name)


def _add_translation(source: Source, locale: str, read: ReadFile, report: Report) -> None:
    if locale in source.texts:
        file = source.texts[locale].file
        report.skipped.append(Note(read.file, None, f"{file} is already the text in {locale}"))
    else:
        source.texts[locale] = _text(read, locale)


def _text(read: ReadFile, locale: str) -> TextFile:
    return TextFile(
        file=read.file,
        locale=locale,
        metadata=read.metadata,
        body=read.front.body,
        line=read.front.line,
        data=read.data,
    )


def _translation_of(
    key: str, files: Mapping[str, ReadFile], languages: Languages
) -> tuple[str | None, str]:
    """The key of the file that this one translates, and the locale that its name says."""
    path = PurePosixPath(key)
    base, dot, suffix = path.stem.rpartition(".")
    if not dot:
        return None, ""
    main = str(path.with_name(base + path.suffix))
    locale = languages.named(suffix)
    if main in files:
        known = locale or (suffix if languages.knows(suffix) else None)
        return (main, languages.canonical(known)) if known else (None, "")
    return None, locale or ""


def _without_suffixes(key: str, locale: str) -> str:
    path = PurePosixPath(key)
    stem = path.stem.rpartition(".")[0] if locale and "." in path.stem else path.stem
    return str(path.with_name(stem))


def _bare_name(name: str) -> str:
    """A file's name without its date or number: `2014-09-15-title`, `title@1` -> `title`."""
    name = PurePosixPath(name).name
    for pattern in (_DATED_NAME, _NUMBERED_NAME):
        match = pattern.fullmatch(name)
        name = match[1] if match else name
    return name


def _set_parents(sources: Sequence[Source]) -> None:
    """Put each page below the page of its folder, or of the nearest folder above that has one.

    The page of a folder is its index, or a file beside the folder that is called the same.
    """
    pages = [source for source in sources if source.kind == Kind.PAGE]
    indexes = {source.key.removesuffix(".md"): source for source in pages}
    indexes |= {source.folder: source for source in pages if source.is_index}
    for source in pages:
        above = PurePosixPath(source.folder)
        folders = [str(folder) for folder in (above, *above.parents)][source.is_index :]
        # The index of the whole folder is the home page, which nothing stands below.
        found = (indexes[folder] for folder in folders if folder in indexes and folder != ".")
        parent = next(found, None)
        source.parent = parent.key if parent else None
