"""What a merge costs and finds: `python -m benchmarks.merging`.

A catalog of 5,000 messages and a template in which 200 were reworded as programmers do it, 50 vanished
and 50 are new. It prints seconds of ours and of GNU msgmerge (where it is installed), their ratio, and
how many reworded messages each gave the translation that they had. More seconds than msgmerge tenfold,
or fewer right ones, is a defect to explain.
"""

import argparse
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from verso.i18n.extraction import TemplateMessage, messages_of, template_of
from verso.i18n.merging import merge
from verso.i18n.po.document import Document
from verso.i18n.po.entry import Source
from verso.i18n.po.header import new_document

LOCALE = "de"
ROUNDS = 5
WHO = "The editor|An author|Every translator|The operator|A visitor|Your session|This account"
DOES = "saved|opened|published|deleted|renamed|moved|translated|imported|checked|restored"
WHAT = "the page|a post|two pictures|the redirects|her draft|its catalog|all tags|the old address"
WHEN = "yesterday|a minute ago|before the last import|while you were away|twice today|by mistake"
END = (
    "Try again.|Nothing was lost.|See the log for details.|You may close this window.|Please wait."
)

Rewording = Callable[[random.Random, str], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--reworded", type=int, default=200)
    options = parser.parse_args()
    dice = random.Random(7)
    old = _messages(dice, options.messages + 50)
    document = new_document(LOCALE)
    for number, source in enumerate(old):
        texts = [text for text in source[1:] if text is not None]
        document.add(source, [f"T{number}: {text}" for text in texts])
    fresh, expected = _reword(dice, old, options.reworded)
    template = [TemplateMessage(source, ("a.py",)) for source in fresh]
    with tempfile.TemporaryDirectory() as folder:
        _compare(Path(folder), document.to_bytes(), template, expected)


def _messages(dice: random.Random, count: int) -> list[Source]:
    """Different messages; one in ten has a plural, one in ten stands in another context too."""
    found: dict[Source, None] = {}
    while len(found) < count:
        sentence = " ".join(dice.choice(part.split("|")) for part in (WHO, DOES, WHAT, WHEN))
        msgid = f"{sentence}. {dice.choice(END.split('|'))}" if dice.random() < 0.6 else sentence
        if dice.random() < 0.4:
            msgid = (
                " ".join(msgid.split()[: dice.randint(2, 5)]) + f" %(name{dice.randint(1, 60)})s"
            )
        plural = msgid + " (%(num)s times)" if dice.random() < 0.1 else None
        found.setdefault(Source(None, msgid, plural))
        if dice.random() < 0.1:
            found.setdefault(Source(dice.choice(["menu", "button", "title"]), msgid))
    return list({source[:2]: source for source in found}.values())[:count]


REWORDINGS: tuple[Rewording, ...] = (
    lambda dice, text: _replaced(dice, text, dice.choice(["document", "somebody", "quickly"])),
    lambda dice, text: _replaced(dice, text, ""),
    lambda dice, text: _replaced(dice, text, f"really {dice.choice(text.split())}"),
    lambda dice, text: " ".join([*text.split()[2:], *text.split()[:2]]),
    lambda dice, text: text.replace(" the ", " not the ") if " the " in text else f"Not {text}",
    lambda dice, text: text.rstrip(".") + "!" if text.endswith(".") else text + "…",
    lambda dice, text: text.replace("a ", "some ").replace("The ", "This "),
    lambda dice, text: text[0].lower() + text[1:] + ", as it seems",
)


def _replaced(dice: random.Random, text: str, word: str) -> str:
    words = text.split()
    words[dice.randrange(len(words))] = word
    return " ".join(filter(None, words))


def _reword(
    dice: random.Random, old: list[Source], count: int
) -> tuple[list[Source], dict[tuple[str | None, str], str]]:
    """The sources of the new template, and for each reworded one the translation that it had."""
    taken = {source[:2] for source in old}
    fresh = list(old)
    expected: dict[tuple[str | None, str], str] = {}
    for number in dice.sample(range(len(old)), count + 50):
        context, msgid, plural = old[number]
        if len(expected) == count:
            fresh[number] = Source(None, f"Wholly unlike #{number}: {dice.random()}")
            continue
        if plural is None and dice.random() < 0.1:
            fresh[number] = Source(context, msgid, msgid + " (%(num)s times)")
        else:
            reworded = dice.choice(REWORDINGS)(dice, msgid)
            if (context, reworded) in taken:
                continue
            fresh[number] = Source(context, reworded, plural)
        taken.add(fresh[number][:2])
        expected[fresh[number][:2]] = f"T{number}: {msgid}"
    return sorted(fresh, key=lambda source: (source.msgid, source.context or "")), expected


def _compare(
    folder: Path,
    data: bytes,
    template: list[TemplateMessage],
    expected: dict[tuple[str | None, str], str],
) -> None:
    catalog, pot = folder / "old.po", folder / "new.pot"
    catalog.write_bytes(data)
    pot.write_bytes(template_of(template).to_bytes())
    ours, merged = _timed(lambda: _merged(catalog, pot))
    _report("ours", ours, merged, expected)
    again = Document.parse(merged)
    merge(again, template, LOCALE)
    print(f"a second merge changes {'nothing' if again.to_bytes() == merged else 'THE FILE'}")
    if program := shutil.which("msgmerge"):
        command = [program, "--previous", "--quiet", str(catalog), str(pot), "-o", "-"]
        run = subprocess.run
        theirs, merged = _timed(lambda: run(command, capture_output=True, check=True).stdout)
        _report("msgmerge", theirs, merged, expected)
        print(f"seconds, ours to msgmerge: {ours / theirs:.2f}")


def _merged(catalog: Path, pot: Path) -> bytes:
    document = Document.parse(catalog.read_bytes())
    merge(document, messages_of(Document.parse(pot.read_bytes())), LOCALE)
    return document.to_bytes()


def _timed(work: Callable[[], bytes]) -> tuple[float, bytes]:
    seconds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begin)
    return median(seconds), result


def _report(
    name: str, seconds: float, merged: bytes, expected: dict[tuple[str | None, str], str]
) -> None:
    entries = [entry for entry in Document.parse(merged).entries if not entry.obsolete]
    fuzzy = [entry for entry in entries if entry.fuzzy]
    right = sum(expected.get(entry.source[:2]) == entry.msgstr for entry in fuzzy)
    print(
        f"{name}: {seconds:.2f} s; of {len(expected)} reworded {right} right, "
        f"{len(fuzzy) - right} others marked fuzzy; {len(entries)} messages"
    )


if __name__ == "__main__":
    main()
