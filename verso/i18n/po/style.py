"""How a file is written: what its edits follow, so that nobody sees that a program made them."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from verso.i18n.po import charset
from verso.i18n.po.parts import Kind, Part, keyword, prefix
from verso.i18n.po.wrapping import Sample, Wrapping, find_wrapping

# GNU gettext breaks lines of references here, whatever it does with strings.
REFERENCES_WIDTH = 79
# A line of more characters is broken, or shows that lines are not.
LONG = 70
SAMPLES = 40


class Style:
    """Charset, line end, and what is found out when something is first edited: how lines break."""

    def __init__(
        self,
        charset: str,
        newline: str,
        parts: Callable[[], Iterable[Part]],
        wrapping: Wrapping | None = None,
    ) -> None:
        self.charset = charset
        self.newline = newline
        self._parts = parts
        self._given = wrapping

    def wrapping(self, kind: Kind) -> Wrapping:
        """How strings are broken into lines: translations perhaps by another tool than messages."""
        return self._translations if kind is Kind.MSGSTR else self._messages

    @cached_property
    def _translations(self) -> Wrapping:
        telling = [part for part in self._telling() if part.kind is Kind.MSGSTR]
        return self._find(telling or self._telling())

    @cached_property
    def _messages(self) -> Wrapping:
        telling = [part for part in self._telling() if part.kind is not Kind.MSGSTR]
        return self._find(telling or self._telling())

    def _telling(self) -> list[Part]:
        """The parts whose lines say something about where lines are broken."""
        parts = (part for part in self._parts() if part.has_text)
        return [part for part in parts if len(part.lines) > 1 or len(part.lines[0]) > LONG]

    def _find(self, parts: Sequence[Part]) -> Wrapping:
        if self._given is not None:
            return self._given
        return find_wrapping([self._sample(part) for part in parts[:: len(parts) // SAMPLES + 1]])

    @cached_property
    def shares_lines(self) -> bool:
        """Whether a line may hold several references."""
        references = (part for part in self._parts() if part.kind is Kind.REFERENCES)
        return any(" " in part.comment for part in references)

    def _sample(self, part: Part) -> Sample:
        mark = prefix(part.kind, obsolete=part.raw.startswith("#~"))
        lines = [line.rstrip() for line in part.lines]
        return Sample(keyword(part.kind, part.index), part.text(self.charset), mark, lines)

    def check(self, text: str) -> None:
        """Raise charset.Unwritable for a text that this file cannot hold."""
        charset.check(text, self.charset)

    def part(self, kind: Kind, text: str, index: int | None = None, *, obsolete: bool) -> Part:
        """A keyword with a text."""
        self.check(text)
        mark = prefix(kind, obsolete=obsolete)
        lines = self.wrapping(kind).lines(keyword(kind, index), text, mark)
        return Part(kind, [line + self.newline for line in lines], index)

    def comments(self, kind: Kind, texts: Sequence[str]) -> list[Part]:
        """Comment lines, one for each text, in which no line ends."""
        sign = {Kind.EXTRACTED: "#.", Kind.REFERENCES: "#:", Kind.FLAGS: "#,"}.get(kind, "#")
        for text in texts:
            self.check(text)
        lines = (f"{sign} {' '.join(text.split())}".rstrip() for text in texts)
        return [Part(kind, [line + self.newline]) for line in lines]

    def references(self, places: Sequence[str]) -> list[Part]:
        """Lines of references: one each, or as many as fit, as in the rest of the file."""
        lines: list[str] = []
        for place in places:
            shown = f"\u2068{place}\u2069" if " " in place else place
            fits = lines and len(lines[-1]) + len(shown) + 4 <= REFERENCES_WIDTH
            if self.shares_lines and fits:
                lines[-1] += " " + shown
            else:
                lines.append(shown)
        return self.comments(Kind.REFERENCES, lines)
