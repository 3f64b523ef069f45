"""`.po` files as tests write them, and waiting until one is live."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Texts = Mapping[str | tuple[str, str], str | tuple[str, ...]]
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
# Seconds: so old looks a file that has been there for a while.
LONG_AGO = 60
# Seconds that a file needs at most to be live on a busy machine; benchmarks.translations says how many usually.
AT_MOST = 5.0


class PoFile:
    """The messages.po of one folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "messages.po"

    def write(self, texts: Texts, comment: str = "") -> None:
        """Replace the file by these messages; it looks as if it had been there for a while."""
        self.write_bytes(catalog(texts, comment).encode())

    def write_bytes(self, data: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(data)
        then = time.time() - LONG_AGO
        os.utime(self.path, (then, then))


def catalog(texts: Texts, comment: str = "") -> str:
    """The text of a catalog with these messages; a pair of msgids has its plural forms."""
    entries = [entry(key, value) for key, value in texts.items()]
    return "\n".join([f"# {comment}\n{HEADER}" if comment else HEADER, *entries])


def entry(key: str | tuple[str, str], value: str | tuple[str, ...]) -> str:
    """One message as it stands in a file."""
    if isinstance(key, str):
        assert isinstance(value, str)
        return f"msgid {quoted(key)}\nmsgstr {quoted(value)}\n"
    forms = "".join(f"msgstr[{place}] {quoted(form)}\n" for place, form in enumerate(value))
    return f"msgid {quoted(key[0])}\nmsgid_plural {quoted(key[1])}\n{forms}"


def quoted(text: str) -> str:
    for letter, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(letter, escaped)
    return f'"{text}"'


def live(is_so: Callable[[], bool], at_most: float = AT_MOST) -> float:
    """Wait until something is so; the seconds that it took. Fails after `at_most`."""
    begin = time.monotonic()
    while not is_so():
        assert time.monotonic() - begin < at_most, "it did not come true in time"
        time.sleep(0.01)
    return time.monotonic() - begin
