"""One entry of a `.po` file: its texts and comments, and edits that rewrite only what they change."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from verso.i18n.po.parts import Kind, Part
from verso.i18n.po.quoting import escape, unquote
from verso.i18n.po.style import Style

FUZZY = "fuzzy"
_PLACE = re.compile("\u2068[^\u2069]*\u2069\\S*|\\S+")
_SOURCE = (Kind.CONTEXT, Kind.MSGID, Kind.PLURAL)
_PREVIOUS = (Kind.PREVIOUS_CONTEXT, Kind.PREVIOUS_MSGID, Kind.PREVIOUS_PLURAL)


class Source(NamedTuple):
    """What is translated: an entry's own, or in `#|` comments what it was translated from."""

    context: str | None
    msgid: str
    plural: str | None = None


class Entry:
    """A message with its translation; every property that can be set changes its own lines only.

    line is where the entry begins in the file that was read, comments included; 0 in an added one.
    """

    __slots__ = ("_parts", "_style", "line")

    def __init__(self, parts: list[Part], style: Style, line: int = 0) -> None:
        self._parts = parts
        self._style = style
        self.line = line

    def __repr__(self) -> str:
        return f"<Entry {self.context!r} {self.msgid!r} at line {self.line}>"

    @property
    def parts(self) -> Sequence[Part]:
        return self._parts

    @property
    def raw(self) -> str:
        return "".join([line for part in self._parts for line in part.lines])

    @property
    def is_header(self) -> bool:
        return not self.msgid and self.context is None and not self.obsolete

    @property
    def msgstr_line(self) -> int:
        """Where the translation begins."""
        before = self._parts[: self._parts.index(self._all(Kind.MSGSTR)[0])]
        return self.line + sum(
            line.endswith(("\n", "\r")) for part in before for line in part.lines
        )

    @property
    def context(self) -> str | None:
        return self._text(Kind.CONTEXT)

    @property
    def msgid(self) -> str:
        return self._text(Kind.MSGID) or ""

    @property
    def plural(self) -> str | None:
        return self._text(Kind.PLURAL)

    @property
    def source(self) -> Source:
        return Source(self.context, self.msgid, self.plural)

    @source.setter
    def source(self, source: Source) -> None:
        """Give the entry another msgid. Forms stay; set as many as there then are."""
        had_plural = self.plural is not None
        for kind, text in zip(_SOURCE, source, strict=True):
            self._set_text(kind, text)
        if had_plural != (source.plural is not None):
            forms = self.forms
            self._replace(Kind.MSGSTR, [])
            self._write_forms(forms if source.plural is not None else forms[:1])

    @property
    def previous(self) -> Source | None:
        """What the translation was made for, if that was something else."""
        context, msgid, plural = (self._text(kind) for kind in _PREVIOUS)
        if msgid is None and context is None and plural is None:
            return None
        return Source(context, msgid or "", plural)

    @previous.setter
    def previous(self, source: Source | None) -> None:
        if source != self.previous:
            for kind, text in zip(_PREVIOUS, source or (None, None, None), strict=True):
                self._set_text(kind, text)

    @property
    def forms(self) -> tuple[str, ...]:
        """The translation: one text, or one for each plural form."""
        return tuple(part.text(self._style.charset) for part in self._all(Kind.MSGSTR))

    @forms.setter
    def forms(self, forms: Sequence[str]) -> None:
        if not forms or (self.plural is None and len(forms) != 1):
            wanted = "one text" if self.plural is None else "at least one plural form"
            raise ValueError(f"{self.msgid!r} takes {wanted}, not {len(forms)}.")
        self._write_forms(forms)

    @property
    def msgstr(self) -> str:
        """The translation, or its first form."""
        return self.forms[0]

    @msgstr.setter
    def msgstr(self, text: str) -> None:
        self.forms = (text, *self.forms[1:])

    @property
    def is_translated(self) -> bool:
        """Whether every form has words and none is in doubt."""
        return all(self.forms) and not self.fuzzy

    @property
    def flags(self) -> tuple[str, ...]:
        found = (flag for part in self._all(Kind.FLAGS) for flag in part.flags)
        return tuple(dict.fromkeys(found))

    @flags.setter
    def flags(self, flags: Iterable[str]) -> None:
        """Set the flags; those that were there stay where they are, and `fuzzy` comes first."""
        wanted, before = dict.fromkeys(flags), self.flags
        for part in self._all(Kind.FLAGS):
            self._keep_flags(part, wanted)
        added = [flag for flag in wanted if flag not in before]
        if not added:
            return
        if not (lines := self._all(Kind.FLAGS)):
            self._insert(self._style.comments(Kind.FLAGS, [", ".join(added)])[0])
            return
        first = [FUZZY] * (FUZZY in added)
        last = [flag for flag in added if flag != FUZZY]
        lines[0].flags = [*first, *lines[0].flags, *last]

    @property
    def fuzzy(self) -> bool:
        return FUZZY in self.flags

    @fuzzy.setter
    def fuzzy(self, fuzzy: bool) -> None:
        others = [flag for flag in self.flags if flag != FUZZY]
        self.flags = [FUZZY, *others] if fuzzy else others

    @property
    def references(self) -> tuple[str, ...]:
        """Where the message is used: files, with a line number where the file has one."""
        lines = (part.comment for part in self._all(Kind.REFERENCES))
        found = (place for line in lines for place in _PLACE.findall(line))
        return tuple(re.sub("[\u2068\u2069]", "", place) for place in found)

    @references.setter
    def references(self, places: Sequence[str]) -> None:
        if tuple(places) != self.references:
            self._replace(Kind.REFERENCES, self._style.references(places))

    @property
    def extracted(self) -> tuple[str, ...]:
        """The lines of the programmer's comment."""
        return self._comments(Kind.EXTRACTED)

    @extracted.setter
    def extracted(self, lines: Sequence[str]) -> None:
        if tuple(lines) != self.extracted:
            self._replace(Kind.EXTRACTED, self._style.comments(Kind.EXTRACTED, lines))

    @property
    def translator(self) -> tuple[str, ...]:
        """The lines of the translators' own comment."""
        return self._comments(Kind.COMMENT)

    @translator.setter
    def translator(self, lines: Sequence[str]) -> None:
        if tuple(lines) != self.translator:
            self._replace(Kind.COMMENT, self._style.comments(Kind.COMMENT, lines))

    @property
    def obsolete(self) -> bool:
        part = next(part for part in self._parts if part.kind >= Kind.CONTEXT)
        return part.lines[0].lstrip().startswith("#~")

    @obsolete.setter
    def obsolete(self, obsolete: bool) -> None:
        """Comment the message out (it then is used nowhere and has no references), or bring it back."""
        if obsolete == self.obsolete:
            return
        if obsolete:
            self.references = self.extracted = ()
        is_line_start = True
        for part in self._parts:
            if obsolete:
                part.mark_obsolete(at_line_start=is_line_start)
            else:
                part.unmark_obsolete()
            is_line_start = part.ends_line

    def replace_line(self, pattern: re.Pattern[str], line: str) -> bool:
        """Put a line into the translation for the one that fits; False if none does by itself."""
        self._style.check(line)
        for part in self._all(Kind.MSGSTR):
            for number, raw in enumerate(part.lines[1:], 1):
                if pattern.fullmatch(unquote(raw, self._style.charset)):
                    part.lines[number] = f'"{escape(line)}"{raw[len(raw.rstrip()) :]}'
                    return True
        return False

    def end_line(self) -> None:
        """Let nothing follow on the entry's last line."""
        self._end_line(self._parts[-1:])

    def _all(self, kind: Kind) -> list[Part]:
        return [part for part in self._parts if part.kind is kind]

    def _text(self, kind: Kind) -> str | None:
        for part in self._parts:
            if part.kind is kind:
                return part.text(self._style.charset)
        return None

    def _comments(self, kind: Kind) -> tuple[str, ...]:
        return tuple(part.comment for part in self._all(kind))

    def _write_forms(self, forms: Sequence[str]) -> None:
        found = self._all(Kind.MSGSTR)
        for part in found[len(forms) :]:
            self._parts.remove(part)
        for index, form in enumerate(forms):
            self._set_text(Kind.MSGSTR, form, None if self.plural is None else index)

    def _set_text(self, kind: Kind, text: str | None, index: int | None = None) -> None:
        part = next((part for part in self._all(kind) if part.index == index), None)
        if text is None:
            if part is not None:
                self._parts.remove(part)
        elif part is None:
            self._insert(self._style.part(kind, text, index, obsolete=self.obsolete))
        elif part.text(self._style.charset) != text:
            fresh = self._style.part(kind, text, index, obsolete=self.obsolete)
            end = part.raw[len(part.raw.rstrip()) :]
            part.lines = [*fresh.lines[:-1], fresh.lines[-1].rstrip("\r\n") + end]

    def _keep_flags(self, part: Part, wanted: Iterable[str]) -> None:
        kept = [flag for flag in part.flags if flag in wanted]
        if kept and kept != part.flags:
            part.flags = kept
        elif not kept and part.flags:
            self._parts.remove(part)

    def _replace(self, kind: Kind, fresh: Sequence[Part]) -> None:
        """Put other parts of a kind where the first of them stands."""
        old = self._all(kind)
        place = self._parts.index(old[0]) if old else self._place(kind)
        self._parts = [part for part in self._parts if part.kind is not kind]
        self._parts[place:place] = fresh

    def _insert(self, part: Part) -> None:
        place = self._place(part.kind)
        self._end_line(self._parts[place - 1 : place])
        self._parts.insert(place, part)

    def _end_line(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if not part.ends_line:
                part.lines[-1] += self._style.newline

    def _place(self, kind: Kind) -> int:
        """Behind the last part that comes before or with this kind."""
        places = [number for number, part in enumerate(self._parts, 1) if 0 < part.kind <= kind]
        return max(places, default=0)
