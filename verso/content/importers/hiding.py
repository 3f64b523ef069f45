"""What the index of a folder hides below it: Hugo's cascade and bundles, drafted sections of Zola."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from verso.content.importers.files import ReadFile, read_file
from verso.content.importers.frontmatter import BrokenFile
from verso.models import State

# Hugo's root of all pages: what an index above it says is about something else.
CONTENT = "content"


def hide_below(files: Mapping[str, ReadFile], base: Path) -> dict[str, ReadFile]:
    """The files by their path below a folder, with what indexes above them hide.

    A cascade counts for every page below it, whatever its target: where that is unclear, a page
    is rather a draft than public.
    """
    above = [reason for file in _indexes_above(base) for reason in _cascaded(file)]
    below = {key: list(_hidden_below(file)) for key, file in files.items() if _is_index(key)}
    return {key: _hidden(key, file, above, below) for key, file in files.items()}


def _hidden(key: str, file: ReadFile, above: list[str], below: Mapping[str, list[str]]) -> ReadFile:
    if file.metadata.is_clean:
        return file
    reasons = [*file.metadata.hidden, *above]
    for index, hidden in below.items():
        if _language_of(index) in ("", _language_of(key)) and _is_below(key, index):
            reasons += hidden
    hidden_fields = tuple(dict.fromkeys(reasons))
    return replace(file, metadata=replace(file.metadata, hidden=hidden_fields))


def _hidden_below(file: ReadFile) -> Iterator[str]:
    """Why the pages below an index are hidden, if they are."""
    yield from _cascaded(file)
    is_section = PurePosixPath(file.key).name.startswith("_")
    is_at_top = "/" not in file.key
    metadata = file.metadata
    # A leaf bundle is one page with all of its folder; a drafted section of Zola, in TOML, is one too.
    is_whole = not is_section or (file.front.syntax == "toml" and metadata.state == State.DRAFT)
    if is_whole and not is_at_top:
        yield from (f"{file.file} has {field}" for field in metadata.hidden)


def _cascaded(file: ReadFile) -> Iterator[str]:
    return (f"{file.file} has cascade.{field}" for field in file.metadata.cascade)


def _indexes_above(base: Path) -> Iterator[ReadFile]:
    """The section indexes of Hugo above a folder, up to `content`."""
    parents = list(base.parents)
    names = [parent.name for parent in parents]
    if CONTENT not in names or base.name == CONTENT:
        return
    for parent in parents[: names.index(CONTENT) + 1]:
        index = parent / "_index.md"
        if index.is_file():
            try:
                yield read_file(parent, parent, index)
            except BrokenFile:
                # It is read, and its mistake reported, by an import of its own folder.
                continue


def _is_index(key: str) -> bool:
    return PurePosixPath(key).name.split(".")[0] in ("index", "_index")


def _language_of(key: str) -> str:
    return PurePosixPath(key).stem.partition(".")[2]


def _is_below(key: str, index: str) -> bool:
    folder = str(PurePosixPath(index).parent)
    return folder == "." or key.startswith(f"{folder}/")
