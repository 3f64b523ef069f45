"""Load and save real `.po` files, and edit them: `python -m scripts.round_trips [FOLDER...]`.

Without folders it takes what the packages of the running environment ship. It prints how many files
come back byte by byte, how many edits of one entry changed lines of that entry only, and, where GNU
gettext is installed, how many edited files msgfmt reads as the same messages. Exits 1 if any did not.
"""

import argparse
import gettext
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from verso.i18n.po.document import Document
from verso.i18n.po.entry import Entry

EDITS = 10
ADDED = " (edited, with so many words that the line gets longer than 80 columns in any file)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    folders = parser.parse_args().folders or [Path(sysconfig.get_path("purelib"))]
    counts: Counter[str] = Counter()
    for folder in folders:
        for file in sorted(folder.rglob("*.po")):
            _try(file, counts)
    print(f"{counts['identical']} of {counts['files']} files come back byte by byte")
    print(f"{counts['own']} of {counts['edits']} edits changed lines of their own entry only")
    print(
        f"{counts['same']} of {counts['compiled']} edited files mean the same to GNU msgfmt", end=""
    )
    print(f" ({counts['refused']} that it refuses unedited too)" if counts["refused"] else "")
    wrong = sum(counts[part] != counts[whole] for part, whole in PAIRS)
    sys.exit(1 if wrong else 0)


PAIRS = (("identical", "files"), ("own", "edits"), ("same", "compiled"))


def _try(file: Path, counts: Counter[str]) -> None:
    data = file.read_bytes()
    document = Document.parse(data)
    counts["files"] += 1
    counts["identical"] += document.to_bytes() == data
    for number in _chosen(document):
        edited = Document.parse(data)
        counts["edits"] += 1
        if _edit_alone(edited, edited.entries[number], data):
            counts["own"] += 1
        else:
            print(f"{file}: an edit of entry {number} changed other lines")
    _compile(file, data, counts)


def _chosen(document: Document) -> range:
    count = len(document.entries)
    return range(0, count, max(1, count // EDITS))


def _edit(entry: Entry) -> None:
    """Change the translation, and the flag that says whether it is good; GNU compares line ends."""
    begin, end = ("\n" * entry.msgid.startswith("\n"), "\n" * entry.msgid.endswith("\n"))
    entry.forms = [begin + form.strip("\n") + ADDED + end for form in entry.forms]
    entry.fuzzy = not entry.fuzzy


def _edit_alone(document: Document, entry: Entry, data: bytes) -> bool:
    first, count = entry.line - 1, sum(len(part.lines) for part in entry.parts)
    _edit(entry)
    before, after = _lines(data), _lines(document.to_bytes())
    rest = before[first + count :]
    return after[:first] == before[:first] and after[len(after) - len(rest) :] == rest


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n" if b"\n" in data else b"\r")


def _compile(file: Path, data: bytes, counts: Counter[str]) -> None:
    """Whether msgfmt reads an edited file as we do."""
    if _messages_of(data) is None:
        counts["refused"] += shutil.which("msgfmt") is not None
        return
    document = Document.parse(data)
    for number in _chosen(document):
        _edit(document.entries[number])
    counts["compiled"] += 1
    if _messages_of(document.to_bytes()) == dict(_translated(document)):
        counts["same"] += 1
    else:
        print(f"{file}: msgfmt reads the edited file differently")


def _messages_of(data: bytes) -> dict[str, tuple[str, ...]] | None:
    """What msgfmt makes of a file: the translations of each message; None if it refuses."""
    program = shutil.which("msgfmt")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder, "messages.mo")
        command = [program, "-", "-o", str(compiled)]
        if subprocess.run(command, input=data, capture_output=True).returncode:
            return None
        with compiled.open("rb") as stream:
            found = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    messages: dict[str, tuple[str, ...]] = {}
    for key, text in sorted(found.items(), key=lambda item: str(item[0])):
        name = key if isinstance(key, str) else key[0]
        messages[name] = (*messages.get(name, ()), text)
    messages.pop("", None)
    return messages


def _translated(document: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in document.entries:
        if not entry.obsolete and not entry.fuzzy and entry.forms[0]:
            context = "" if entry.context is None else f"{entry.context}\x04"
            yield context + entry.msgid, entry.forms


if __name__ == "__main__":
    main()
