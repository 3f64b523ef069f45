"""The audit: what the running application would answer wrongly, found before a reader does."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, Response
from markupsafe import escape
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from verso.errors.catalogue import BY_SLUG, PROBLEMS, problem_for_status
from verso.errors.kinds import ProblemType
from verso.errors.problem import Problem
from verso.errors.report import mark_as_reported
from verso.i18n.catalogs import Catalogs
from verso.i18n.gettext import translate_with
from verso.i18n.locales import Locales
from verso.i18n.messages import SOURCE_LOCALE
from verso.sections import Section, section_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# An id that says what made it, on errors that nobody met.
_NOBODYS = "AUDIT0000000"
# The codes that a section registers its respond for; None is HTTPException.
_OUR_HANDLERS = frozenset({404, 405, None})


@dataclass(frozen=True, slots=True)
class Hole:
    """Something that would be answered wrongly; what is a stable word, where and words say the rest."""

    what: str
    where: str
    words: str


def audit(app: Flask) -> Iterator[Hole]:
    """Every hole in the answers to errors: catalogue, translations, handlers, routes, sections."""
    locales: Locales = app.extensions["verso.locales"]
    yield from _catalogue(app)
    yield from _translations(locales)
    yield from _handlers(app)
    yield from _routes(app, locales)
    for section in Section:
        for locale in locales.current:
            yield from _answers(app, section, locale)


def _catalogue(app: Flask) -> Iterator[Hole]:
    """Each problem has words and a class to raise; each class has a problem."""
    mapping = app.aborter.mapping
    for problem in PROBLEMS:
        empty = [name for name in ("title", "detail", "advice") if not getattr(problem, name)]
        if empty:
            yield Hole("undocumented", problem.slug, f"has no {', '.join(empty)}")
        if BY_SLUG.get(problem.slug) is not problem:
            yield Hole("undocumented", problem.slug, "its page shows another problem")
        cls = mapping.get(problem.status)
        if cls is None or cls.code != problem.status:
            yield Hole("no class", problem.slug, f"nothing raises status {problem.status}")
    for status in range(400, 600):
        if status not in mapping:
            yield Hole("no class", str(status), "abort() would answer 500 instead")
    for name, count in Counter(problem.slug for problem in PROBLEMS).items():
        if count > 1:
            yield Hole("duplicate problem", name, f"stands in the catalogue {count} times")
    for code, count in Counter(problem.code for problem in PROBLEMS).items():
        if count > 1:
            yield Hole("duplicate problem", str(code), f"{count} problems share this code")


def _translations(locales: Locales) -> Iterator[Hole]:
    catalogs: Catalogs = locales.catalogs
    for locale in locales.current:
        known = catalogs.get(locale).messages
        for problem in PROBLEMS if locale != SOURCE_LOCALE else ():
            for name in ("title", "detail", "advice"):
                if getattr(problem, name) not in known:
                    words = f"the {name} has no translation: {getattr(problem, name)!r}"
                    yield Hole("untranslated", f"{problem.slug} in {locale}", words)


def _handlers(app: Flask) -> Iterator[Hole]:
    """Every section and the application have exactly their own three handlers."""
    for (code, name), count in app.extensions["verso.handlers"].items():
        if count > 1:
            words = f"was registered {count} times: the last one wins, silently"
            yield Hole("duplicate handler", f"{name} ({code or 'any status'})", words)
    own = {str(section): respond for section, respond in app.extensions["verso.responders"].items()}
    own_of_app = app.extensions["verso.dispatch"]
    for scope, by_code in app.error_handler_spec.items():
        expected = own_of_app if scope is None else own.get(scope)
        for by_class in by_code.values():
            for cls, handler in by_class.items():
                where = f"{cls.__name__} in {scope or 'the application'}"
                if not issubclass(cls, HTTPException):
                    if cls.__module__ == "builtins":
                        words = "catches what ordinary code raises by accident, unreported"
                        yield Hole("builtin handler", where, words)
                elif handler is not expected:
                    words = "is not the section's respond: its form, headers and report are lost"
                    yield Hole("duplicate handler", where, words)
        if expected is not None and not set(by_code) >= _OUR_HANDLERS:
            yield Hole("no handler", scope or "the application", "lacks 404, 405 or HTTPException")


def _routes(app: Flask, locales: Locales) -> Iterator[Hole]:
    """Each rule belongs to the blueprint of the section that answers for its path."""
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<locale:locale>", locales.default)
        owner = section_of(path, locales.current)
        if rule.endpoint.partition(".")[0] != owner:
            words = f"its errors have the form of {owner}, its blueprint is another"
            yield Hole("wrong section", f"{rule.rule} ({rule.endpoint})", words)


def _answers(app: Flask, section: Section, locale: str) -> Iterator[Hole]:
    """Every problem in a section and a locale, and 405 by every method."""
    for problem in PROBLEMS:
        yield from _answer(app, section, locale, "HEAD", Problem(problem.slug))
    for method in METHODS:
        wrong = MethodNotAllowed(valid_methods=["GET"])
        yield from _answer(app, section, locale, method, wrong)


def _answer(
    app: Flask, section: Section, locale: str, method: str, error: HTTPException
) -> Iterator[Hole]:
    mark_as_reported(error, _NOBODYS)
    kind: ProblemType = getattr(error, "type", None) or problem_for_status(error.code or 500)
    where = f"{kind.slug} ({method}) in {section}, {locale}"
    try:
        response = _asked(app, section, locale, method, error)
    except Exception as failure:  # What breaks here would be the last resort for a reader.
        yield Hole("broken answer", where, f"{type(failure).__name__}: {failure}")
        return
    title = translate_with(app.extensions["verso.catalogs"].get(locale), kind.title)
    for words in _wrong(response, section, locale, kind, title):
        yield Hole("wrong answer", where, words)


def _asked(
    app: Flask, section: Section, locale: str, method: str, error: HTTPException
) -> Response:
    """The section's answer to an error; each has a context of its own, as a request has."""
    path, query = _path(section, locale)
    asking = {"Cookie": f"verso_admin_language={locale}", "Accept-Language": locale}
    with (
        app.app_context(),
        app.test_request_context(path, method=method, query_string=query, headers=asking),
    ):
        response: Response = app.extensions["verso.responders"][section](error)
        return response


def _wrong(
    response: Response, section: Section, locale: str, kind: ProblemType, title: str
) -> Iterator[str]:
    if response.status_code != kind.status:
        yield f"answers {response.status_code}, not {kind.status}"
    wanted = "application/problem+json" if section is Section.API else "text/html"
    if response.mimetype != wanted:
        yield f"is {response.mimetype}, not {wanted}"
    if response.headers.get("Content-Language") != locale:
        yield f"says Content-Language {response.headers.get('Content-Language')}, not {locale}"
    if kind.status == 405 and "Allow" not in response.headers:
        yield "has no Allow header (RFC 9110, 15.5.6)"
    if kind.status == 401 and "WWW-Authenticate" not in response.headers:
        yield "has no WWW-Authenticate header (RFC 9110, 15.5.2)"
    body = response.get_data(as_text=True)
    # JSON writes quotes out, HTML escapes them.
    if not any(form in body for form in (title, str(escape(title)), json.dumps(title)[1:-1])):
        yield "does not show its title in this language"


def _path(section: Section, locale: str) -> tuple[str, str]:
    """A path and query of a section in a language."""
    if section is Section.API:
        return "/api/v1/audit", f"lang={locale}"
    if section is Section.ADMIN:
        return "/admin/audit", ""
    return (f"/{locale}/audit" if section is Section.SITE else f"/{locale}/{section}/audit"), ""
