"""What an import did: what came in, what was skipped and why, and what a person should look at."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something about a file (relative path) and, where known, a line of it, counted from 1."""

    file: str
    line: int | None
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}"


@dataclass(slots=True)
class Report:
    """Files that were created, updated or left alone, and notes on the rest."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[Note] = field(default_factory=list)
    renamed: list[Note] = field(default_factory=list)
    links: list[Note] = field(default_factory=list)
    images: list[Note] = field(default_factory=list)
    html: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    hidden: list[Note] = field(default_factory=list)
    image_count: int = 0
    settings: list[str] = field(default_factory=list)

    @property
    def broken(self) -> list[Note]:
        """The skipped files that could not be read: they name a line or an error."""
        return [note for note in self.skipped if not note.text.startswith("not content")]

    def lines(self, *, is_whole: bool = False) -> list[str]:
        """The report as lines for people; the long chapters are cut unless the whole is asked for."""
        lines = [
            f"{len(self.created)} created, {len(self.updated)} updated, "
            f"{len(self.unchanged)} unchanged, {len(self.skipped)} skipped; "
            f"{_count(self.image_count, 'image')}"
        ]
        if self.settings:
            lines.append("Settings of the site taken over: " + ", ".join(self.settings))
        for heading, notes in self._chapters():
            # What is held back is never cut: its owner must see that it is not lost.
            limit = len(notes) if is_whole or notes is self.hidden else SHOWN
            lines.extend(_chapter(heading, notes, limit))
        return lines

    def _chapters(self) -> Iterator[tuple[str, Sequence[Note]]]:
        yield "Skipped", self.skipped
        yield "Not public, or not for ever, and why", self.hidden
        yield "Renamed, because the address was taken or is needed by the site", self.renamed
        yield "Links that lead to nothing here", self.links
        yield "Images that could not be taken over", self.images
        yield "HTML that has no Markdown, its text was kept", _by_tag(self.html)
        yield "Worth knowing", self.notes


def _chapter(heading: str, notes: Sequence[Note], limit: int) -> list[str]:
    notes = list(dict.fromkeys(notes))
    if not notes:
        return []
    lines = ["", f"{heading} ({len(notes)}):", *(f"  {note}" for note in notes[:limit])]
    if len(notes) > limit:
        lines.append(f"  ... and {len(notes) - limit} more (--report FILE writes all of them)")
    return lines


def _by_tag(notes: Sequence[Note]) -> list[Note]:
    """One note per file and tag, on its first line, with a count."""
    found: dict[tuple[str, str], list[Note]] = defaultdict(list)
    for note in notes:
        found[note.file, note.text].append(note)
    return [
        Note(file, same[0].line, text if len(same) == 1 else f"{text}, {len(same)} times")
        for (file, text), same in found.items()
    ]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
