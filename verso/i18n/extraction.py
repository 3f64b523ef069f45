"""Extraction: the messages of the package's Python and templates, and the template `messages.pot`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verso.i18n.calls import Found, Mistaken, find_in_python, find_in_template
from verso.i18n.messages import PLACEHOLDER
from verso.i18n.po.document import Document
from verso.i18n.po.entry import Source
from verso.i18n.po.wrapping import UNWRAPPED

PACKAGE = Path(__file__).parents[1]
PYTHON_FORMAT = "python-format"
_TEMPLATES = (".html", ".xml", ".txt")
# Nothing in it changes by itself, or each run would change the file.
_HEADER = {
    "Project-Id-Version": "verso",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
}


class ExtractionFailed(ValueError):
    """Files that cannot be read, or messages that no translator could find; one line for each."""


@dataclass(frozen=True, slots=True)
class TemplateMessage:
    """A message of the code: references are files, sorted, comments are for translators."""

    source: Source
    references: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str | None, str]:
        return self.source[:2]

    @property
    def flags(self) -> tuple[str, ...]:
        """`python-format` if it has placeholders; all other messages are text, with `%` as itself."""
        texts = (self.source.msgid, self.source.plural or "")
        return (PYTHON_FORMAT,) if any(map(PLACEHOLDER.search, texts)) else ()


@dataclass(slots=True)
class _Gathered:
    plural: str | None = None
    plural_at: str = ""
    references: set[str] = field(default_factory=set)
    comments: dict[str, None] = field(default_factory=dict)


def extract(package: Path = PACKAGE) -> list[TemplateMessage]:
    """The messages of a package, sorted by msgid and context.

    Raises ExtractionFailed with a line for everything that is wrong, in any file.
    """
    gathered: dict[tuple[str | None, str], _Gathered] = {}
    mistakes: list[str] = []
    for file in _files(package):
        name = file.relative_to(package.parent).as_posix()
        find = find_in_python if file.suffix == ".py" else find_in_template
        try:
            found = find(file.read_bytes())
        except Mistaken as error:
            mistakes += [f"{name}:{line}: {reason}" for line, reason in error.mistakes]
            continue
        mistakes += [mistake for one in found if (mistake := _gather(gathered, one, name))]
    if mistakes:
        raise ExtractionFailed("\n".join(mistakes))
    messages = [
        TemplateMessage(Source(*key, it.plural), tuple(sorted(it.references)), tuple(it.comments))
        for key, it in gathered.items()
    ]
    return sorted(
        messages, key=lambda message: (message.source.msgid, message.source.context or "")
    )


def template_of(messages: Iterable[TemplateMessage]) -> Document:
    """The template: every message, untranslated."""
    document = Document(wrapping=UNWRAPPED)
    for name, value in _HEADER.items():
        document.set_header(name, value)
    for message in messages:
        entry = document.add(message.source, ("",) * (1 if message.source.plural is None else 2))
        entry.references = message.references
        entry.extracted = message.comments
        entry.flags = message.flags
    return document


def messages_of(template: Document) -> list[TemplateMessage]:
    """The messages of a template that was read."""
    return [
        TemplateMessage(entry.source, entry.references, entry.extracted)
        for entry in template.entries
        if not entry.obsolete
    ]


def _files(package: Path) -> Iterator[Path]:
    yield from sorted(package.rglob("*.py"))
    templates: Sequence[Path] = sorted((package / "templates").rglob("*"))
    yield from (file for file in templates if file.suffix in _TEMPLATES)


def _gather(
    gathered: dict[tuple[str | None, str], _Gathered], found: Found, file: str
) -> str | None:
    """Add a place to a message; a sentence if another place gives it another plural."""
    message = gathered.setdefault(found.source[:2], _Gathered())
    message.references.add(file)
    message.comments.update(dict.fromkeys(found.comments))
    plural = found.source.plural
    if plural is not None:
        if message.plural not in (None, plural):
            return (
                f"{file}:{found.line}: {found.source.msgid!r} has the plural {plural!r} here and "
                f"{message.plural!r} at {message.plural_at}: make them one, or set them apart by context."
            )
        message.plural, message.plural_at = plural, f"{file}:{found.line}"
    return None
