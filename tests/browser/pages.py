"""Every kind of page that Verso answers with, and how to ask for one of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class PageKind:
    """A page by its English path (the admin's has no language), and what comes back.

    `form` is what is posted there if it is `posted`; `busy` is the database meanwhile,
    and the site is `closed`.
    `shows` is a selector of what tells the page from others.
    """

    name: str
    path: str
    status: int = 200
    form: Mapping[str, str] = field(default_factory=dict)
    posted: bool = False
    signed_in: bool = False
    busy: bool = False
    closed: bool = False
    shows: str = "h1"


def _read(name: str, path: str, status: int = 200) -> PageKind:
    return PageKind(name, path, status)


def _posted(name: str, path: str, status: int, shows: str = "h1", **form: str) -> PageKind:
    return PageKind(name, path, status, form, posted=True, shows=shows)


def _desk(name: str, path: str, status: int = 200) -> PageKind:
    return PageKind(name, path, status, signed_in=True)


def _sent(name: str, path: str, status: int = 200, shows: str = "h1", **form: str) -> PageKind:
    return replace(_posted(name, path, status, shows, **form), signed_in=True)


FIELD_ERROR = "[aria-invalid] + .field-error"
TEXT = "/admin/documents/{page}/text/en"
SITE = (
    _read("home", "/"),
    _read("page with breadcrumbs", "/about/history"),
    _read("page in fallback language", "/imprint"),
    _read("page with everything", "/everything"),
    _read("page far below", "/everything/below/far-below"),
    _read("search", "/search"),
    _read("search with results", "/search?q={word}"),
    _read("search without results", "/search?q=xyzzy{long_word}"),
    _read("second page of a search", "/search?q=letter&page=2"),
    _read("problems", "/problems/"),
    _read("problem", "/problems/database-unavailable"),
    _read("unknown page", "/nothing-here", 404),
    _read("page that exists in another language", "/{locale}/{elsewhere}", 404),
    _read("near miss", "/abuot", 404),
    _read("long unknown page", "/{long_word}{long_word}{long_word}", 404),
    _read("withdrawn page", "/gone", 410),
    _read("bad request", "/search?q=%00", 400),
    _posted("method not allowed", "/problems/", 405),
    _read("fault", "/boom", 500),
    _read("database unavailable", "/unavailable", 503),
    _read("last resort", "/broken", 500),
    replace(_read("closed site", "/about/history", 503), closed=True),
    replace(
        _read("closed site for people signed in", "/about/history"),
        closed=True,
        signed_in=True,
        shows=".insider",
    ),
)
BLOG = (
    _read("index", "/blog/"),
    _read("deep page of the index", "/blog/?at={older}"),
    _read("post", "/blog/imposition-script"),
    _read("post with a picture", "/blog/flood-night"),
    _read("post in fallback language", "/blog/dictee-du-quai"),
    _read("post with everything", "/blog/all-of-it"),
    _read("draft", "/blog/not-yet", 404),
    _read("tags", "/blog/tags/"),
    _read("tag", "/blog/tags/printing"),
    _read("authors", "/blog/authors/"),
    _read("author", "/blog/authors/nadia-benkhalil"),
    _read("archive", "/blog/archive/"),
    _read("year", "/blog/archive/2025"),
    _read("unknown post", "/blog/nothing-here", 404),
    _read("near miss in the blog", "/blog/flod-night", 404),
    _posted("method not allowed in the blog", "/blog/", 405),
    _read("fault in the blog", "/blog/boom", 500),
    replace(_read("closed blog", "/blog/", 503), closed=True),
)
ADMIN = (
    _read("sign-in", "/admin/sign-in?next=/admin/account"),
    _posted(
        "sign-in refused",
        "/admin/sign-in",
        422,
        "[role=alert]",
        email="{locale}@example.net",
        password="wrong",
    ),
    _read("set-up", "/admin/setup/{token}"),
    _posted(
        "set-up refused", "/admin/setup/{token}", 422, FIELD_ERROR, email="nobody", password="short"
    ),
    _read("set-up link used up", "/admin/setup/used-up", 410),
    _desk("overview", "/admin/"),
    _desk("documents", "/admin/documents?done=deleted"),
    _desk("older documents", "/admin/documents?kind=post&state=published"),
    _desk("no documents", "/admin/documents?q=xyzzy{long_word}"),
    _desk("editor of a page", TEXT + "?done=saved"),
    _desk("editor of a post", "/admin/documents/{post}/text/en"),
    _desk("editor of a missing translation", "/admin/documents/{below}/text/ar"),
    _desk("new page", "/admin/documents/new/page"),
    _desk("new post", "/admin/documents/new/post"),
    _sent(
        "new post refused",
        "/admin/documents/new/post",
        422,
        FIELD_ERROR,
        title="Tags",
        slug="tags",
        body="x",
    ),
    _sent("conflict", TEXT, 409, "#newer-body", version="0", title="{long_word}", body="Mine"),
    replace(
        _sent("busy", TEXT, 503, ".conflict + form", version="1", title="{long_word}", body="Mine"),
        busy=True,
    ),
    _desk("editor with unsaved words", TEXT.replace("/en", "/de")),
    _desk("unsaved words", TEXT.replace("/en", "/de") + "?lane={lane}"),
    _sent("preview", "/admin/preview/page", title="{long_word}", body="# A", locale="{locale}"),
    _posted("form sent signed out", TEXT, 403, "[name=body]", title="{long_word}", body="Mine"),
    _desk("history", TEXT + "/history"),
    _desk("history of nothing", "/admin/documents/{below}/text/ar/history"),
    _desk("what a save changed", TEXT + "/history/{revision}"),
    _desk("what has changed since", TEXT + "/history/{revision}?with=now&view=inline"),
    _desk("editor of what waits", "/admin/documents/{waiting}/text/en?done=submitted"),
    _desk("editor of what can be put back", "/admin/documents/{gone}/text/en?done=withdrawn"),
    _desk("timeline", "/admin/documents/{waiting}/timeline?done=commented"),
    _desk("timeline of nothing", "/admin/documents/{page}/timeline"),
    _sent("comment refused", "/admin/documents/{waiting}/timeline", 422, FIELD_ERROR, words="\x00"),
    _desk("tree", "/admin/tree"),
    _desk("tree below a page", "/admin/tree?at={below}"),
    _desk("tree after a move", "/admin/tree?near={page}&by=up&changed=3"),
    _sent(
        "move refused",
        "/admin/documents/{page}/move",
        409,
        "[role=alert]",
        to="into",
        target="{page}",
        version="{page_version}",
    ),
    _sent(
        "outcome for many documents",
        "/admin/documents/bulk?kind=page",
        200,
        ".outcomes .refused",
        then="submit",
        **{"item[]": "{page}.0"},
    ),
    _sent(
        "delete of many documents",
        "/admin/documents/bulk",
        200,
        ".danger",
        then="delete",
        **{"item[]": "{page}.0"},
    ),
    _sent("nothing ticked", "/admin/documents/bulk", 422, then="publish"),
    _desk("account", "/admin/account?done=language"),
    _sent(
        "password refused",
        "/admin/account/password",
        422,
        FIELD_ERROR,
        current="wrong",
        password="short",
    ),
    _desk("delete", "/admin/documents/{page}/delete"),
    _desk("errors", "/admin/errors?state=all&done=resolve"),
    _desk("no errors", "/admin/errors?q=xyzzy{long_word}"),
    _desk("error", "/admin/errors/1"),
    _desk("muted error", "/admin/errors/2?done=mute"),
    _desk("media", "/admin/media?done=uploaded"),
    _desk("media without words", "/admin/media?missing=ar&q=paper"),
    _desk("no media", "/admin/media?q=xyzzy{long_word}"),
    _desk("medium", "/admin/media/{medium}?done=saved"),
    _desk("medium in use", "/admin/media/1"),
    _sent("delete of a medium in use", "/admin/media/1/delete", 409),
    _sent("upload of no form", "/admin/media", 415),
    _desk("missing pages", "/admin/missing?done=redirected"),
    _desk("scanner noise", "/admin/missing?cause=noise"),
    _desk("no missing pages", "/admin/missing?q=xyzzy{long_word}"),
    _desk("redirects", "/admin/redirects?done=imported"),
    _desk("no redirects", "/admin/redirects?q=xyzzy{long_word}"),
    _sent(
        "redirect refused",
        "/admin/redirects",
        422,
        FIELD_ERROR,
        source="/en/elsewhere",
        target="/old",
        code="301",
    ),
    _sent("table refused", "/admin/redirects/import", 422, "[role=alert]"),
    _desk("people", "/admin/people"),
    _sent("invitation refused", "/admin/people", 422, FIELD_ERROR, email="nobody", role="author"),
    _desk("person", "/admin/people/{translator}?done=saved"),
    _desk("invited person", "/admin/people/{invited}"),
    _desk("closed person", "/admin/people/{closed}"),
    _sent("link to copy", "/admin/people/{invited_too}/link", 200, ".link-once"),
    _read("invitation", "/admin/invitation/{invitation}"),
    _posted(
        "invitation answered badly",
        "/admin/invitation/{invitation}",
        422,
        FIELD_ERROR,
        password="x",
    ),
    _read("forgotten password", "/admin/reset"),
    _read("new password asked for", "/admin/reset?done=asked"),
    _read("new password", "/admin/reset/{reset}"),
    _read("link used up", "/admin/reset/used-up", 410),
    _desk("second factor", "/admin/account/second-factor"),
    _sent(
        "second factor refused",
        "/admin/account/second-factor/enable",
        422,
        "[role=alert]",
        code="000000",
    ),
    _desk("audit log", "/admin/audit"),
    _desk("older entries of the audit log", "/admin/audit?q=counted"),
    _desk("nothing in the audit log", "/admin/audit?q=xyzzy{long_word}"),
    _desk("words of the site", "/admin/site?locale=ar&done=saved"),
    _sent(
        "words of the site changed by two",
        "/admin/site",
        409,
        ".newer",
        tagline="{long_word}",
        locale="en",
    ),
    _desk("look of the site", "/admin/site/look"),
    _sent(
        "colour refused",
        "/admin/site/look",
        422,
        ".accent + .field-error",
        accent_light="#ffcc00",
        accent_dark="red",
    ),
    _desk("menu", "/admin/site/menu"),
    _sent("menu changed by two", "/admin/site/menu", 409, ".newer", do="in:{page}"),
    _desk("languages of the site", "/admin/site/languages"),
    _desk("maintenance", "/admin/site/maintenance"),
    _desk("history of the site", "/admin/site/history"),
    _desk("languages", "/admin/languages"),
    _desk("messages of a language", "/admin/languages/ar?q=%25"),
    _desk("messages that a language lacks", "/admin/languages/en?state=missing"),
    _desk("unknown language", "/admin/languages/xx", 404),
    _desk("unknown page of the admin", "/admin/nothing-here", 404),
    _sent("method not allowed in the admin", "/admin/documents", 405),
    _desk("fault in the admin", "/admin/boom", 500),
)
# Whoever is signed in sees the strings of a page below it.
STRINGS = "section.strings li"
TRANSLATED = (
    replace(_desk("strings of a page", "/about/history?translate=1"), shows=STRINGS),
    replace(_desk("strings of the blog", "/blog/?translate=1"), shows=STRINGS),
    replace(_desk("strings of a 404", "/nothing-here?translate=1", 404), shows=STRINGS),
    replace(_desk("strings of a fault", "/boom?translate=1", 500), shows=STRINGS),
    replace(_desk("strings of the admin", "/admin/documents?translate=1"), shows=STRINGS),
    replace(_desk("strings of languages", "/admin/languages?translate=1"), shows=STRINGS),
)
PAGES = (*SITE, *BLOG, *ADMIN, *TRANSLATED)
