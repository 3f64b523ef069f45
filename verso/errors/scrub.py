"""Scrubbing: no secret leaves a report, whatever it is called and wherever it stands."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote, quote_plus

from verso.logs import written_out

HIDDEN = "[hidden]"
MAX_DEPTH = 8
MAX_ITEMS = 100
MAX_TEXT = 2000
MAX_VALUE = 20_000
MAX_SECRETS = 100
# All controls but tab and newline, and what turns the direction of the text around it.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# A shorter secret would hide half of the words of a report.
SHORTEST = 4

_NAMES = (
    r"passw|passphrase|passcode|pwd|secret|token|credential|auth(?!or(?!iz))|session|csrf|xsrf|cookie"
    r"|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|\bkey\b"
    r"|jwt|bearer|signature|\botp\b|totp|\bpin\b|\bcvv\b|\bcvc\b|card|iban|\bssn\b|dsn"
    r"|forwarded|real[_-]?ip|client[_-]?ip|connecting[_-]?ip|remote[_-]?addr"
)
# Every repetition below begins at a word or is bounded: a long path must not cost seconds.
_SENSITIVE = re.compile(_NAMES, re.IGNORECASE)
_NAMED_VALUE = re.compile(
    rf"""(?<![\w-])(?P<name>[\w-]{{0,60}}?(?:{_NAMES})[\w-]{{0,60}}\\?["']?\s{{0,4}}(?:=>|[:=])\s{{0,4}}b?)"""
    r"""(?:\\"(?:[^"\\])*\\"|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&"'<)\]}]+)""",
    re.IGNORECASE,
)
# The same in a pair, as in `("password", "x")`, and in a tag, as in `<password>x</password>`.
_IN_PAIR = re.compile(
    rf"""(?<![\w-])([\w-]{{0,60}}?(?:{_NAMES})[\w-]{{0,60}}["']\s{{0,4}},\s{{0,4}}b?)(?:"[^"]*"|'[^']*')""",
    re.IGNORECASE,
)
_IN_TAG = re.compile(rf"(<[\w:-]{{0,60}}?(?:{_NAMES})[\w:-]{{0,60}}>)[^<]{{1,1000}}", re.IGNORECASE)
_PATTERNS = (
    re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S
    ),
    # A JSON Web Token (RFC 7519).
    re.compile(r"(?<![\w-])eyJ[\w-]{5,4000}\.[\w-]+(?:\.[\w-]*)?"),
    # Values that SQLAlchemy puts below a statement, should it not be told to hide them.
    re.compile(r"\[parameters: [^\n]*"),
    # Keys that their makers gave a prefix.
    re.compile(r"\bAIza[\w-]{20,}|\bglpat-[\w-]{10,}"),
    re.compile(
        r"\b(?:sk|pk|rk)_(?:live|test)_\w+|\bgh[pousr]_\w{20,}|\bxox[abpr]-[\w-]+|\bAKIA\w{12,}"
    ),
    re.compile(r"\b[0-9a-f]{32,}\b", re.IGNORECASE),
    # Long, with digits, upper and lower case: made by a random generator.
    re.compile(r"(?<![\w-])(?=[\w-]*\d[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{24,}"),
)
_SCHEME = re.compile(r"\b(Bearer|Basic|Digest|Negotiate)(\s+)[\w+/=.~-]{4,}", re.IGNORECASE)
_COOKIES = re.compile(r"\b((?:Set-)?Cookie\s*[:=]\s*)[^\n'\"]+", re.IGNORECASE)
_USER_IN_URL = re.compile(r"(?<![\w+.-])([A-Za-z][\w+.-]{0,30}://)[^\s/'\"]{1,300}@")
_CARD = re.compile(r"(?<![\d.])[2-6](?:[ -]?\d){12,18}(?![\d.])")


def is_sensitive(name: str) -> bool:
    """Whether something of this name is nobody's business."""
    return _SENSITIVE.search(name) is not None


class Scrubber:
    """Hides secrets in text and in nested values: by name, by shape, and the ones that it is told."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {
            spelled
            for secret in secrets
            if len(secret) >= SHORTEST
            for spelled in _spellings(secret[:MAX_TEXT])
        }
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    def knowing(self, secrets: Iterable[str]) -> "Scrubber":
        """A scrubber that also hides these values, such as what was typed into a password field."""
        return Scrubber((*self._secrets, *secrets))

    def text(self, text: str, limit: int = MAX_TEXT) -> str:
        """The text without secrets, storable everywhere: no NUL, no lone surrogates."""
        text = text[: 4 * limit].encode("utf-8", "backslashreplace").decode()
        text = _CONTROL.sub(written_out, text)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        text = _USER_IN_URL.sub(rf"\1{HIDDEN}@", text)
        text = _COOKIES.sub(rf"\1{HIDDEN}", text)
        text = _SCHEME.sub(rf"\1\2{HIDDEN}", text)
        text = _NAMED_VALUE.sub(rf"\g<name>{HIDDEN}", text)
        for around in (_IN_PAIR, _IN_TAG):
            text = around.sub(rf"\1{HIDDEN}", text)
        for pattern in _PATTERNS:
            text = pattern.sub(HIDDEN, text)
        text = _CARD.sub(_hide_card, text)
        return text if len(text) <= limit else text[:limit] + " …"

    def value(self, value: Any, budget: int = MAX_VALUE) -> Any:
        """A JSON-like value without secrets, at any depth, of so many characters at the most."""
        return self._value(value, "", 0, _Budget(budget))

    def _value(self, value: Any, name: str, depth: int, budget: "_Budget") -> Any:
        if budget.left <= 0:
            return "…"
        if is_sensitive(name) and value not in (None, "", [], {}):
            return HIDDEN
        if depth > MAX_DEPTH:
            return "…"
        if isinstance(value, Mapping):
            items = list(value.items())[:MAX_ITEMS]
            return {
                self._counted(str(key), 200, budget): self._value(item, str(key), depth + 1, budget)
                for key, item in items
                if budget.left > 0
            }
        if isinstance(value, list | tuple):
            return [
                self._value(item, name, depth + 1, budget)
                for item in value[:MAX_ITEMS]
                if budget.left > 0
            ]
        if value is None or isinstance(value, bool | float):
            return value
        # A number may be a card's.
        text = self._counted(str(value), MAX_TEXT, budget)
        return value if isinstance(value, int) and text == str(value) else text

    def _counted(self, text: str, limit: int, budget: "_Budget") -> str:
        scrubbed = self.text(text, min(limit, budget.left))
        budget.left -= len(scrubbed) + 4
        return scrubbed


class _Budget:
    """How many characters a nested value may still have."""

    def __init__(self, left: int) -> None:
        self.left = left


def secrets_in(value: Any) -> list[str]:
    """The texts that stand under sensitive names, at any depth; of endless ones, the first."""
    return list(islice(_secrets_in(value, "", 0), MAX_SECRETS))


def _secrets_in(value: Any, name: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        for key, item in list(value.items())[:MAX_ITEMS]:
            below = name if is_sensitive(name) else str(key)
            yield from _secrets_in(item, below, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value[:MAX_ITEMS]:
            yield from _secrets_in(item, name, depth + 1)
    elif isinstance(value, str | int) and is_sensitive(name) and len(str(value)) >= SHORTEST:
        yield str(value)


def _spellings(secret: str) -> set[str]:
    """How a secret may be written: as it is, in Python, in JSON, in a URL."""
    in_python, in_json = repr(secret)[1:-1], json.dumps(secret)[1:-1]
    in_url = secret.encode("utf-8", "replace")
    return {secret, in_python, in_json, quote(in_url), quote(in_url, safe=""), quote_plus(in_url)}


def _hide_card(found: re.Match[str]) -> str:
    """Hide what passes the check of card numbers (ISO/IEC 7812-1, annex B), leave other numbers."""
    digits = [int(character) for character in found[0] if character.isdigit()]
    doubled = [
        digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
        for place, digit in enumerate(reversed(digits))
    ]
    return HIDDEN if sum(doubled) % 10 == 0 else found[0]
