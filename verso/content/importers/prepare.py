"""One document made ready to be written: its fields per locale, its images, and its digest."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from verso.content.importers.elements import Remark
from verso.content.importers.html import to_markdown
from verso.content.importers.images import FoundImage
from verso.content.importers.links import Answer, rewrite
from verso.content.importers.plan import Planned
from verso.content.importers.report import Note, Report
from verso.content.importers.resolve import Resolver
from verso.content.importers.shortcodes import without_shortcodes
from verso.content.importers.sources import TextFile
from verso.content.markdown import plain_text
from verso.content.words import TextFields
from verso.models import Slot
from verso.models.documents import TITLE_LENGTH, UNDATED

# Counts up when the same files would become other documents.
RULES = "2"

_FIRST_HEADING = re.compile(
    r"\s*#{1,6}[ \t]+(\S.*?)[ \t]*#*[ \t]*(?:\n|\Z)|\s*(\S.*)\n(?:=+|-+)[ \t]*\n"
)
_ANY_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*?)[ \t]*#*[ \t]*$", re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class Prepared:
    """What will be written for a planned document; `digest` is that of all that went in."""

    planned: Planned
    texts: dict[str, TextFields] = field(default_factory=dict)
    images: dict[str, FoundImage] = field(default_factory=dict)
    pictures: dict[Slot, FoundImage] = field(default_factory=dict)
    digest: str = ""


def prepare(planned: Planned, resolver: Resolver, report: Report) -> Prepared:
    """Turn the files of a document into fields; the report hears what could not be taken over."""
    return _Preparing(planned, resolver, report).run()


class _Preparing:
    """Gathers everything that a document is made of, for the digest too."""

    def __init__(self, planned: Planned, resolver: Resolver, report: Report) -> None:
        self.planned, self.resolver, self.report = planned, resolver, report
        self.result = Prepared(planned=planned)
        self.inputs = [RULES.encode(), str(planned.parent and planned.parent.source.key).encode()]

        self._note_publication()

    def _note_publication(self) -> None:
        """Of what the clock, or a file above decides, the digest must know: it is in no byte of the files."""
        publication, main = self.planned.publication, self.planned.source.main.metadata
        as_written = main.state, main.date
        decided = publication.state, None if publication.at == UNDATED else publication.at
        if decided != as_written:
            self.inputs.append(repr(decided).encode())

    def run(self) -> Prepared:
        for text in self.planned.source.texts.values():
            self.inputs += [text.file.encode(), text.locale.encode(), text.data]
            self.result.texts[text.locale] = self._fields(text)
        for image in self.result.images.values():
            self.inputs.append(image.digest.encode())
        self.result.digest = hashlib.sha256(b"\0".join(self.inputs)).hexdigest()
        return self.result

    def _fields(self, text: TextFile) -> TextFields:
        metadata, body = text.metadata, text.body
        body = body.removeprefix("\n") if metadata.is_clean else self._as_markdown(text)
        title, body = _title_and_body(text, body, self.planned.source.name)
        body = rewrite(body, partial(self._answer, text))
        search_title = metadata.search_title
        search_title = search_title if metadata.is_clean else " ".join(search_title.split())
        self._picture(text, Slot.COVER, metadata.image)
        self._picture(text, Slot.SHARING, metadata.sharing_image)
        return TextFields(
            title=self._cut(text, title, "title"),
            slug=self.planned.slugs[text.locale],
            summary=metadata.summary,
            body=body if metadata.is_clean else _trimmed(body),
            cover_alt=metadata.image_alt,
            search_title=self._cut(text, search_title, "title for search engines"),
            search_description=metadata.search_description,
        )

    def _cut(self, text: TextFile, title: str, name: str) -> str:
        if len(title) > TITLE_LENGTH:
            self.report.notes.append(Note(text.file, None, f"the {name} was cut: it is too long"))
        return title[:TITLE_LENGTH]

    def _as_markdown(self, text: TextFile) -> str:
        body, tags = without_shortcodes(text.body)
        body, html = to_markdown(body)
        self.report.html.extend(_notes(text, [*tags, *html]))
        return body

    def _answer(self, text: TextFile, address: str, is_image: bool) -> Answer:
        say = partial(self._say, text, address)
        answer = self.resolver.answer(address, text, is_image=is_image, say=say)
        self.inputs += [address.encode(), answer.action.value.encode()]
        image = self.resolver.images.at_url(answer.address)
        if image is not None:
            self.result.images[image.digest] = image
        return answer

    def _picture(self, text: TextFile, slot: Slot, address: str) -> None:
        """A picture that stands for the document: the first that one of its files names."""
        say = partial(self._say, text, address)
        image = self.resolver.image(address, text, say) if address else None
        if image is not None:
            self.result.pictures.setdefault(slot, image)
            self.result.images[image.digest] = image

    def _say(self, text: TextFile, address: str, chapter: str, words: str) -> None:
        notes: list[Note] = getattr(self.report, chapter)
        notes.append(Note(text.file, _line_of(text, address), words))


def _title_and_body(text: TextFile, body: str, name: str) -> tuple[str, str]:
    """The title; a heading that says the same at the top of the body is dropped."""
    title = " ".join(text.metadata.title.split())
    first = _FIRST_HEADING.match(body)
    heading = plain_text(first[1] or first[2]) if first else ""
    if text.metadata.is_clean or (title and heading.casefold() != title.casefold()):
        return title, body
    if first and heading:
        return title or heading, body[first.end() :]
    later = _ANY_HEADING.search(body)
    readable = re.sub(r"[-_]+", " ", name).strip()
    return title or (plain_text(later[1]) if later else "") or readable or "?", body


def _trimmed(body: str) -> str:
    return body.strip("\n") + "\n" if body.strip() else ""


def _notes(text: TextFile, remarks: Sequence[Remark]) -> list[Note]:
    return [Note(text.file, text.line + remark.line - 1, remark.text) for remark in remarks]


def _line_of(text: TextFile, address: str) -> int | None:
    whole = text.data.decode().replace("\r\n", "\n")
    place = whole.find(address)
    return None if place < 0 else whole.count("\n", 0, place) + 1
