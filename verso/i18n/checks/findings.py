"""Findings: what was noticed in a catalog, how much it matters, and the sentence that explains it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from verso.i18n.messages import N_, filled, source_message


class Level(StrEnum):
    """An error keeps an entry (or a file) from being served; the others are advice."""

    ERROR = "error"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed in one file; line and column count from 1."""

    code: str
    line: int = 1
    column: int = 1
    msgid: str | None = None
    context: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return REASONS[self.code][0]

    @property
    def reason(self) -> str:
        """The message that explains it, with placeholders for `variables`."""
        return REASONS[self.code][1]

    @property
    def sentence(self) -> str:
        """The reason in English."""
        return filled(source_message(self.reason), 1, self.reason, self.variables)


E, W, I = Level.ERROR, Level.WARN, Level.INFO  # noqa: E741
REASONS: dict[str, tuple[Level, str]] = {
    # The file.
    "empty-file": (E, N_("The file is empty. The last good state stays in use.")),
    "gone": (E, N_("The file is gone. The last good state stays in use for a while.")),
    "shrunk": (
        E,
        N_(
            "%(missing)s of the %(total)s messages that are shown are missing, so the file counts as "
            "unfinished and its last good state stays in use. If they are gone on purpose, write "
            "“%(header)s” into the header of the file, or run “verso translations accept”."
        ),
    ),
    "cut-off": (
        E,
        N_(
            "The file seems to be cut off here; messages that were shown until now stay in use: "
            "%(missing)s. If they are gone on purpose, write “%(header)s” into the header of the file, "
            "or run “verso translations accept”."
        ),
    ),
    "cut-text": (
        E,
        N_(
            "The last text of the file seems to be cut off here and stays as it was. If it is meant, "
            "run “verso translations accept”."
        ),
    ),
    "too-large": (E, N_("The file has more than %(limit)s MB, and is not read.")),
    "unreadable": (E, N_("The file cannot be read: %(why)s")),
    "not-text": (
        E,
        N_("The file is not UTF-8 text (it looks like %(encoding)s). Save it as UTF-8."),
    ),
    "charset": (W, N_("The header says charset=%(charset)s, but the file is UTF-8.")),
    "plural-header": (
        W,
        N_("The header says nplurals=%(said)s; this language has %(wanted)s. CLDR's rule is used."),
    ),
    # Syntax.
    "not-po": (E, N_("This is not .po syntax: %(line)s")),
    "no-msgid": (E, N_("%(keyword)s stands here without a msgid before it.")),
    "no-msgstr": (E, N_("This message has no %(keyword)s.")),
    "no-string": (E, N_("%(keyword)s must be followed by a text in double quotes.")),
    "twice": (E, N_("%(keyword)s stands here for the second time in this message.")),
    "unterminated": (E, N_("The closing quote is missing on this line.")),
    "inner-quote": (E, N_('A double quote within a text must be written as \\".')),
    "loose-string": (E, N_("This text belongs to no message.")),
    "conflict": (E, N_("A conflict of versions is not resolved here: %(marker)s")),
    "forms-gap": (E, N_("The plural forms are not numbered 0, 1, 2 and so on.")),
    # What an entry would do to a page.
    "duplicate": (E, N_("This message stands in the file twice; the first one counts.")),
    "encoding": (E, N_("This text holds a byte that is not UTF-8.")),
    "forms": (E, N_("There are %(found)s plural forms; this language has %(wanted)s.")),
    "forms-empty": (E, N_("Some plural forms are empty.")),
    "unknown-placeholder": (E, N_("%(token)s is not in the original.")),
    "missing-placeholder": (E, N_("%(token)s is in the original, but not here.")),
    "percent": (
        E,
        N_("A percent sign must be written as %% where the original has placeholders."),
    ),
    "tags": (E, N_("The tags are not those of the original: %(token)s")),
    "script-link": (E, N_("A link must not run a script or carry its content: %(token)s")),
    "foreign-link": (E, N_("The original has no link to this host: %(token)s")),
    "bidi": (E, N_("An invisible character turns the direction of what follows: %(token)s")),
    "control": (E, N_("There is an invisible control character here: %(token)s")),
    # Advice.
    "space-begin": (W, N_("The spaces at the beginning are not those of the original.")),
    "space-end": (W, N_("The spaces at the end are not those of the original.")),
    "newlines": (W, N_("The line breaks at the beginning or end are not those of the original.")),
    "links": (W, N_("The original has %(wanted)s links, this has %(found)s.")),
    "code": (W, N_("The original has %(wanted)s code spans, this has %(found)s.")),
    "max-length": (W, N_("This has %(found)s characters; there is room for %(wanted)s.")),
    "urls": (W, N_("This address is not in the original: %(token)s")),
    "numbers": (W, N_("The numbers are not those of the original: %(token)s")),
    "end-punctuation": (I, N_("The original ends in “%(wanted)s”, this does not.")),
    "unchanged": (I, N_("This is the same as the original.")),
    "doubled-word": (I, N_("A word stands here twice: %(token)s")),
}
ADVICE = frozenset(code for code, (level, _) in REASONS.items() if level is not Level.ERROR)
