"""The accent colours as a stylesheet: its address is all of its content, so it never changes."""

from flask import Response
from werkzeug.exceptions import NotFound

from verso.content.colours import BadColour, Scheme, WeakColour, check_accent
from verso.site.files import FOR_EVER


def accent(light: str, dark: str) -> Response:
    """`/static/accent/<light>-<dark>.css`: colours that are no accents on our papers are unknown."""
    try:
        found = check_accent("#" + light, Scheme.LIGHT), check_accent("#" + dark, Scheme.DARK)
    except (BadColour, WeakColour):
        raise NotFound from None
    css = f"@layer tokens {{ :root {{ --accent: light-dark({found[0]}, {found[1]}); }} }}\n"
    response = Response(css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOR_EVER
    return response
