"""What translations cost: `python -m benchmarks.translations`.

Four tables, each measured in turns in one run: reading 5,000 messages against Python's own loader of
compiled catalogs (goals: parsing at most 3 times, with checks and merging at most 6), a string in a
template against a dictionary's item (at most 8) and against Flask-Babel's (at most a fifth), the memory
of twelve locales, and saving to live in four processes under load, with the p99.9 of pages with and
without saving (at most 2).
"""

import argparse
import gc
import gettext
import io
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from tests.i18n.files import HEADER, catalog, entry
from tests.i18n.saving import SAVING, instance, speakers, version
from verso.app import TRANSLATIONS, create_app
from verso.i18n.catalogs import Catalogs
from verso.i18n.contents import read_contents
from verso.i18n.po.reading import normalized, read

MESSAGES, ROUNDS = 5000, 15
WORDS = [
    "the",
    "page",
    "post",
    "section",
    "locale",
    "error",
    "catalog",
    "open",
    "save",
    "delete",
    "move",
    "search",
    "image",
    "title",
]
STRINGS = 100
PROCESSES, REQUESTS, PAUSE, SAVES = 4, 10_000, 0.03, 8


def made_up() -> str:
    """A catalog as sites have them: short and long messages, placeholders, plurals, references."""
    chance = random.Random(4)
    texts = [HEADER]
    for number in range(MESSAGES):
        words = " ".join(chance.choices(WORDS, k=chance.randint(1, 14))) + f" {number}"
        name = " %(name)s" if number % 10 == 0 else ""
        said = words.replace("e", "é") + name
        comment = f"#: verso/templates/made_up_{number % 40}.html\n"
        if number % 25 == 0:
            pair = (f"%(num)s {words}{name}", f"%(num)s {words}s{name}")
            texts.append(comment + entry(pair, (f"%(num)s {said}", f"%(num)s {said}s")))
        else:
            texts.append(comment + entry(words + name, said))
    return "\n".join(texts)


def in_turns(works: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median milliseconds of each piece of work, taken in turns; it may tell its seconds itself."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begin = time.perf_counter()
            own = work()
            seconds = own if isinstance(own, float) else time.perf_counter() - begin
            taken[name].append(seconds * 1000)
            # What the work made is thrown away on nobody's time.
            del own
    return {name: median(times) for name, times in taken.items()}


def loading(folder: Path) -> None:
    path = folder / "made_up" / "fr" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(made_up(), "utf-8")
    compiled = io.BytesIO()
    with path.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale="fr"))

    def mo() -> None:
        compiled.seek(0)
        gettext.GNUTranslations(compiled)

    times = in_turns(
        {
            ".mo, gettext.GNUTranslations": mo,
            "parsing the .po": lambda: read(normalized(path.read_text("utf-8"))),
            "parsing, checks and messages": lambda: read_contents(path.read_bytes(), "fr"),
            "all of it, merged and live": lambda: Catalogs(
                [TRANSLATIONS, path.parent.parent], folder / "memory"
            ).get("fr"),
        },
        ROUNDS,
    )
    base = times[".mo, gettext.GNUTranslations"]
    print(f"loading {MESSAGES:,} messages{'median':>24}{'ratio':>8}")
    for name, taken in times.items():
        print(f"  {name:<36}{taken:>9.1f} ms{taken / base:>8.2f}")


def strings(folder: Path) -> None:
    own, theirs = _own_site(folder / "own"), _flask_babel(folder / "theirs")
    literal = "{{ d[k] }}" * STRINGS
    said = '{{ _("Hello") }}' * STRINGS
    filled = '{{ _("Hello %(name)s", name="Ada") }}' * STRINGS
    works = {
        "{{ d[k] }}": _rendering(own, literal),
        "{{ _('Hello') }}": _rendering(own, said),
        "  Flask-Babel": _rendering(theirs, said),
        "{{ _('Hello %(name)s', name=...) }}": _rendering(own, filled),
        "  Flask-Babel, filled": _rendering(theirs, filled),
    }
    times = in_turns(works, 200)
    base = times["{{ d[k] }}"]
    print(f"\na string in a template{'median':>28}{'ratio':>8}")
    for name, taken in times.items():
        print(f"  {name:<36}{taken * 1000 / STRINGS:>9.2f} µs{taken / base:>8.2f}")
    ratio = times["{{ _('Hello') }}"] / times["  Flask-Babel"]
    print(f"  against Flask-Babel's: {ratio:.2f}")


def _own_site(folder: Path) -> Flask:
    path = folder / "translations" / "de" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(catalog({"Hello": "Hallo", "Hello %(name)s": "Hallo %(name)s"}), "utf-8")
    return create_app({"INSTANCE_PATH": folder, "LOG_LEVEL": "error"})


def _flask_babel(folder: Path) -> Flask:
    from flask_babel import Babel

    place = folder / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    text = catalog({"Hello": "Hallo", "Hello %(name)s": "Hallo %(name)s"})
    with (place / "messages.mo").open("wb") as stream:
        write_mo(stream, read_po(io.BytesIO(text.encode()), locale="de"))
    app = Flask("peer")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    Babel(app, locale_selector=lambda: "de")
    return app


def _rendering(app: Flask, source: str) -> Callable[[], float]:
    """Rendering alone, without what the request and its page cost."""
    template = app.jinja_env.from_string(source)

    def work() -> float:
        with app.test_request_context("/de/"):
            variables = template.new_context({"d": {"k": "Hallo"}, "k": "k"})
            list(template.root_render_func(variables))
            begin = time.perf_counter()
            for _ in range(10):
                list(template.root_render_func(variables))
            return (time.perf_counter() - begin) / 10

    return work


MEMORY = """
import resource, sys
from pathlib import Path
from verso.i18n.locales import autonym
from verso.i18n.plurals import form_count
from verso.app import TRANSLATIONS
from verso.i18n.catalogs import Catalogs, locales_in
def now(): return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
catalogs = Catalogs([TRANSLATIONS], Path(sys.argv[1]))
# CLDR's own data, which dates and numbers need as well.
locales = sorted({"en", *locales_in(TRANSLATIONS)})
start = now()
for locale in locales: autonym(locale), form_count(locale)
before = now()
count = sum(len(catalogs.get(locale).messages) for locale in locales)
print(len(locales), count, now() - before, before - start)
"""


def memory(folder: Path) -> None:
    command = [sys.executable, "-c", MEMORY, str(folder / "memory")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    locales, messages, taken, cldr = map(int, told)
    print(
        f"\n{locales} locales, {messages:,} messages: {taken / 1024**2:.1f} MB in each process,"
        f" and {cldr / 1024**2:.1f} MB for CLDR's data of them"
    )


def live(folder: Path) -> None:
    quiet = _pages(folder / "quiet", saves=0)
    saving = _pages(folder / "saving", saves=SAVES)
    print(
        f"\n{PROCESSES} processes of 8 threads, {REQUESTS * PROCESSES:,} pages{'p50':>12}{'p99':>10}{'p99.9':>10}"
    )
    for name, (times, _) in (("without saving", quiet), ("while saving", saving)):
        cut = quantiles(times, n=1000)
        print(
            f"  {name:<36}{cut[499] * 1000:>7.1f} ms{cut[989] * 1000:>7.1f} ms{cut[998] * 1000:>7.1f} ms"
        )
    ratio = quantiles(saving[0], n=1000)[998] / quantiles(quiet[0], n=1000)[998]
    waits = saving[1]
    print(f"  p99.9 while saving against without: {ratio:.2f}")
    print(
        f"  {SAVES} saves of {MESSAGES:,} messages, live in each process after:"
        f" median {median(waits):.2f} s, longest {max(waits):.2f} s"
    )


def _pages(folder: Path, saves: int) -> tuple[list[float], list[float]]:
    """The seconds of all pages, and from each save to its first page in each process."""
    path, saved = instance(folder), {}
    with speakers(folder, PROCESSES, REQUESTS, PAUSE) as readers:
        for number in range(1, saves + 1):
            time.sleep(3)
            SAVING[number % len(SAVING)](path, version(f"v{number}"))
            saved[f"v{number}"] = time.time()
        told = readers.told()
    mixed = {seen for witness in told for seen in witness["pages"]} - {"v0", *saved}
    if mixed:
        raise SystemExit(f"pages of two versions, or of none: {sorted(mixed)}")
    waits = [
        witness["first_seen"][name] - at
        for witness in told
        for name, at in saved.items()
        if name in witness["first_seen"]
    ]
    return [taken for witness in told for taken in witness["times"]], waits


def main() -> None:
    # As verso.app.create_served_app does.
    gc.collect()
    gc.freeze()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["loading", "strings", "memory", "live"])
    only = parser.parse_args().only
    tables = {"loading": loading, "strings": strings, "memory": memory, "live": live}
    for name, table in tables.items():
        if only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                table(Path(folder))


if __name__ == "__main__":
    main()
