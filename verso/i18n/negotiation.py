"""Which of the offered locales suits an Accept-Language header, by the rules of CLDR (UTS 35)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from babel.core import get_global

MAX_HEADER = 4096
MAX_TAGS = 50
# Languages whose readers are served by another one, as CLDR's languageMatching has it.
_SERVED_BY = {"yue": "zh", "gsw": "de", "nn": "nb", "no": "nb", "lb": "de", "rm": "de", "fo": "da"}
_OLDER_CODES = {"iw": "he", "in": "id", "ji": "yi", "tl": "fil", "mo": "ro", "sh": "sr-Latn"}


class Tag(NamedTuple):
    """A language tag with its likely script and territory filled in."""

    language: str
    script: str
    territory: str


@lru_cache(maxsize=2048)
def negotiate(header: str, offered: tuple[str, ...], default: str) -> str:
    """The offered locale that suits the header best, or the default (or what it does not refuse).

    A range with q=0 refuses what it names; a script is never crossed; among equals the header's
    order counts. At most MAX_TAGS ranges of MAX_HEADER characters are read.
    """
    ranges = _ranges(header)
    refused = _refused(ranges, offered)
    allowed = [locale for locale in offered if locale not in refused]
    home = default if default in allowed or not allowed else allowed[0]
    for name, quality in sorted(ranges, key=lambda item: -item[1]):
        if quality == 0:
            break
        if name == "*":
            return home
        found = _best(name, allowed)
        if found:
            return found
    return home


def _ranges(header: str) -> list[tuple[str, float]]:
    found = []
    for item in header[:MAX_HEADER].split(",")[:MAX_TAGS]:
        name, _, parameter = item.partition(";")
        name = name.strip().replace("_", "-").lower()
        if name and len(name) <= 64:
            found.append((name, _quality(parameter)))
    return found


def _quality(parameter: str) -> float:
    key, _, value = parameter.partition("=")
    if key.strip().lower() != "q":
        return 1.0
    try:
        number = float(value)
    except ValueError:
        return 0.001
    return min(max(number, 0.0), 1.0) if number == number else 0.001


def _refused(ranges: Sequence[tuple[str, float]], offered: Sequence[str]) -> set[str]:
    """What a range with q=0 names, unless a longer range asks for it again."""
    refused = set()
    for locale in offered:
        lower = locale.lower()
        naming = [item for item in ranges if lower == item[0] or lower.startswith(item[0] + "-")]
        if naming and max(naming, key=lambda item: len(item[0]))[1] == 0:
            refused.add(locale)
    return refused


def _best(name: str, offered: Sequence[str]) -> str | None:
    exact = next((locale for locale in offered if locale.lower() == name), None)
    if exact:
        return exact
    wanted = likely(name)
    if wanted is None:
        return None
    rows = []
    for place, locale in enumerate(offered):
        tag = likely(locale)
        if tag and tag[:2] == wanted[:2]:
            rows.append((_distance(wanted, tag, locale), place, locale))
    return min(rows)[2] if rows else None


def _distance(wanted: Tag, offered: Tag, locale: str) -> int:
    if offered.territory == wanted.territory:
        return 0
    parents = _parents(wanted)
    name = locale.replace("-", "_")
    return 1 + parents.index(name) if name in parents else 100


def _parents(tag: Tag) -> list[str]:
    """The locales that CLDR looks into after this one, nearest first: pt-AO -> pt-PT, pt."""
    exceptions = get_global("parent_exceptions")
    chain: list[str] = []
    name = f"{tag.language}_{tag.territory}"
    long_name = f"{tag.language}_{tag.script}_{tag.territory}"
    parent = exceptions.get(name) or exceptions.get(long_name)
    while parent and parent != "root" and parent not in chain:
        chain.append(parent)
        parent = exceptions.get(parent)
    return [*chain, f"{tag.language}_{tag.script}", tag.language]


@lru_cache(maxsize=2048)
def likely(name: str) -> Tag | None:
    """A tag with CLDR's likely subtags added (`zh-TW` -> zh, Hant, TW); None if unknown."""
    language, script, territory = _split(name)
    language = _alias(language)
    if "-" in language:
        language, script = language.split("-")
    language = _SERVED_BY.get(language, language)
    subtags = get_global("likely_subtags")
    for key in (
        f"{language}_{script}_{territory}",
        f"{language}_{territory}",
        f"{language}_{script}",
        language,
    ):
        full = subtags.get(key.replace("__", "_").strip("_"))
        if full:
            likely_language, likely_script, likely_territory = _split(full.replace("_", "-"))
            return Tag(likely_language, script or likely_script, territory or likely_territory)
    return None


def _alias(language: str) -> str:
    known = _OLDER_CODES.get(language)
    if known:
        return known
    aliases = get_global("language_aliases")
    return str(aliases.get(language, language)).replace("_", "-")


def _split(name: str) -> Tag:
    """Language, script and territory of a tag; variants and extensions are dropped."""
    language, *rest = name.split("-")
    script = territory = ""
    for part in rest:
        if len(part) == 1:
            break
        if len(part) == 4 and part.isalpha() and not script:
            script = part.title()
        elif (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit()):
            territory = territory or part.upper()
    return Tag(language.lower(), script, territory)
