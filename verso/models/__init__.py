"""The tables, one subject per file; importing this package registers them all."""

from verso.models.audit import AuditEvent
from verso.models.changes import Change, ChangeKind
from verso.models.comments import Comment
from verso.models.documents import (
    Author,
    AuthorLink,
    Document,
    DocumentText,
    Kind,
    OldUrl,
    Revision,
    Slot,
    State,
    Tag,
    TagLink,
    TagName,
)
from verso.models.drafts import Draft
from verso.models.failures import (
    FailureEvent,
    FailureGroup,
    FailureHour,
    FailurePrint,
    GroupState,
)
from verso.models.jobs import Job
from verso.models.media import Media, MediaText, MediaUse
from verso.models.people import (
    Login,
    OneTimeToken,
    Passkey,
    Purpose,
    RecoveryCode,
    Role,
    User,
    UserLocale,
)
from verso.models.redirects import MissingDay, MissingUrl, Redirect
from verso.models.settings import SiteChange, SiteSetting

__all__ = [
    "AuditEvent",
    "Author",
    "AuthorLink",
    "Change",
    "ChangeKind",
    "Comment",
    "Document",
    "DocumentText",
    "Draft",
    "FailureEvent",
    "FailureGroup",
    "FailureHour",
    "FailurePrint",
    "GroupState",
    "Job",
    "Kind",
    "Login",
    "Media",
    "MediaText",
    "MediaUse",
    "MissingDay",
    "MissingUrl",
    "OldUrl",
    "OneTimeToken",
    "Passkey",
    "Purpose",
    "RecoveryCode",
    "Redirect",
    "Revision",
    "Role",
    "SiteChange",
    "SiteSetting",
    "Slot",
    "State",
    "Tag",
    "TagLink",
    "TagName",
    "User",
    "UserLocale",
]
