"""Links that know the mount and the public address; they need no router and cannot fail."""

import re

from flask import Flask, request
from markupsafe import Markup
from werkzeug.exceptions import BadHost, SecurityError

from verso.current import get_settings

# Inside tags only: a code sample may show the same words. The cleaner escapes `<` and `>` elsewhere.
_LOCAL_LINK = re.compile(r'(<[a-z][^<>]*?\s(?:href|src)=")/(?!/)')


# Of our own media only: no other `source` stands in rendered content.
_SRCSET = re.compile(r'(<source [^<>]*?srcset=")(/[^"]+)')


def init_app(app: Flask) -> None:
    app.jinja_env.filters["mounted"] = mounted
    app.jinja_env.globals.update(absolute=absolute, href=href, mounted_srcset=mounted_srcset)


def href(path: str) -> str:
    """A path of this site under the mount it runs at."""
    return request.root_path.rstrip("/") + path


def absolute(path: str) -> str:
    """The absolute URL of a path: from BASE_URL, else from the request, on a trusted host only."""
    base = get_settings().BASE_URL
    return (base or request.host_url.rstrip("/") + request.root_path.rstrip("/")) + path


def absolute_if_safe(path: str) -> str:
    """As absolute, but a path under the mount where the request's host is the very thing wrong."""
    try:
        return absolute(path) if get_settings().BASE_URL or request.host else href(path)
    except (BadHost, SecurityError):
        return href(path)


def mounted(html: str, prefix: str | None = None) -> Markup:
    """Rendered content with its local links under the mount (or under an absolute prefix)."""
    root = request.root_path.rstrip("/") if prefix is None else prefix
    # The renderer cleaned this HTML as its last step; only link prefixes are added here.
    if not root:
        return Markup(html)
    html = _LOCAL_LINK.sub(lambda link: f"{link[1]}{root}/", html)
    return Markup(_SRCSET.sub(lambda found: found[1] + _under(root, found[2]), html))


def mounted_srcset(srcset: str) -> str:
    """The addresses of a srcset under the mount."""
    return _under(request.root_path.rstrip("/"), srcset)


def _under(root: str, srcset: str) -> str:
    return ", ".join(root + part for part in srcset.split(", "))
