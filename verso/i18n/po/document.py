"""A `.po` file that can be edited: its bytes stay as they are but for the lines of what is changed."""

import re
from collections.abc import Iterator, Sequence

from verso.i18n.po.charset import check, decode, resolve
from verso.i18n.po.entry import Entry, Source
from verso.i18n.po.parsing import Parser
from verso.i18n.po.parts import Kind, Part
from verso.i18n.po.style import Style
from verso.i18n.po.wrapping import Wrapping

_BOM = "\ufeff"
_FIELD = re.compile(r"([^:\n]+):[ \t]*([^\n]*)\n?")


class Document:
    """The entries of a file in its order, and between them whatever else it holds."""

    def __init__(
        self, text: str = "", charset: str = "utf-8", wrapping: Wrapping | None = None
    ) -> None:
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._style = Style(charset, _newline(text), self._all_parts, wrapping)
        self._chunks: list[Entry | str] = []
        self._last_put = 0
        self._read(text.removeprefix(_BOM))

    @classmethod
    def parse(cls, data: bytes) -> "Document":
        """Read any bytes at all; to_bytes gives them back. Raises nothing."""
        decoded = decode(data)
        if decoded is None:
            opaque = cls(charset="latin-1")
            opaque._chunks = [data.decode("latin-1")]
            return opaque
        return cls(*decoded)

    def to_bytes(self) -> bytes:
        chunks = (chunk if isinstance(chunk, str) else chunk.raw for chunk in self._chunks)
        return (self._bom + "".join(chunks)).encode(self.charset, "surrogateescape")

    @property
    def charset(self) -> str:
        """Python's name of the charset that the file is written in."""
        return self._style.charset

    @property
    def entries(self) -> list[Entry]:
        """Every entry, obsolete ones too, but not the header."""
        return [entry for entry in self._all_entries() if not entry.is_header]

    @property
    def header(self) -> Entry | None:
        """The entry of the empty msgid."""
        return next((entry for entry in self._all_entries() if entry.is_header), None)

    def find(self, msgid: str, context: str | None = None) -> Entry | None:
        """The entry of a message; of several the first one in use."""
        found = [entry for entry in self.entries if entry.source[:2] == (context, msgid)]
        return min(found, key=lambda entry: entry.obsolete, default=None)

    def get_header(self, name: str) -> str | None:
        """A field of the header, such as `Plural-Forms`."""
        fields = self.header.msgstr if self.header else ""
        for found in _FIELD.finditer(fields):
            if found[1].strip().lower() == name.lower():
                return found[2].strip()
        return None

    def set_header(self, name: str, value: str) -> None:
        """Set a field of the header, where it stands or at the end; only its line changes.

        A new charset in Content-Type is the one that the file is written in from now on.
        """
        value = " ".join(value.splitlines())
        if self.get_header(name) == value:
            return
        header = self.header or self._add_header()
        if name.lower() == "content-type":
            self._convert(resolve(value.partition("charset=")[2]))
        line = f"{name}: {value}\n"
        pattern = re.compile(rf"^{re.escape(name)}[ \t]*:.*\n?", re.MULTILINE | re.IGNORECASE)
        if not header.replace_line(pattern, line):
            before = header.msgstr
            fresh, count = pattern.subn(lambda _: line, before, count=1)
            end = "" if not before or before.endswith("\n") else "\n"
            header.msgstr = fresh if count else before + end + line

    def add(self, source: Source, forms: Sequence[str], after: Entry | None = None) -> Entry:
        """A new entry behind another one, else behind all that are in use.

        Raises ValueError for a number of forms that does not fit.
        """
        if not forms or (source.plural is None and len(forms) != 1):
            raise ValueError(f"{source.msgid!r} was given {len(forms)} forms.")
        entry = Entry(self._parts(source, forms), self._style)
        self._put(entry, self._behind(after))
        return entry

    def move(self, entry: Entry, after: Entry | None = None) -> None:
        """Take an entry as it is elsewhere, with no other line changed."""
        self.remove(entry)
        self._put(entry, self._behind(after))

    def remove(self, entry: Entry) -> None:
        """Take an entry away, with the blank line that stood before it."""
        place = self._index(entry)
        del self._chunks[place]
        if place and _is_blank(self._chunks[place - 1]):
            del self._chunks[place - 1]
        elif not place and self._chunks and _is_blank(self._chunks[0]):
            del self._chunks[0]

    def retire(self, entry: Entry) -> None:
        """Make an entry obsolete, at the end of the file; it keeps its translation."""
        entry.obsolete = True
        self.remove(entry)
        self._put(entry, len(self._chunks))

    def revive(self, entry: Entry, after: Entry | None = None) -> None:
        """Bring an obsolete entry back into use."""
        entry.obsolete = False
        self.move(entry, after)

    def _all_entries(self) -> Iterator[Entry]:
        return (chunk for chunk in self._chunks if isinstance(chunk, Entry))

    def _all_parts(self) -> Iterator[Part]:
        return (part for entry in self._all_entries() for part in entry.parts)

    def _read(self, text: str) -> None:
        parser = Parser()
        end = "\r" if self._style.newline == "\r" else "\n"
        lines = text.split(end)
        for line in lines[:-1]:
            parser.feed(line + end)
        if lines[-1]:
            parser.feed(lines[-1])
        parser.end()
        for chunk in parser.chunks:
            if isinstance(chunk, tuple):
                self._chunks.append(Entry(chunk[1], self._style, line=chunk[0]))
            elif chunk:
                self._chunks.append(chunk)

    def _parts(self, source: Source, forms: Sequence[str]) -> list[Part]:
        kinds = (Kind.CONTEXT, Kind.MSGID, Kind.PLURAL)
        texts = [(kind, text) for kind, text in zip(kinds, source, strict=True) if text is not None]
        parts = [self._style.part(kind, text, obsolete=False) for kind, text in texts]
        for number, form in enumerate(forms):
            index = None if source.plural is None else number
            parts.append(self._style.part(Kind.MSGSTR, form, index, obsolete=False))
        return parts

    def _add_header(self) -> Entry:
        entry = Entry(self._parts(Source(None, ""), [""]), self._style)
        self._put(entry, 0)
        return entry

    def _behind(self, entry: Entry | None) -> int:
        """The place behind an entry, else behind the last one in use."""
        if entry is not None:
            return self._index(entry) + 1
        for place in range(len(self._chunks), 0, -1):
            if _is_in_use(self._chunks[place - 1]):
                return place
        return 0

    def _index(self, entry: Entry) -> int:
        """Where an entry is among the chunks; the one that was put last is found at once."""
        if self._last_put < len(self._chunks) and self._chunks[self._last_put] is entry:
            return self._last_put
        return self._chunks.index(entry)

    def _put(self, entry: Entry, place: int) -> None:
        """Put an entry at a place, with a blank line to each side."""
        newline = self._style.newline
        before = self._chunks[place - 1] if place else newline
        if isinstance(before, Entry):
            before.end_line()
        elif not before.endswith(("\n", "\r")):
            self._chunks[place - 1] = before + newline
        entry.end_line()
        fresh: list[Entry | str] = [entry]
        if not _is_blank(before):
            fresh.insert(0, newline)
        if place < len(self._chunks) and not _is_blank(self._chunks[place]):
            fresh.append(newline)
        self._chunks[place:place] = fresh
        self._last_put = place + fresh.index(entry)

    def _convert(self, charset: str) -> None:
        if charset != self.charset:
            chunks = (chunk if isinstance(chunk, str) else chunk.raw for chunk in self._chunks)
            check("".join(chunks), charset)
            self._style.charset = charset


def _is_in_use(chunk: Entry | str) -> bool:
    return isinstance(chunk, Entry) and not chunk.obsolete


def _is_blank(chunk: Entry | str) -> bool:
    return isinstance(chunk, str) and not chunk.strip()


def _newline(text: str) -> str:
    """What ends the first line; CR only where no LF is."""
    place = text.find("\n")
    if place < 0:
        return "\r" if "\r" in text else "\n"
    return "\r\n" if text[:place].endswith("\r") else "\n"
