"""HTTP errors that Werkzeug has no class for, so that a view can raise any status from 400 to 599."""

from werkzeug.exceptions import Aborter, HTTPException, default_exceptions


class PaymentRequired(HTTPException):
    """402 (RFC 9110, 15.5.3)."""

    code = 402


class ProxyAuthenticationRequired(HTTPException):
    """407; its Proxy-Authenticate header is the server's to send: WSGI forbids it (PEP 3333)."""

    code = 407


class TooEarly(HTTPException):
    """425 (RFC 8470, 5.2)."""

    code = 425


class UpgradeRequired(HTTPException):
    """426; its Upgrade header is the server's to send: WSGI forbids it (PEP 3333)."""

    code = 426


class VariantAlsoNegotiates(HTTPException):
    """506 (RFC 2295, 8.1)."""

    code = 506


class InsufficientStorage(HTTPException):
    """507 (RFC 4918, 11.5)."""

    code = 507


class LoopDetected(HTTPException):
    """508 (RFC 5842, 7.2)."""

    code = 508


class NotExtended(HTTPException):
    """510 (RFC 2774, 7; historic)."""

    code = 510


class NetworkAuthenticationRequired(HTTPException):
    """511 (RFC 6585, 6)."""

    code = 511


class NetworkConnectTimeout(HTTPException):
    """599, which no RFC names and proxies send."""

    code = 599


_OURS = (
    PaymentRequired,
    ProxyAuthenticationRequired,
    TooEarly,
    UpgradeRequired,
    VariantAlsoNegotiates,
    InsufficientStorage,
    LoopDetected,
    NotExtended,
    NetworkAuthenticationRequired,
    NetworkConnectTimeout,
)
# The rest of the range has classes without a name: a status of somebody else's can be passed on.
CLASSES: dict[int, type[HTTPException]] = {
    **{
        status: type(f"Status{status}", (HTTPException,), {"code": status})
        for status in range(400, 600)
    },
    **{cls.code: cls for cls in _OURS if cls.code},
    **default_exceptions,
}


class AnyStatus(Aborter):
    """`abort` for every status of an error, not only for those that Werkzeug knows."""

    def __init__(self) -> None:
        super().__init__(CLASSES)
