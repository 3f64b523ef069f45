"""The contents of one `.po` file: what of it can be served, and everything noticed about the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from verso.i18n.checks.findings import Finding
from verso.i18n.checks.places import about_entry, about_header, about_mistake
from verso.i18n.checks.refusals import Refusal, is_exotic, is_plain, refusals
from verso.i18n.messages import Message, message_of, only
from verso.i18n.po.decoding import NotText, decode
from verso.i18n.po.ending import NO_ENDING, Ending, declared_messages, ending_of
from verso.i18n.po.reading import normalized, obsolete_keys, read
from verso.i18n.po.syntax import Entry

# A catalog of this many bytes has some 50,000 messages.
MAX_BYTES = 8 * 1024 * 1024
MAX_FINDINGS = 500
_EMPTY = Refusal("forms-empty", "", {})
_DUPLICATE = Refusal("duplicate", "", {})


@dataclass(frozen=True, slots=True)
class Contents:
    """What one version of one file says, in one language; everything by the key of a message."""

    messages: dict[str, Message]
    # The entries of `messages` as they were read, to be kept when a later version is broken.
    entries: dict[str, Entry]
    findings: tuple[Finding, ...]
    # All that the file names, and what of that was refused.
    named: frozenset[str]
    refused: frozenset[str]
    fuzzy: int
    # Whether the file has no mistake of syntax in it.
    is_whole: bool
    # What it names in `#~` comments: these messages are missing on purpose.
    obsolete: frozenset[str] = frozenset()
    # How many messages its header says that it has, and where it ends.
    declared: int | None = None
    ending: Ending = NO_ENDING

    @property
    def is_readable(self) -> bool:
        """Whether it names any message, or is a whole catalog without one."""
        return self.is_whole or bool(self.named)

    @property
    def is_as_declared(self) -> bool:
        """Whether the file is whole by its own word: it has as many messages as its header says."""
        return self.is_whole and self.declared == len(self.named)


def unusable(code: str, **variables: object) -> Contents:
    """The contents of a file that cannot be read at all."""
    finding = Finding(code, variables=variables)
    return Contents({}, {}, (finding,), frozenset(), frozenset(), 0, False)


NOTHING = unusable("gone")


def read_contents(data: bytes, locale: str) -> Contents:
    """Read, check and prepare a file in one go; it never fails, whatever the bytes are."""
    if len(data) > MAX_BYTES:
        return unusable("too-large", limit=MAX_BYTES // 1024**2)
    if not data.strip():
        return unusable("empty-file")
    try:
        decoded = decode(data)
    except NotText as error:
        return unusable("not-text", encoding=error.encoding)
    text = normalized(decoded.text)
    entries, mistakes = read(text)
    findings = [about_mistake(mistake, text) for mistake in mistakes]
    findings += about_header(entries, decoded, locale, text)
    prepared = _prepared(entries, locale, text, findings, is_whole=not mistakes)
    return replace(
        prepared,
        obsolete=obsolete_keys(text),
        declared=declared_messages(entries),
        ending=ending_of(entries, decoded.text),
    )


def from_entries(entries: Iterable[Entry], locale: str) -> Contents:
    """The contents of entries that were kept from an earlier version."""
    return _prepared(entries, locale, "", [], is_whole=True)


def _prepared(
    entries: Iterable[Entry], locale: str, text: str, findings: list[Finding], *, is_whole: bool
) -> Contents:
    messages: dict[str, Message] = {}
    served: dict[str, Entry] = {}
    named, refused, fuzzy = set(), set(), 0
    exotic = is_exotic(text) or not text
    for entry in entries:
        key = entry.key
        if not key:
            continue
        is_translated = entry.is_translated
        # Nearly all entries are mere words, and most of the time goes into them.
        if is_translated and not exotic and is_plain(entry) and key not in named:
            named.add(key)
            served[key] = entry
            messages[key] = Message(entry.forms, only, False, locale)
            continue
        if key in named:
            reasons = [_DUPLICATE]
        elif is_translated:
            reasons = refusals(entry, locale, exotic=exotic)
        else:
            fuzzy += "fuzzy" in entry.flags
            reasons = [_EMPTY] if any(entry.forms) and "fuzzy" not in entry.flags else []
        if reasons:
            room = max(MAX_FINDINGS - len(findings), 0)
            findings += (about_entry(entry, reason, text) for reason in reasons[:room])
            if key not in named:
                refused.add(key)
        elif is_translated:
            served[key] = entry
            messages[key] = message_of(entry.msgid, entry.plural, entry.forms, locale)
        named.add(key)
    kept = tuple(findings[:MAX_FINDINGS])
    return Contents(messages, served, kept, frozenset(named), frozenset(refused), fuzzy, is_whole)
