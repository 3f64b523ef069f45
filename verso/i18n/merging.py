"""Bringing a catalog up to date with the template, without losing a word that somebody translated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verso.i18n.extraction import PACKAGE, PYTHON_FORMAT, TemplateMessage
from verso.i18n.plurals import form_count, form_counts
from verso.i18n.po.document import Document
from verso.i18n.po.entry import Entry, Source
from verso.i18n.po.fuzzy import pair
from verso.i18n.po.header import count_of_forms

Key = tuple[str | None, str]
# Flags that the code decides, and nobody who translates.
_OF_CODE = {PYTHON_FORMAT, "python-brace-format"}


@dataclass(slots=True)
class Merged:
    """What a merge did: messages of the template, and how many are new, in doubt, out of use, back.

    `own` are the messages that only the site has.
    """

    messages: int = 0
    new: int = 0
    fuzzy: int = 0
    obsolete: int = 0
    revived: int = 0
    own: int = 0


def merge(
    document: Document,
    template: Sequence[TemplateMessage],
    locale: str,
    *,
    complete: bool = True,
    keeps_own: bool = False,
) -> Merged:
    """Give a locale's document the messages of the template; a second time changes nothing.

    What vanished stays as obsolete and comes back with its message; what was reworded keeps its
    translation, fuzzy, with the old wording beside it. Unless it is to be complete, a document gets
    none that it never had: one that overlays a few messages stays small. A file that `keeps_own` is
    a site's: a message without a reference to the package alone is the site's own and stays as it
    is, and so does what the site has made obsolete.
    """
    merge = _Merge(document, locale, keeps_own=keeps_own)
    return merge.run(template, complete=complete)


class _Merge:
    def __init__(self, document: Document, locale: str, *, keeps_own: bool) -> None:
        self._document = document
        self._keeps_own = keeps_own
        self._forms = _count_of_forms(document, locale)
        self._in_use: dict[Key, Entry] = {}
        self._retired: dict[Key, Entry] = {}
        for entry in document.entries:
            entries = self._retired if entry.obsolete else self._in_use
            entries.setdefault(entry.source[:2], entry)
        self.done = Merged()

    def run(self, template: Sequence[TemplateMessage], *, complete: bool) -> Merged:
        asked = {message.key for message in template}
        unasked = [entry for key, entry in self._in_use.items() if key not in asked]
        vanished = [entry for entry in unasked if not self._is_own(entry)]
        self.done.own = len(unasked) - len(vanished)
        reworded = self._find_reworded(template, self._sources(vanished, asked))
        after = self._document.header
        for message in template:
            entry = self._entry(message, reworded, after)
            if entry is None and complete:
                forms = ("",) * (1 if message.source.plural is None else self._forms)
                entry = self._document.add(message.source, forms, after)
                self.done.new += 1
            if entry is not None:
                self._describe(entry, message)
                after = entry
        adopted = {id(entry) for entry in reworded.values()}
        self._retire(entry for entry in vanished if id(entry) not in adopted)
        return self.done

    def _is_own(self, entry: Entry) -> bool:
        """Whether a message is the site's, and not one that the package had."""
        references = entry.references
        is_packages = bool(references) and all(map(_is_of_package, references))
        return self._keeps_own and not is_packages

    def _sources(self, vanished: Sequence[Entry], asked: set[Key]) -> list[Entry]:
        """The entries out of use whose translation may serve a reworded message."""
        if self._keeps_own:
            # An obsolete entry has no references any more: it may be the site's own.
            return [entry for entry in vanished if any(entry.forms)]
        retired = [entry for key, entry in self._retired.items() if key not in asked]
        return [entry for entry in (*vanished, *retired) if any(entry.forms)]

    def _find_reworded(
        self, template: Sequence[TemplateMessage], sources: Sequence[Entry]
    ) -> dict[Key, Entry]:
        """The new messages that an old one out of use was most likely made into, by context."""
        old: dict[str | None, list[Entry]] = defaultdict(list)
        new: dict[str | None, list[str]] = defaultdict(list)
        for entry in sources:
            old[entry.context].append(entry)
        known = self._in_use.keys() | self._retired.keys()
        for message in template:
            if message.key not in known:
                new[message.source.context].append(message.source.msgid)
        return {
            (context, new[context][number]): old[context][place]
            for context in new
            for number, place in pair([one.msgid for one in old[context]], new[context]).items()
        }

    def _entry(
        self, message: TemplateMessage, reworded: dict[Key, Entry], after: Entry | None
    ) -> Entry | None:
        """The entry of a message, brought back or made of an old one if there is such; else None."""
        key = message.key
        if entry := self._in_use.get(key):
            return entry
        entry = self._retired.get(key)
        self.done.revived += entry is not None
        entry = entry or reworded.get(key)
        if entry is not None:
            self._document.revive(entry, after)
        return entry

    def _describe(self, entry: Entry, message: TemplateMessage) -> None:
        self.done.messages += 1
        if entry.source != message.source:
            self._reword(entry, message.source)
        entry.references = (*message.references, *self._own_references(entry))
        entry.extracted = message.comments
        own = [flag for flag in entry.flags if flag not in _OF_CODE]
        entry.flags = [*own, *(flag for flag in message.flags if f"no-{flag}" not in own)]

    def _own_references(self, entry: Entry) -> list[str]:
        """The references to files of the site, which the template cannot know."""
        return [one for one in entry.references if self._keeps_own and not _is_of_package(one)]

    def _reword(self, entry: Entry, source: Source) -> None:
        """Give an entry its new wording; what was translated is then in doubt, with the old beside it."""
        before = (entry.fuzzy and entry.previous) or entry.source
        forms = entry.forms
        entry.source = source
        entry.forms = self._fitted(entry, forms)
        if any(forms):
            entry.fuzzy = True
            entry.previous = before if before != source else None
            self.done.fuzzy += 1

    def _fitted(self, entry: Entry, forms: Sequence[str]) -> Sequence[str]:
        """As many forms as the entry now takes; what has no place is kept in its comment."""
        if entry.plural is not None:
            return [*forms, *[forms[-1]] * (self._forms - len(forms))]
        kept = next(filter(None, forms), "")
        lost = (form for form in dict.fromkeys(forms) if form and form != kept)
        entry.translator = (*entry.translator, *(f"Another form was: {form}" for form in lost))
        return [kept]

    def _retire(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if any(entry.forms) or entry.translator:
                self._document.retire(entry)
                self.done.obsolete += 1
            else:
                self._document.remove(entry)


def _is_of_package(reference: str) -> bool:
    return reference.startswith(f"{PACKAGE.name}/")


def _count_of_forms(document: Document, locale: str) -> int:
    """As many plural forms as the file says that it has, if CLDR agrees; else CLDR's number."""
    count = count_of_forms(document)
    return count if count in form_counts(locale) else form_count(locale)
