"""The charset of a `.po` file, such that its bytes survive the way to text and back."""

import codecs
import re

_DECLARED = re.compile(
    rb"(?:^|[\r\n])[^#\r\n][^\r\n]*?Content-Type:[^\r\n]*?charset=([\w.:-]+)", re.IGNORECASE
)
# Charsets whose ASCII is ASCII; others (UTF-16, and Python's own such as idna) cannot hold a `.po`.
_KNOWN = re.compile(
    r"utf-8|iso8859-\d+|koi8-[rtu]|cp\d{3,4}|mac-\w+|tis-620|gb2312|gbk|gb18030|big5|big5hkscs"
    r"|euc_jp|euc_kr|shift_jis|johab"
)
_LOOKED_AT = 20_000


class Unwritable(ValueError):
    """A text that the charset of a file does not have."""


def decode(data: bytes) -> tuple[str, str] | None:
    """Text and charset, such that encoding gives the same bytes; None if no charset does that.

    What is UTF-8 is read as such, whatever the header says; other files as it says. Bytes that are
    wrong in the charset become lone surrogates, as in file names of Python.
    """
    charset = _declared(data)
    if not data.isascii() and _is_utf8(data):
        charset = "utf-8"
    text = data.decode(charset, "surrogateescape")
    if charset != "utf-8" and text.encode(charset, "surrogateescape") != data:
        return None
    return text, charset


def check(text: str, charset: str) -> None:
    """Raise Unwritable for a text that cannot be written."""
    try:
        text.encode(charset)
    except UnicodeEncodeError as error:
        wrong = text[error.start : error.end]
        raise Unwritable(
            f"{wrong!r} cannot be written in {charset}, the charset of this file: "
            "convert the file to UTF-8 first, for example with `msgconv --to-code=UTF-8`."
        ) from None


def resolve(name: str) -> str:
    """Python's name of a charset; UTF-8 for one that is unknown or that no `.po` can be in."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    return found if _KNOWN.fullmatch(found) else "utf-8"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_LOOKED_AT])
    return resolve(found[1].decode("ascii", "replace")) if found else "utf-8"
