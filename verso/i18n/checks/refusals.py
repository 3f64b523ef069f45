"""What keeps an entry from being served: whatever could break a page or endanger its reader."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from verso.i18n.messages import PLACEHOLDER, TAG
from verso.i18n.plurals import form_count, form_counts
from verso.i18n.po.syntax import Entry

# An entry with none of these, in a file with no exotic character, can only have wrong plural forms.
_EXOTIC = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd\ufffe\uffff]")
# What placeholders, tags, braces and links are made of.
_SIGN = re.compile(r"[%<{:/\\]").search
_ESCAPED = re.compile(r"\\[0-7xabfvr]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_PERCENT = re.compile(r"%(?:%|\(\w{1,60}+\)[#0\- +]*+\d*+(?:\.\d++)?+[a-zA-Z])|(%)")
# What a plural may add to its singular: a name as such, of no width.
_SIMPLE = re.compile(r"%\(\w+\)[sd]")
_BRACES = re.compile(r"\{[^{}\s]*\}")
# With a host in it: `https://` alone leads nowhere, and CJK text follows it without a space.
_LINK = re.compile(
    r"(?:\b[a-zA-Z][a-zA-Z0-9+.\-]{0,20}+:)?//(?:[^\s/@]*+@)?"
    r"(?:[\w\-]+(?:\.[\w\-]+)+|\d{4,}|\[[0-9a-fA-F:.]+\])"
    r"[^\s<>\"')\]\u200e\u200f\u2066-\u2069]*"
)
_SCRIPT = re.compile(
    r"\b(?:(?:javascript|vbscript)\s*:(?!\s)|data\s*:\s*(?:[\w.+\-]{1,40}/[\w.+\-]{1,40})?[;,])",
    re.IGNORECASE,
)
_OTHER_MARKUP = re.compile(r"<[a-zA-Z/!?][^<]{0,40}")
_ANY_SIGN = re.compile(r"<[^<]{0,40}")
_OVERRIDES = "\u202d\u202e"
# Embeddings and isolates, and what ends each.
_CLOSED_BY = {
    **dict.fromkeys("\u202a\u202b", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
_CLOSING = frozenset(_CLOSED_BY.values())


class Refusal(NamedTuple):
    """Why an entry is not served, and the piece of text that is to blame."""

    code: str
    token: str
    variables: Mapping[str, Any]


def is_exotic(text: str) -> bool:
    """Whether a whole file holds, as such or escaped, any character that an entry must not have."""
    return bool(_EXOTIC.search(text) or ("\\" in text and _ESCAPED.search(text)))


def is_plain(entry: Entry) -> bool:
    """Whether an entry without exotic characters is mere words: there is nothing to refuse in it."""
    forms = entry.forms
    return entry.plural is None and len(forms) == 1 and not (_SIGN(entry.msgid) or _SIGN(forms[0]))


def refusals(entry: Entry, locale: str, *, exotic: bool = True) -> list[Refusal]:
    """All reasons not to serve a translated entry; none for nearly every entry, quickly.

    `exotic` is what `is_exotic` says of the file: characters are looked at only where it is true.
    """
    # Measured by the msgid alone, which the code asks for: the plural beside it is the file's own.
    found: list[Refusal] = []
    if entry.plural is not None or len(entry.forms) > 1:
        found += _of_forms(entry, locale)
    if exotic:
        found += [refusal for form in entry.forms for refusal in _characters(form, entry.msgid)]
    if _is_suspect(entry):
        for form in entry.forms:
            found += _of_text(form, entry)
    return found


def _is_suspect(entry: Entry) -> bool:
    for text in (entry.msgid, *entry.forms):
        if "%" in text or "<" in text or "{" in text or "//" in text or "\\" in text:
            return True
        if ":" in text and _SCRIPT.search(text):
            return True
    return entry.plural is not None and "%" in entry.plural


def _of_forms(entry: Entry, locale: str) -> Iterator[Refusal]:
    expected = form_count(locale) if entry.plural is not None else 1
    counts = form_counts(locale) if entry.plural is not None else (1,)
    if len(entry.forms) not in counts:
        yield Refusal("forms", "", {"found": len(entry.forms), "wanted": expected})


def _of_text(form: str, entry: Entry) -> Iterator[Refusal]:
    source = entry.msgid
    if "%" in form or "%" in source or (entry.plural and "%" in entry.plural):
        yield from _placeholders(form, entry)
    if "{" in form:
        for token in Counter(_BRACES.findall(form)) - Counter(_BRACES.findall(source)):
            yield Refusal("unknown-placeholder", token, {"token": token})
    if "<" in form or "<" in source:
        yield from _tags(form, entry)
    if ":" in form or "//" in form or "\\" in form:
        yield from _links(form, source)


def _characters(form: str, source: str) -> Iterator[Refusal]:
    if "\ufffd" in form and "\ufffd" not in source:
        yield Refusal("encoding", "\ufffd", {})
    for found in _CONTROL.findall(form):
        if found not in source:
            yield Refusal("control", found, {"token": f"U+{ord(found):04X}"})
            break
    culprit = _stray_direction(form)
    if culprit and culprit not in source:
        yield Refusal("bidi", culprit, {"token": f"U+{ord(culprit):04X}"})


def _stray_direction(text: str) -> str | None:
    """An override, or an embedding or isolate that is still open where the text ends (UAX 9)."""
    open_ones: list[str] = []
    for letter in text:
        if letter in _OVERRIDES:
            return letter
        if letter in _CLOSED_BY:
            open_ones.append(letter)
        elif letter in _CLOSING and (not open_ones or _CLOSED_BY[open_ones.pop()] != letter):
            return letter
    return open_ones[-1] if open_ones else None


def _placeholders(form: str, entry: Entry) -> Iterator[Refusal]:
    singular = _tokens(entry.msgid)
    plural = frozenset(filter(_SIMPLE.fullmatch, _tokens(entry.plural or "")))
    known = singular | plural
    used = _tokens(form)
    if used != known:
        yield from (
            Refusal("unknown-placeholder", token, {"token": token})
            for token in sorted(used - known)
        )
        wanted = singular if entry.plural is None else singular & plural
        for token in sorted(wanted - used):
            # A form that stands for one number only may say it in words: `ein Fehler`.
            if entry.plural is None or not token.startswith("%(num)"):
                yield Refusal("missing-placeholder", "", {"token": token})
    if known and form.count("%") != len(used):
        stray = next((found for found in _PERCENT.finditer(form) if found[1]), None)
        if stray:
            yield Refusal("percent", form[stray.start() : stray.start() + 3], {})


def _tokens(text: str) -> frozenset[str]:
    return frozenset(f"%({name}){kind}" for name, kind in PLACEHOLDER.findall(text))


def _tags(form: str, entry: Entry) -> Iterator[Refusal]:
    """The tags of a form are those of the msgid, attributes and all; nothing else begins like one."""
    wanted, found = Counter(TAG.findall(entry.msgid)), Counter(TAG.findall(form))
    # Where there are tags, a form is markup: no other `<` may stand in it. Else it is only text.
    other = _ANY_SIGN if wanted else _OTHER_MARKUP
    found.update(other.findall(TAG.sub("", form)))
    if found != wanted:
        wrong = next(iter(found - wanted), None)
        yield Refusal("tags", wrong or "", {"token": wrong or next(iter(wanted - found), "")})


def _links(form: str, source: str) -> Iterator[Refusal]:
    if (script := _SCRIPT.search(form)) and not _SCRIPT.search(source):
        yield Refusal("script-link", script[0], {"token": script[0]})
    # Browsers read a backslash in an address as a slash (WHATWG URL).
    form, source = form.replace("\\", "/"), source.replace("\\", "/")
    if "//" not in form:
        return
    hosts = {_host(link) for link in _LINK.findall(source)}
    for link in _LINK.findall(form):
        if _host(link) not in hosts:
            yield Refusal("foreign-link", link, {"token": link})


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or link).lower()
    except ValueError:
        return link
