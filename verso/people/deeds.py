"""What can stand in the audit log: each deed by its code, which filters and exports use, and in words."""

from collections.abc import Mapping, Sequence

from verso.i18n.lazy import LazyText, lazy_gettext

DEEDS: Mapping[str, LazyText] = {
    "document-created": lazy_gettext("Document created"),
    "document-saved": lazy_gettext("Document saved"),
    "document-restored": lazy_gettext("Older text restored"),
    "document-submitted": lazy_gettext("Document submitted for review"),
    "document-sent-back": lazy_gettext("Document sent back"),
    "document-published": lazy_gettext("Document published"),
    "document-scheduled": lazy_gettext("Document scheduled"),
    "document-withdrawn": lazy_gettext("Document taken off the site"),
    "document-put-back": lazy_gettext("Document put back"),
    "document-moved": lazy_gettext("Document moved"),
    "document-copied": lazy_gettext("Document copied"),
    "document-deleted": lazy_gettext("Document deleted"),
    "document-commented": lazy_gettext("Comment on a document"),
    "translation-deleted": lazy_gettext("Translation deleted"),
    "medium-uploaded": lazy_gettext("Image uploaded"),
    "medium-replaced": lazy_gettext("Image replaced"),
    "medium-described": lazy_gettext("Image described"),
    "medium-focused": lazy_gettext("Focus of an image set"),
    "medium-deleted": lazy_gettext("Image deleted"),
    "redirect-made": lazy_gettext("Redirect made"),
    "redirect-removed": lazy_gettext("Redirect removed"),
    "redirects-imported": lazy_gettext("Redirects imported"),
    "missing-ignored": lazy_gettext("Missing page ignored"),
    "missing-shown": lazy_gettext("Missing page shown again"),
    "error-resolve": lazy_gettext("Error resolved"),
    "error-reopen": lazy_gettext("Error reopened"),
    "error-mute": lazy_gettext("Error muted"),
    "error-delete": lazy_gettext("Error deleted"),
    "error-merge": lazy_gettext("Errors merged"),
    "error-split": lazy_gettext("Errors split"),
    "site-set-up": lazy_gettext("Site set up"),
    "site-changed": lazy_gettext("Site settings changed"),
    "site-restored": lazy_gettext("Site setting restored"),
    "signed-in": lazy_gettext("Signed in"),
    "sign-in-failed": lazy_gettext("Sign-in failed"),
    "code-refused": lazy_gettext("Code refused"),
    "signed-out": lazy_gettext("Signed out"),
    "sessions-ended": lazy_gettext("Sessions ended"),
    "password-changed": lazy_gettext("Password changed"),
    "reset-asked": lazy_gettext("New password asked for"),
    "password-reset": lazy_gettext("New password chosen"),
    "second-factor-on": lazy_gettext("Second factor switched on"),
    "second-factor-off": lazy_gettext("Second factor switched off"),
    "recovery-codes-renewed": lazy_gettext("Recovery codes renewed"),
    "passkey-added": lazy_gettext("Passkey added"),
    "passkey-removed": lazy_gettext("Passkey removed"),
    "person-made": lazy_gettext("Account made"),
    "person-invited": lazy_gettext("Person invited"),
    "invitation-accepted": lazy_gettext("Invitation accepted"),
    "link-made": lazy_gettext("Link made for a person"),
    "person-changed": lazy_gettext("Role or languages changed"),
    "person-deactivated": lazy_gettext("Account deactivated"),
    "person-reactivated": lazy_gettext("Account reactivated"),
}


def deeds_named(words: str) -> Sequence[str]:
    """The deeds whose name, in the reader's language, holds these words."""
    return [code for code, name in DEEDS.items() if words.casefold() in str(name).casefold()]
