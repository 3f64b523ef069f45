"""The tables, one subject per file; importing this package registers them all."""

from verso.models.documents import (
    Author,
    AuthorLink,
    Document,
    DocumentText,
    Kind,
    OldUrl,
    Revision,
    State,
    Tag,
    TagLink,
    TagName,
)
from verso.models.media import Media
from verso.models.people import Login, OneTimeToken, Purpose, Role, User
from verso.models.settings import SiteSetting

__all__ = [
    "Author",
    "AuthorLink",
    "Document",
    "DocumentText",
    "Kind",
    "Login",
    "Media",
    "OldUrl",
    "OneTimeToken",
    "Purpose",
    "Revision",
    "Role",
    "SiteSetting",
    "State",
    "Tag",
    "TagLink",
    "TagName",
    "User",
]
