"""Taking a `.po` file apart: whole entries, and between them text that stays as it is."""

from verso.i18n.po.parts import Kind, Part, Segment, comment_kind, segments

Parts = list[Part]
# What GNU gettext calls the grammar of a message: what may follow what.
_FOLLOWS = {
    Kind.CONTEXT: (None,),
    Kind.MSGID: (None, Kind.CONTEXT),
    Kind.PLURAL: (Kind.MSGID,),
}


class Parser:
    """Reads line after line; chunks are entries (first line, parts) and opaque text, in file order.

    What is no entry is opaque: blank lines, conflict markers, half messages, broken strings. As in
    GNU gettext comments belong to the message below them.
    """

    def __init__(self) -> None:
        self.chunks: list[tuple[int, Parts] | str] = []
        self._line = self._first_line = 0
        self._comments: Parts = []
        self._message: Parts = []
        self._mark = ""
        self._gap: list[str] = []
        self._damaged = False

    def feed(self, line: str) -> None:
        self._line += 1
        stripped = line.lstrip(" \t\r\f\v\n")
        if not stripped:
            self._blank(line)
        elif stripped[0] == "#" and stripped[1:2] not in ("~", "|"):
            self._comment(line, stripped)
        elif found := segments(line):
            for segment in found:
                self._segment(segment)
        elif stripped.startswith("#|"):
            self._comment(line, "#")
        else:
            self._unknown(line, stripped)

    def finish(self) -> None:
        """End the message that is being read: an entry if it is whole, else opaque."""
        if self._message:
            parts = [*self._comments, *self._message]
            is_whole = self._message[-1].kind is Kind.MSGSTR
            self.chunks.append((self._first_line, parts) if is_whole else _raw(parts))
            self._comments, self._message = [], []
        self._end_gap()

    def end(self) -> None:
        """End the file; comments without a message are opaque."""
        self.finish()
        self._drop_comments()

    def _blank(self, line: str) -> None:
        self._damaged = False
        if self._message:
            self._gap.append(line)
        elif self._comments:
            self._comments.append(Part(Kind.BLANK, [line]))
        else:
            self.chunks.append(line)

    def _comment(self, line: str, stripped: str) -> None:
        self._damaged = False
        self.finish()
        self._begin()
        self._comments.append(Part(comment_kind(stripped), [line]))

    def _segment(self, segment: Segment) -> None:
        if segment.mark.endswith("|"):
            self._previous(segment)
        elif self._damaged:
            self._damage(segment.raw)
        elif segment.kind is None:
            self._continue(segment)
        elif self._accepts(segment):
            self._message += [Part(Kind.BLANK, [line]) for line in self._gap]
            self._gap = []
            self._add(segment, segment.kind)
        elif segment.kind in (Kind.CONTEXT, Kind.MSGID) and (self._is_whole or self._gap):
            self.finish()
            self._add(segment, segment.kind)
        else:
            self._damage(segment.raw)

    def _previous(self, segment: Segment) -> None:
        self._damaged = False
        if segment.kind is not None:
            self.finish()
            self._begin()
            self._comments.append(Part(segment.kind, [segment.raw]))
        elif self._comments and self._comments[-1].kind > Kind.FLAGS and not self._message:
            self._comments[-1].lines.append(segment.raw)
        else:
            self._damage(segment.raw)

    def _accepts(self, segment: Segment) -> bool:
        last = self._message[-1] if self._message else None
        if last is not None and segment.mark != self._mark:
            return False
        if segment.kind in _FOLLOWS:
            return (last and last.kind) in _FOLLOWS[segment.kind]
        if last is None or last.kind is Kind.CONTEXT:
            return False
        if last.kind is Kind.MSGID:
            return segment.number is None
        following = 0 if last.index is None else last.index + 1
        return segment.number == following and (last.kind is Kind.PLURAL or following > 0)

    def _add(self, segment: Segment, kind: Kind) -> None:
        self._begin()
        self._mark = segment.mark
        self._message.append(Part(kind, [segment.raw], segment.number))

    def _begin(self) -> None:
        if not self._comments and not self._message:
            self._first_line = self._line

    def _continue(self, segment: Segment) -> None:
        is_apart = bool(self._gap) and self._is_whole
        if not self._message or segment.mark != self._mark or is_apart:
            self._damage(segment.raw)
            return
        self._message[-1].lines += [*self._gap, segment.raw]
        self._gap = []

    def _unknown(self, line: str, stripped: str) -> None:
        """What is no line of a `.po`: a broken string breaks its message, a conflict marker may not."""
        if stripped.startswith(('"', "msg", "#~")) or not self._is_whole:
            self._damage(line)
        else:
            self.finish()
            self._drop_comments()
            self.chunks.append(line)

    @property
    def _is_whole(self) -> bool:
        """Whether no message is half read."""
        return not self._message or self._message[-1].kind is Kind.MSGSTR

    def _damage(self, line: str) -> None:
        """Give up the message that is being read, with what stands in the lines right below."""
        self._damaged = True
        if self._gap and self._is_whole:
            self.finish()
        self._drop_comments()
        self.chunks.append(_raw(self._message))
        self._message = []
        self._end_gap()
        self.chunks.append(line)

    def _drop_comments(self) -> None:
        self.chunks.append(_raw(self._comments))
        self._comments = []

    def _end_gap(self) -> None:
        self.chunks += self._gap
        self._gap = []


def _raw(parts: Parts) -> str:
    return "".join(part.raw for part in parts)
