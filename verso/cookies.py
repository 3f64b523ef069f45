"""Cookies as strict as the connection allows: `__Host-` and Secure over HTTPS, plain otherwise."""

from flask import request
from werkzeug.wrappers import Response


def set_cookie(
    response: Response, name: str, value: str, *, max_age: int, http_only: bool = True
) -> None:
    """Set one of our cookies: for this host and every path, never sent along from other sites."""
    secure = request.is_secure
    response.set_cookie(
        "__Host-" + name if secure else name,
        value,
        max_age=max_age,
        httponly=http_only,
        secure=secure,
        samesite="Lax",
        path="/",
    )


def delete_cookie(response: Response, name: str) -> None:
    """Forget one of our cookies."""
    set_cookie(response, name, "", max_age=0)
