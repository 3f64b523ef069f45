"""The strings of a `.po` file: C's escapes, written as GNU gettext does and read as anybody wrote them."""

import re

_NAMED = {"\\": "\\", '"': '"', "n": "\n", "t": "\t", "r": "\r"}
_NAMED |= {"a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPED = {chr(code): f"\\{code:03o}" for code in (*range(32), 127)}
_TABLE = str.maketrans(_ESCAPED | {char: f"\\{name}" for name, char in _NAMED.items()})
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)


def escape(text: str) -> str:
    """A text as it stands between quotes."""
    return text.translate(_TABLE)


def unquote(raw: str, charset: str) -> str:
    """The text of all the strings in a piece of a file; an unknown escape is its letter."""
    strings = _STRING.findall(raw)
    text: str = strings[0] if len(strings) == 1 else "".join(strings)
    return _unescape(text, charset) if "\\" in text else text


def _unescape(text: str, charset: str) -> str:
    found = _ESCAPE.sub(_character, text)
    if "\\x" not in text and not re.search(r"\\[0-7]", text):
        return found
    # Numbers stand for bytes of the file's charset: "\303\251" is é in UTF-8.
    return found.encode(charset, "surrogateescape").decode(charset, "surrogateescape")


def _character(match: re.Match[str]) -> str:
    octal, hexadecimal, name = match.groups()
    if name:
        return _NAMED.get(name, name)
    code = int(octal, 8) & 0xFF if octal else int(hexadecimal, 16)
    return chr(code) if code < 0x80 else chr(0xDC00 + code)
