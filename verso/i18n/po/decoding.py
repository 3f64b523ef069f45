"""From the bytes of a `.po` file to its text, whatever somebody's editor has made of them."""

import re
from typing import NamedTuple

_CHARSET = re.compile(rb"charset=([\w.:\-]{1,40})", re.IGNORECASE)
# What gettext tools have written before UTF-8 was everywhere (Python knows these by the same names).
_LEGACY = re.compile(r"(?i)(iso[-_]?8859|latin|windows-?1|cp125|koi8|euc|gb|big5|shift_jis)[\w-]*")
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "charset"})
_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_LOOK_AT = 4096


class Decoded(NamedTuple):
    """A text, the charset that its header claims, and whether that claim is wrong."""

    text: str
    charset: str
    is_misnamed: bool


class NotText(ValueError):
    """The bytes are no text that a `.po` could be; `encoding` is what they look like."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


def decode(data: bytes) -> Decoded:
    """The text of a file: UTF-8 if it is, else as its header says; U+FFFD for what is neither.

    Raises NotText for UTF-16 and for what is not text at all.
    """
    if data[:2] in _WIDE:
        raise NotText(_WIDE[data[:2]])
    head = data[:_LOOK_AT]
    if head.count(0) * 8 > len(head):
        raise NotText("UTF-16" if head.count(0) * 3 > len(head) else "binary")
    found = _CHARSET.search(head)
    charset = found[1].decode("ascii", "replace") if found else ""
    try:
        return Decoded(
            data.decode("utf-8-sig"), charset, bool(charset) and charset.lower() not in _UTF8
        )
    except UnicodeDecodeError:
        text = _legacy(data, charset)
    if text is None:
        return Decoded(data.decode("utf-8-sig", "replace"), charset, False)
    return Decoded(text, charset, False)


def _legacy(data: bytes, charset: str) -> str | None:
    if not _LEGACY.fullmatch(charset):
        return None
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return None
