"""Bring the shipped catalogs up to date with the messages of the code: `python scripts/catalogs.py`."""

import sys
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "verso" / "translations"
# Babel's table numbers the last two Arabic forms the other way round than gettext's own.
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
    ": n%100>=11 ? 4 : 5"
}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "pgettext": ((1, "c"), 2)}


def extracted() -> Catalog:
    """All messages of Python and templates, sorted, without places that churn."""
    mappings = tomllib.loads((ROOT / "babel.toml").read_text("utf-8"))["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: {"silent": "false"} for mapping in mappings}
    found = extract_from_dir(
        str(ROOT), method_map=methods, options_map=options, keywords=KEYWORDS, comment_tags=()
    )
    template = Catalog()
    for _, _, message, _, context in sorted(found, key=lambda row: (str(row[2]), row[4] or "")):
        template.add(message, context=context)
    return template


def update(locale: str, template: Catalog) -> None:
    """Write a locale's catalog: every message of the template, with the translation it had."""
    file = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    known = Catalog(locale=locale)
    if file.exists():
        with file.open("rb") as stream:
            known = read_po(stream, locale=locale)
    plural = get_plural(locale)
    rule = f"nplurals={plural.num_plurals}; plural={plural.plural_expr}"
    fresh = Catalog(locale=locale, header_comment="", charset="utf-8")
    for message in template:
        if message.id:
            old = known.get(message.id, message.context)
            fresh.add(message.id, old.string if old else "", context=message.context)
    file.parent.mkdir(parents=True, exist_ok=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURAL_FORMS.get(locale, rule)};\\n"\n\n'
    )
    with file.open("wb") as stream:
        stream.write(header.encode())
        write_po(stream, fresh, width=0, no_location=True, omit_header=True, sort_output=True)


def main() -> None:
    template = extracted()
    locales = sys.argv[1:] or sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    for locale in locales:
        update(locale, template)
        print(f"{locale}: {len(template)} messages")


if __name__ == "__main__":
    main()
