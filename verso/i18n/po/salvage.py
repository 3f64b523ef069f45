"""Reading a broken `.po`: every whole entry is kept, every mistake gets its place and a reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from verso.i18n.po.syntax import Entry, Mistake, flags_of, unescaped

# More than this is not a mistake but another kind of file.
MAX_MISTAKES = 200
_KEYWORD = re.compile(r'[ \t]*(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,3})\])?[ \t]*(".*|)')
_STRINGS = re.compile(r'(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[ \t]*+)++')
_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
# A quote that is not escaped, at the end.
_CLOSING = re.compile(r'(?<!\\)(?:\\\\)*"$')
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: |$)")


@dataclass(slots=True)
class _Draft:
    """An entry while its lines are read."""

    start: int
    comments: str
    parts: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[int, list[str]] = field(default_factory=dict)
    is_damaged: bool = False

    def text(self, name: str) -> str | None:
        return "".join(self.parts[name]) if name in self.parts else None


class _Salvage:
    """The state of reading: the comments before an entry, the entry, and what its strings go to."""

    def __init__(self, text: str) -> None:
        # A conflict that is never closed ends where it begins.
        self._last_end = text.rfind("\n>>>>>>>")
        self.entries: list[Entry] = []
        self.mistakes: list[Mistake] = []
        self.comments: list[str] = []
        self.draft: _Draft | None = None
        self.target: list[str] | None = None
        self.in_conflict = False

    def line(self, line: str, at: int) -> None:
        stripped = line.strip(" \t")
        if not stripped or stripped.startswith("#"):
            self.finish(at)
            if stripped:
                self.comments.append(line)
        elif stripped.startswith('"'):
            self.string(stripped, at + line.index('"'))
        elif _CONFLICT.match(line):
            self.conflict(line, at)
        elif found := _KEYWORD.fullmatch(line):
            self.keyword(found, at)
        else:
            self.mistake("not-po", at + len(line) - len(line.lstrip()), line=stripped[:40])
            self.damage()

    def keyword(self, found: re.Match[str], at: int) -> None:
        name, index, rest = found[1], found[2], found[3]
        if self.starts_entry(name):
            self.finish(at)
            self.draft = _Draft(at, "\n".join(self.comments), is_damaged=self.in_conflict)
            self.comments = []
        if self.draft is None:
            self.mistake("no-msgid", at + found.start(1), keyword=name)
            self.draft = _Draft(at, "", is_damaged=True)
            self.comments = []
        self.target = self.place_for(self.draft, name, index, at + found.start(1))
        if rest:
            self.string(rest.rstrip(" \t"), at + found.start(3))
        else:
            self.mistake("no-string", at + found.start(1), keyword=name)
            self.draft.is_damaged = True

    def starts_entry(self, name: str) -> bool:
        draft = self.draft
        if name == "msgctxt":
            return True
        return name == "msgid" and (draft is None or "msgid" in draft.parts or bool(draft.forms))

    def place_for(self, draft: _Draft, name: str, index: str | None, at: int) -> list[str]:
        """Where the strings of a keyword go; a keyword for the second time damages its entry."""
        if name != "msgstr":
            is_known = name in draft.parts
            place = draft.parts.setdefault(name, [])
        else:
            number = int(index) if index else 0
            is_known = number in draft.forms
            place = draft.forms.setdefault(number, [])
        if is_known:
            self.mistake("twice", at, keyword=name)
            draft.is_damaged = True
        return place

    def string(self, text: str, at: int) -> None:
        if not _STRINGS.fullmatch(text):
            closed = len(text) > 1 and _CLOSING.search(text)
            self.mistake("inner-quote" if closed else "unterminated", at)
            self.damage()
        elif self.target is None or self.draft is None:
            self.mistake("loose-string", at)
        else:
            self.target.append("".join(unescaped(part) for part in _STRING.findall(text)))

    def conflict(self, line: str, at: int) -> None:
        """Both sides of a conflict are left out: nobody has said which one is meant."""
        self.damage()
        self.mistake("conflict", at, marker=line[:7])
        self.finish(at)
        is_open = line.startswith("<") or self.in_conflict
        self.in_conflict = is_open and not line.startswith(">") and at < self._last_end

    def damage(self) -> None:
        if self.draft is not None:
            self.draft.is_damaged = True

    def finish(self, end: int) -> None:
        """Take the entry that ends here, if it is whole."""
        draft, self.draft, self.target = self.draft, None, None
        if draft is None or draft.is_damaged:
            return
        msgid, numbers = draft.text("msgid"), sorted(draft.forms)
        self.draft = draft
        if msgid is None or not numbers:
            self.mistake(
                "no-msgid" if msgid is None else "no-msgstr", draft.start, keyword="msgstr"
            )
        elif (
            numbers[0]
            or len(numbers) > 1
            and (numbers[-1] >= len(numbers) or "msgid_plural" not in draft.parts)
        ):
            self.mistake("forms-gap", draft.start)
        else:
            forms = tuple("".join(draft.forms[number]) for number in numbers)
            flags = flags_of(draft.comments)
            context, plural = draft.text("msgctxt"), draft.text("msgid_plural")
            self.entries.append(Entry(context, msgid, plural, forms, flags, draft.start, end))
        self.draft = None

    def mistake(self, code: str, at: int, **variables: str) -> None:
        if len(self.mistakes) < MAX_MISTAKES:
            msgid = self.draft.text("msgid") if self.draft else None
            context = self.draft.text("msgctxt") if self.draft else None
            self.mistakes.append(Mistake(code, at, msgid, context, variables))


def salvage(text: str) -> tuple[list[Entry], list[Mistake]]:
    """The whole entries of a text, and its first MAX_MISTAKES mistakes; it never fails."""
    state = _Salvage(text)
    for at, line in _lines(text):
        state.line(line, at)
    state.finish(len(text))
    return state.entries, state.mistakes


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1
