"""The files of a folder that are documents: which text belongs to which, in which language."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from verso.content.importers.frontmatter import BrokenFile, FrontMatter, split_front_matter
from verso.content.importers.languages import Languages
from verso.content.importers.metadata import Metadata, read_metadata
from verso.content.importers.origins import Origins
from verso.content.importers.report import Note, Report
from verso.models import Kind

MAX_FILE = 5 * 1024 * 1024
SECTION_FOLDERS = {"pages": Kind.PAGE, "blog": Kind.POST}

_MARKDOWN = (".md", ".markdown")
_OTHER_MARKUP = (".mdx", ".rst", ".adoc", ".asciidoc", ".org", ".textile", ".html", ".htm")
_SKIPPED_FOLDERS = frozenset(
    {"_site", "_layouts", "_includes", "_sass", "node_modules", "themes", "layouts", "public"}
)
# Files about the folder, whatever their ending; with front matter they are content after all.
_ABOUT_FOLDER = re.compile(
    r"(?:readme|licen[cs]e|copying|contributing|changelog|code[_-]of[_-]conduct|security|summary)"
    r"(?:[-_.](?:mit|apache|bsd|gpl|txt|md)\w*)*",
    re.IGNORECASE,
)
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
        files = [folder] if folder.is_file() else list(_markdown_files(root, folder, report))
        base = folder.parent if folder.is_file() else folder
        texts = _read_files(root, base, files, report, keep_plain=folder.is_file())
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


def _markdown_files(root: Path, folder: Path, report: Report) -> Iterator[Path]:
    for current, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_skipped_folder(name))
        for name in sorted(names):
            path = Path(current, name)
            reason = _reason_to_skip(path)
            if reason:
                report.skipped.append(Note(_relative(path, root), None, reason))
            elif path.suffix.lower() in _MARKDOWN:
                yield path


def _is_skipped_folder(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED_FOLDERS


def _reason_to_skip(path: Path) -> str:
    """Why a file is no document, or nothing; images and the like need no reason."""
    if path.suffix.lower() in _OTHER_MARKUP:
        return f"not content: only Markdown is read, not {path.suffix}"
    if path.suffix.lower() in _MARKDOWN:
        return "not content: a symbolic link" if path.is_symlink() else ""
    return "not content: it is about the folder" if _ABOUT_FOLDER.fullmatch(path.name) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadFile:
    file: str
    key: str
    front: FrontMatter
    metadata: Metadata
    data: bytes


def _read_files(
    root: Path, base: Path, paths: Sequence[Path], report: Report, *, keep_plain: bool
) -> dict[str, _ReadFile]:
    """The readable files by key; those without front matter only where none has any."""
    found: dict[str, _ReadFile] = {}
    for path in paths:
        try:
            read = _read_file(root, base, path)
        except BrokenFile as error:
            report.skipped.append(Note(error.file, error.line, error.reason))
        else:
            found[read.key] = read
    plain = [read for read in found.values() if not read.front.syntax and not read.metadata.date]
    all_plain = len(plain) == len(found)
    for read in plain:
        about_folder = _ABOUT_FOLDER.fullmatch(PurePosixPath(read.key).name) is not None
        if not keep_plain and (about_folder or not all_plain):
            reason = "it is about the folder" if about_folder else "it has no front matter"
            report.skipped.append(Note(read.file, None, f"not content: {reason}"))
            del found[read.key]
    return found


def _read_file(root: Path, base: Path, path: Path) -> _ReadFile:
    file = _relative(path, root)
    if path.stat().st_size > MAX_FILE:
        raise BrokenFile(file, None, f"the file is larger than {MAX_FILE // 1024 // 1024} MB")
    data = path.read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenFile(file, line, "the text is not UTF-8") from error
    if "\0" in text:
        raise BrokenFile(file, text.count("\n", 0, text.index("\0")) + 1, "it holds a NUL byte")
    front = split_front_matter(text, file)
    metadata = read_metadata(front, file, text)
    return _ReadFile(
        file=file, key=_relative(path, base), front=front, metadata=metadata, data=data
    )


def _paired(
    kind: Kind,
    files: Mapping[str, _ReadFile],
    origins: Origins,
    languages: Languages,
    report: Report,
) -> Iterator[Source]:
    """Documents of the files, with `name.fr.md` as the French text of `name.md`."""
    sources: dict[str, Source] = {}
    translations: list[tuple[str, str, _ReadFile]] = []
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
    locale: str, read: _ReadFile, languages: Languages, report: Report
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


def _add_translation(source: Source, locale: str, read: _ReadFile, report: Report) -> None:
    if locale in source.texts:
        file = source.texts[locale].file
        report.skipped.append(Note(read.file, None, f"{file} is already the text in {locale}"))
    else:
        source.texts[locale] = _text(read, locale)


def _text(read: _ReadFile, locale: str) -> TextFile:
    return TextFile(
        file=read.file,
        locale=locale,
        metadata=read.metadata,
        body=read.front.body,
        line=read.front.line,
        data=read.data,
    )


def _translation_of(
    key: str, files: Mapping[str, _ReadFile], languages: Languages
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


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
