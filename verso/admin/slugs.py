"""Why an address cannot be used, in the words of the editor's language."""

from verso.content.slugs import SlugRefused
from verso.i18n.gettext import gettext


def slug_reason(error: Exception) -> str:
    """Why a slug cannot be used, in the reader's language."""
    if not isinstance(error, SlugRefused):
        return gettext("Another document has this address already. Choose another one.")
    reasons = {
        "empty": gettext("Please choose an address; it cannot be made from this title."),
        "characters": gettext("Use letters, digits, hyphens, dots and underscores only."),
        "long": gettext("This address is too long."),
        "reserved": gettext(
            "“%(slug)s” is needed by the site itself. Choose another one.", slug=error.slug
        ),
    }
    return reasons[error.reason]
