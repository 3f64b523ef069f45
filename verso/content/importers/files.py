"""The Markdown files of a folder: found, read, and told from those that are no content."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from verso.content.importers.frontmatter import BrokenFile, FrontMatter, split_front_matter
from verso.content.importers.metadata import Metadata, read_metadata
from verso.content.importers.report import Note, Report

MAX_FILE = 5 * 1024 * 1024
# Jekyll's; it may be the imported folder itself, or above it.
DRAFTS_FOLDER = "_drafts"
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


def markdown_files(root: Path, folder: Path, report: Report) -> Iterator[Path]:
    """The Markdown below a folder; the report names the files that are read by nothing here."""
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
class ReadFile:
    """A file by its path below the imported folder, and below its section's (`key`)."""

    file: str
    key: str
    front: FrontMatter
    metadata: Metadata
    data: bytes


def read_files(
    root: Path, base: Path, paths: Sequence[Path], report: Report, *, keep_plain: bool
) -> dict[str, ReadFile]:
    """The readable files by key; those without front matter only where none has any."""
    found: dict[str, ReadFile] = {}
    for path in paths:
        try:
            read = read_file(root, base, path)
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


def read_file(root: Path, base: Path, path: Path) -> ReadFile:
    """The front matter and text of a file; BrokenFile where it cannot be read."""
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
    if DRAFTS_FOLDER in path.parts:
        reason = f"it is in the folder {DRAFTS_FOLDER}"
        metadata = replace(metadata, hidden=(*metadata.hidden, reason))
    return ReadFile(file=file, key=_relative(path, base), front=front, metadata=metadata, data=data)


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
