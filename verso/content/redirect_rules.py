"""What a redirect may be: its source and target in one spelling, and no loops, no chains, no live page."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from werkzeug.urls import iri_to_uri

from verso.content.slugs import BLOG_WORDS, SITE_WORDS
from verso.i18n.gettext import N_
from verso.models.documents import PATH_LENGTH
from verso.models.redirects import PATH_BYTES, TARGET_LENGTH
from verso.sections import OWNED_SEGMENTS, Section, section_of, split_locale

CODES = (301, 302, 308, 410)
GONE = 410

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd-\uffff]")
_ESCAPED = re.compile("[%?#]")


class Reason(StrEnum):
    """Why a redirect is refused."""

    NO_SLASH = "no-slash"
    QUERY = "query"
    CHARACTERS = "characters"
    LONG = "long"
    SYSTEM = "system"
    LIVE = "live"
    TAKEN = "taken"
    CODE = "code"
    NO_TARGET = "no-target"
    BAD_TARGET = "bad-target"
    ITSELF = "itself"
    LOOP = "loop"
    CHAIN = "chain"
    TARGET_GONE = "target-gone"
    IS_TARGET = "is-target"


SENTENCES: Mapping[Reason, str] = {
    Reason.NO_SLASH: N_("“%(source)s” must be a path of this site, beginning with one slash."),
    Reason.QUERY: N_("“%(source)s” has a ? or # in it: redirects go by the path alone."),
    Reason.CHARACTERS: N_("“%(source)s” contains a character that no address has."),
    Reason.LONG: N_("“%(source)s” is too long for an address."),
    Reason.SYSTEM: N_("“%(source)s” belongs to the system itself and cannot redirect."),
    Reason.LIVE: N_("“%(source)s” leads to a page already, and the page would win."),
    Reason.TAKEN: N_("“%(source)s” redirects already, to “%(target)s”. Remove that first."),
    Reason.CODE: N_("“%(code)s” is no code of a redirect: choose 301, 302, 308 or 410."),
    Reason.NO_TARGET: N_("Say where “%(source)s” leads, or choose 410 if it is gone."),
    Reason.BAD_TARGET: N_(
        "“%(target)s” must be a path beginning with one slash, or an address with https:// or http://."
    ),
    Reason.ITSELF: N_("“%(source)s” cannot lead to itself."),
    Reason.LOOP: N_("This would lead in a circle: %(way)s."),
    Reason.CHAIN: N_("“%(target)s” redirects itself. Lead “%(source)s” right to “%(end)s”."),
    Reason.TARGET_GONE: N_(
        "“%(target)s” answers that it is gone. Choose 410 for “%(source)s”, or another target."
    ),
    Reason.IS_TARGET: N_(
        "“%(before)s” redirects to “%(source)s”. Lead it elsewhere first, so that nobody is sent twice."
    ),
}
_ABOUT_THE_SOURCE = frozenset(
    {Reason.NO_SLASH, Reason.QUERY, Reason.CHARACTERS, Reason.LONG}
    | {Reason.SYSTEM, Reason.LIVE, Reason.TAKEN, Reason.IS_TARGET}
)


class RedirectRefused(ValueError):
    """A redirect that would not work; its sentence, filled with its values, says why and the way out."""

    def __init__(self, reason: Reason, **values: Any) -> None:
        self.reason = reason
        self.sentence = SENTENCES[reason]
        self.values = values
        super().__init__(self.sentence % values)

    @property
    def field(self) -> str:
        """What is to be changed: the source or the target."""
        return "source" if self.reason in _ABOUT_THE_SOURCE else "target"


@dataclass(frozen=True, slots=True)
class Rule:
    """A redirect: source, target and code as verso.models.Redirect keeps them."""

    source: str
    target: str
    code: int

    @property
    def typed_source(self) -> str:
        """The source as it may be typed: what would mean something else is percent-encoded."""
        return typed(self.source)


def make_rule(
    source: str, target: str, code: int | str, *, locales: Collection[str], base: str = ""
) -> Rule:
    """A redirect from what somebody typed; RedirectRefused if it cannot be one by itself.

    base is the public address of this site, if it is known: targets under it are its paths.
    """
    number = int(code) if str(code) in map(str, CODES) else 0
    clean = clean_source(_without_base(source.strip(), base), locales)
    if _is_system(clean, locales):
        raise RedirectRefused(Reason.SYSTEM, source=clean)
    if not number:
        raise RedirectRefused(Reason.CODE, code=str(code)[:20])
    if number == GONE:
        return Rule(clean, "", GONE)
    leads_to = clean_target(_without_base(target.strip(), base), clean)
    if path_from_url(leads_to, locales) == clean:
        raise RedirectRefused(Reason.ITSELF, source=clean)
    return Rule(clean, leads_to, number)


def clean_source(source: str, locales: Collection[str]) -> str:
    """A path as it is stored: decoded, one slash before each segment, its locale canonical."""
    shown = source[:100]
    if not source.startswith("/") or source.startswith("//"):
        raise RedirectRefused(Reason.NO_SLASH, source=shown)
    if "?" in source or "#" in source:
        raise RedirectRefused(Reason.QUERY, source=shown)
    path = unquote(source)
    if _CONTROL.search(path):
        raise RedirectRefused(Reason.CHARACTERS, source=_CONTROL.sub("\ufffd", shown))
    if not fits(path):
        raise RedirectRefused(Reason.LONG, source=shown)
    return canonical(path, locales)


def fits(path: str) -> bool:
    """Whether a path can be stored and looked up."""
    return len(path) <= PATH_LENGTH and len(path.encode()) <= PATH_BYTES


def canonical(path: str, locales: Collection[str]) -> str:
    """The one spelling of a decoded path: no last slash, its locale as configured."""
    locale, rest = split_locale(path, locales)
    return "/" + "/".join([locale, *rest] if locale else rest)


def typed(path: str) -> str:
    """A decoded path as it may be typed or stand in a table, so that reading it gives it back."""
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", path)


def clean_target(target: str, source: str) -> str:
    """A target as a URL: a path of this site or an absolute address of the web."""
    if not target:
        raise RedirectRefused(Reason.NO_TARGET, source=source)
    refused = RedirectRefused(Reason.BAD_TARGET, target=_CONTROL.sub("\ufffd", target[:100]))
    if _CONTROL.search(target) or "\\" in target:
        raise refused
    try:
        parts = urlsplit(target)
        is_local = target.startswith("/") and not target.startswith("//")
        is_web = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
        url = iri_to_uri(target)
    except ValueError:
        raise refused from None
    # Browsers resolve dots, which would lead elsewhere than what is compared here.
    has_dots = is_local and {".", ".."} & set(unquote(parts.path).split("/"))
    if not (is_local or is_web) or has_dots or len(url) > TARGET_LENGTH:
        raise refused
    return url


def with_query(target: str, query: str) -> str:
    """A target with the query of the request, unless it has one of its own."""
    before, hash_sign, fragment = target.partition("#")
    return f"{before}?{query}{hash_sign}{fragment}" if query and "?" not in before else target


def path_from_url(url: str, locales: Collection[str] = ()) -> str | None:
    """The path of this site that a clean target means, spelled as a source; None for another site."""
    if not url.startswith("/"):
        return None
    return canonical(unquote(urlsplit(url).path), locales)


def check_ways(
    rules: Iterable[Rule], after: Mapping[str, Rule], locales: Collection[str]
) -> Iterator[tuple[Rule, RedirectRefused]]:
    """The rules that lead on to another one, or that another one leads to, among all afterwards."""
    leading: dict[str, str] = {}
    for one in after.values():
        if path := path_from_url(one.target, locales):
            leading.setdefault(path, one.source)
    for rule in rules:
        refused = _refused_way(rule, after, locales)
        if refused is None and rule.source in leading:
            before = leading[rule.source]
            refused = RedirectRefused(Reason.IS_TARGET, source=rule.source, before=before)
        if refused is not None:
            yield rule, refused


def _refused_way(
    rule: Rule, after: Mapping[str, Rule], locales: Collection[str]
) -> RedirectRefused | None:
    way, end = [rule.source], rule.target
    while (path := path_from_url(end, locales)) is not None and path in after:
        way.append(path)
        if path in way[:-1]:
            return RedirectRefused(Reason.LOOP, way=" → ".join(way))
        end = after[path].target
    if len(way) == 1:
        return None
    reason = Reason.CHAIN if end else Reason.TARGET_GONE
    return RedirectRefused(reason, source=rule.source, target=way[1], end=end)


def _without_base(value: str, base: str) -> str:
    """An address of this site as a path, by whichever scheme and in whatever letters."""
    here, mount = _host_and_path(base)
    host, path = _host_and_path(value)
    inside = path == mount or path.startswith(mount + "/")
    if not base or not host or host != here or not inside:
        return value
    rest = urlsplit(value)._replace(scheme="", netloc="", path=path[len(mount) :] or "/")
    return rest.geturl()


def _host_and_path(url: str) -> tuple[str, str]:
    """Host, with its port unless that is the usual one, and path; `` for what is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "", ""
    usual = port in (None, 80, 443)
    return parts.hostname if usual else f"{parts.hostname}:{port}", parts.path.rstrip("/")


def _is_system(path: str, locales: Collection[str]) -> bool:
    """Whether a path is one that routes answer, whatever documents there are."""
    locale, parts = split_locale(path, locales)
    if not parts or section_of(path, locales) in (Section.API, Section.ADMIN):
        return True
    if parts[0] == "blog":
        return len(parts) == 1 or (len(parts) == 2 and parts[1] in BLOG_WORDS)
    if parts[0] in ("search", *OWNED_SEGMENTS):
        return len(parts) == 1
    if parts[0] == "problems":
        return True
    return locale is None and parts[0] in SITE_WORDS
