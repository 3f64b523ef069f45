"""The documents of earlier imports that the files of a run are the source of."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from verso.content.importers.origins import ANY_LANGUAGE, earlier_origin, is_there, path_in
from verso.content.importers.report import Note, Report
from verso.content.importers.sources import Source, TextFile
from verso.models import Document, DocumentText

# How many origins one query asks for.
CHUNK = 500
# The share of words that two versions of a text have in common.
SHARED_WORDS = 0.7
# Below this number of words, equal words prove little.
FEW_WORDS = 20

OTHER_DOCUMENT = (
    "an earlier import made a document of a file of this name, with different words; it was left as "
    "it is, and this file became a new document"
)


class Likeness(IntEnum):
    """How surely a file is the source of a document whose origin does not name the file's place."""

    NONE = 0
    TITLE = 1
    SURE = 2


def match_sources(session: Session, sources: Sequence[Source], report: Report) -> dict[str, int]:
    """The id of the document of each file that was imported before, by the file's origin.

    A document counts as that of a file where its origin is the file's. Where it came from a folder
    that was moved since, or from a Verso that kept no folder, its title, date and words decide.
    """
    ids = _by_origin(session, [source.origin for source in sources])
    rest = [source for source in sources if source.origin not in ids]
    candidates = _candidates(session, rest)
    taken = set(ids.values())
    likeness = {
        source.origin: _closest(session, source, candidates[source.origin], taken)
        for source in rest
        if candidates.get(source.origin)
    }
    sure = [degree for _, degree in likeness.values() if degree is Likeness.SURE]
    # In a folder that is recognised by most of its files, an equal title is enough for the others.
    needed = Likeness.TITLE if len(sure) * 2 >= len(likeness) else Likeness.SURE
    for source in rest:
        document_id, degree = likeness.get(source.origin, (0, Likeness.NONE))
        if degree >= needed and document_id not in taken:
            ids[source.origin] = document_id
            taken.add(document_id)
        elif document_id:
            report.notes.append(Note(source.main.file, None, OTHER_DOCUMENT))
    return ids


def _by_origin(session: Session, origins: Sequence[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for start in range(0, len(origins), CHUNK):
        query = select(Document.origin, Document.id).where(
            Document.origin.in_(origins[start : start + CHUNK])
        )
        ids.update((origin, number) for origin, number in session.execute(query) if origin)
    return ids


def _candidates(session: Session, sources: Sequence[Source]) -> Mapping[str, Sequence[int]]:
    """Per origin, the documents from a file of the same name whose folder is gone or not known."""
    earlier = {source.origin: earlier_origin(source.kind, source.key) for source in sources}
    ids = _by_origin(session, list(earlier.values()))
    candidates: dict[str, list[int]] = defaultdict(list)
    for origin, before in earlier.items():
        if before in ids:
            candidates[origin].append(ids[before])
    moved = _moved(session) if sources else {}
    for source in sources:
        for path, number in moved.get((source.kind, PurePosixPath(source.key).name), ()):
            is_same_file = path == str(source.path)
            if path.endswith(f"/{source.key}") and (is_same_file or not is_there(path)):
                candidates[source.origin].append(number)
    return candidates


def _moved(session: Session) -> Mapping[tuple[str, str], Sequence[tuple[str, int]]]:
    """The paths and ids of all documents that have a path as origin, by kind and file name."""
    paths: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    query = select(Document.kind, Document.origin, Document.id).where(
        Document.origin.contains(":/")
    )
    for kind, origin, number in session.execute(query.order_by(Document.id)):
        if path := path_in(origin or ""):
            paths[kind, PurePosixPath(path).name].append((path, number))
    return paths


def _closest(
    session: Session, source: Source, numbers: Sequence[int], taken: set[int]
) -> tuple[int, Likeness]:
    query = select(Document).where(Document.id.in_(set(numbers) - taken)).order_by(Document.id)
    documents = session.scalars(query.options(selectinload(Document.texts))).all()
    degrees = [(document.id, _likeness(document, source)) for document in documents]
    return max(degrees, key=lambda pair: pair[1], default=(0, Likeness.NONE))


def _likeness(document: Document, source: Source) -> Likeness:
    dates = {document.published_at, document.created_at}
    has_same_date = source.date is not None and source.date in dates
    pairs = list(_common_texts(document, source))
    if not pairs and ANY_LANGUAGE in source.origin:
        is_dated_alike = has_same_date or source.date is None
        return Likeness.SURE if is_dated_alike else Likeness.NONE
    has_same_title = any(file.metadata.title == text.title for file, text in pairs)
    for file, text in pairs:
        share, size = _shared_words(file.body, text.body)
        is_proof = has_same_title or has_same_date or size >= FEW_WORDS
        if share >= SHARED_WORDS and is_proof:
            return Likeness.SURE
    if has_same_title and has_same_date:
        return Likeness.SURE
    # Two undated files, an "About" each, have the title in common and nothing else.
    return Likeness.TITLE if has_same_title and source.date is None else Likeness.NONE


def _common_texts(document: Document, source: Source) -> Iterator[tuple[TextFile, DocumentText]]:
    for locale, file in source.texts.items():
        if (text := document.text(locale)) is not None:
            yield file, text


def _shared_words(one: str, other: str) -> tuple[float, int]:
    """The share of their words that two texts have in common, and how many different words they have."""
    words, others = (set(re.findall(r"\w+", body.casefold())) for body in (one, other))
    size = max(len(words), len(others))
    return (len(words & others) / size if size else 1.0), size
