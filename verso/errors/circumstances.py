"""What is known about a request when something failed in it; reading it can break nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.wrappers import Request

from verso.errors.scrub import secrets_in

# Headers whose values are nobody's secret; of the others only the name is kept.
SHOWN_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "content-encoding"}
    | {"content-length", "content-type", "host", "if-match", "if-modified-since", "if-none-match"}
    | {"last-event-id", "origin", "range", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"}
    | {"te", "transfer-encoding", "upgrade", "user-agent", "via"}
)
# W3C Trace Context, 3.2: version 00, ids that are not all zero.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_QUERY = 65_536
MAX_COOKIES = 50


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and how a failure was met; request and secrets are as they came, to be scrubbed."""

    section: str
    method: str
    path: str
    phase: str = "request"
    status: int = 500
    locale: str = ""
    endpoint: str = ""
    request: Mapping[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    trace_id: str = ""
    request_id: str = ""
    # Stands for the request: what was reported in it is not reported twice.
    token: object = None


def circumstances(request: Request, section: str, **known: Any) -> Circumstances:
    """What a request says about itself; known are further fields of Circumstances."""
    cookies = _cookies(request)
    seen = {
        "query": _query(request),
        "form": _form(request),
        "json": _json(request),
        "arguments": dict(getattr(request, "view_args", None) or {}),
    }
    headers = _headers(request)
    shown = {name: value for name, value in seen.items() if value not in ({}, None)}
    shown |= {"headers": headers, "cookies": sorted(cookies)}
    hidden = [value for name, value in request.headers.items() if _is_hidden(name)]
    return Circumstances(
        section=section,
        method=request.method[:20],
        path=request.path,
        endpoint=str(getattr(request, "endpoint", None) or ""),
        request=shown,
        secrets=(*secrets_in(seen), *cookies.values(), *hidden, *_credentials(request)),
        trace_id=trace_id_of(request),
        request_id=request_id_of(request),
        token=_token_of(request),
        **known,
    )


def brief(request: Request, section: str, **known: Any) -> Circumstances:
    """As circumstances, but only what a line in the log tells; for what is no fault."""
    return Circumstances(
        section=section,
        method=request.method[:20],
        path=request.path,
        trace_id=trace_id_of(request),
        request_id=request_id_of(request),
        token=_token_of(request),
        **known,
    )


def _token_of(request: Request) -> object:
    """One object for all that is made of the same WSGI environment."""
    return request.environ.setdefault("verso.token", object())


def trace_id_of(request: Request) -> str:
    """The trace id of a well-formed traceparent header, else ``."""
    found = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    return found[1] if found else ""


def request_id_of(request: Request) -> str:
    """A sane X-Request-ID; clients choose it, so it is never the error's id."""
    value = request.headers.get("X-Request-ID", "")
    return value if _REQUEST_ID.fullmatch(value) else ""


def _credentials(request: Request) -> list[str]:
    """What an Authorization header holds: its token, or the name and password inside."""
    found = request.authorization
    if found is None:
        return []
    _, _, whole = request.headers.get("Authorization", "").partition(" ")
    inside = [found.token, *(found.parameters or {}).values()]
    return [str(one) for one in (whole, *inside) if one]


def _query(request: Request) -> dict[str, list[str]]:
    """The query without Werkzeug's decoding, which fails for raw bytes."""
    found: dict[str, list[str]] = {}
    text = request.query_string[:MAX_QUERY].decode("utf-8", "replace")
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def _form(request: Request) -> dict[str, list[str]]:
    """The form, if the view had read it already: reading it now could wait or fail."""
    form = request.__dict__.get("form")
    return form.to_dict(flat=False) if form else {}


def _json(request: Request) -> Any:
    """The JSON body, if the view had read it already."""
    cached = getattr(request, "_cached_json", (Ellipsis, Ellipsis))
    return next((value for value in cached if value is not Ellipsis), None)


def _cookies(request: Request) -> dict[str, str]:
    return {
        name[:200]: value for name, value in list(request.cookies.items())[:MAX_COOKIES] if value
    }


def _headers(request: Request) -> dict[str, str]:
    shown = {}
    for name, value in request.headers.items():
        if name.lower() == "referer":
            shown[name] = _without_query(value)
        elif name.lower() != "cookie":
            shown[name] = "…" if _is_hidden(name) else value[:500]
    return shown


def _is_hidden(name: str) -> bool:
    ids = ("cookie", "referer", "traceparent", "x-request-id")
    return name.lower() not in SHOWN_HEADERS and name.lower() not in ids


def _without_query(url: str) -> str:
    """Scheme, host and path of a URL; what is no URL is left out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:500] if parts.scheme else ""
