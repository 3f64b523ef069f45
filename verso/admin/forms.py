"""Forms of the admin, with messages in the language of the page."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from verso.content.drafts import FIELDS as DRAFT_FIELDS
from verso.content.drafts import Lane, is_lane, new_lane
from verso.i18n.gettext import gettext, ngettext
from verso.models.comments import COMMENT_LENGTH
from verso.models.documents import SLUG_LENGTH, TITLE_LENGTH

MAX_SUMMARY = 1000
MAX_BODY = 2_000_000
# In characters, of all that is typed into the form of a text.
LIMITS = {
    "title": TITLE_LENGTH,
    "slug": SLUG_LENGTH,
    "summary": MAX_SUMMARY,
    "body": MAX_BODY,
    "search_title": TITLE_LENGTH,
    "search_description": MAX_SUMMARY,
    **dict.fromkeys(("tags", "tags_before", "authors", "authors_before"), 1000),
    **dict.fromkeys(("cover", "cover_before", "sharing", "sharing_before"), 2000),
}
FIRST_YEAR, LAST_YEAR = 1000, 9000
LARGEST_INTEGER = 2**31 - 1


# Not every database can store them, and no feed may hold them (XML 1.0, 2.2).
NOT_STORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# What is pasted from word processors ends lines in more ways than one.
_LINE_END = re.compile("\r\n|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(f"{NOT_STORABLE.pattern}|\x7f")


def required() -> InputRequired:
    return InputRequired(gettext("Please fill this in."))


def at_most(length: int) -> Length:
    message = ngettext("At most %(num)s character.", "At most %(num)s characters.", length)
    return Length(max=length, message=message)


def short_names(form: Form, field: StringField) -> None:
    """Names between commas, each as long as it can be kept."""
    if any(len(name) > SLUG_LENGTH for name in names(field.data)):
        message = ngettext(
            "Each name may have at most %(num)s character.",
            "Each name may have at most %(num)s characters.",
            SLUG_LENGTH,
        )
        raise ValidationError(message)


def several_lines(value: str | None) -> str:
    """What was typed into several lines: each ends in a line feed, and nobody looks for the invisible."""
    return _INVISIBLE.sub("", _LINE_END.sub("\n", value or ""))


def one_line(value: str | None) -> str:
    """What was typed into one line; an end of a line that was pasted along is a space."""
    return _INVISIBLE.sub("", _LINE_END.sub(" ", value or "")).strip()


def person_name(value: str) -> str:
    """What somebody is called: one line of at most 200 characters, without what turns its neighbours around."""
    shown = (letter for letter in one_line(value) if not _is_formatting(letter))
    return " ".join("".join(shown).split())[:200]


def _is_formatting(letter: str) -> bool:
    """Whether this formats what is around it; Persian names and emoji need their joiners."""
    return unicodedata.category(letter) == "Cf" and letter not in "\u200c\u200d"


class SignInForm(Form):
    """Address and password."""

    email = StringField(filters=[one_line])
    password = PasswordField()


class TextForm(Form):
    """The words of a document in one locale, and what was known when the form was opened.

    version is that of the text (0: there was none); lane and lane_version are where the unsaved
    text is kept; tags_before and the like are what was there.
    """

    title = StringField(filters=[one_line])
    slug = StringField(filters=[one_line])
    summary = TextAreaField(filters=[several_lines, str.strip])
    body = TextAreaField(filters=[several_lines])
    tags = StringField(filters=[one_line])
    authors = StringField(filters=[one_line])
    cover = StringField(filters=[one_line])
    search_title = StringField(filters=[one_line])
    search_description = TextAreaField(filters=[several_lines, str.strip])
    sharing = StringField(filters=[one_line])
    version = HiddenField(default="0")
    lane = HiddenField(default="")
    lane_version = HiddenField(default="0")
    tags_before = HiddenField(default="", filters=[one_line])
    authors_before = HiddenField(default="", filters=[one_line])
    cover_before = HiddenField(default="", filters=[one_line])
    sharing_before = HiddenField(default="", filters=[one_line])

    def prepare(self) -> "TextForm":
        """Attach the validators, whose messages need the language of the request."""
        for name, length in LIMITS.items():
            field: Any = self[name]
            field.validators = [at_most(length)]
        self.title.validators = [required(), *self.title.validators]
        for listed in (self.tags, self.authors):
            listed.validators = [short_names, *listed.validators]
        return self

    def prepare_draft(self) -> "TextForm":
        """As prepare, for what is being typed: much may be missing or too long still."""
        self.prepare()
        for field in (self.title, self.tags, self.authors):
            field.validators = field.validators[1:]
        return self

    @property
    def opened_version(self) -> int:
        """The version of the text that the form was opened at; 0 for a forged one."""
        return whole_number(self.version.data)

    @property
    def open_lane(self) -> Lane:
        """Where what is typed is kept; a new lane for a form that names none."""
        token = self.lane.data or ""
        return Lane(token, whole_number(self.lane_version.data)) if is_lane(token) else new_lane()

    @property
    def words(self) -> dict[str, str]:
        """What was typed, by the names that drafts have."""
        return {name: self[name].data or "" for name in DRAFT_FIELDS}


def whole_number(value: str | None) -> int:
    """A number from a hidden field; 0 for what is none."""
    value = value or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


class PlaceForm(Form):
    """Where a page stands."""

    # Not only what is offered now: where pages may stand is asked when they are moved.
    parent = SelectField(coerce=int, default=0, validate_choice=False)
    position = IntegerField(default=0)
    in_menu = BooleanField()
    is_home = BooleanField()

    def prepare(self, parents: Sequence[tuple[int, str]]) -> "PlaceForm":
        self.parent.choices = [(0, gettext("Top level")), *parents]
        self.position.validators = [Optional(), NumberRange(0, LARGEST_INTEGER)]
        return self


class CommentForm(Form):
    """What somebody says about a document."""

    words = TextAreaField(filters=[several_lines, str.strip])

    def prepare(self, *, is_needed: bool = True) -> "CommentForm":
        # Spaces alone say nothing.
        needed = [DataRequired(gettext("Please fill this in."))] if is_needed else []
        self.words.validators = [*needed, at_most(COMMENT_LENGTH)]
        return self


class PublishForm(Form):
    """When to publish: empty means now. The time is that of the site's time zone."""

    at = DateTimeLocalField(format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])

    def prepare(self) -> "PublishForm":
        self.at.validators = [Optional()]
        if self.at.process_errors:
            # WTForms would say it in English.
            self.at.process_errors = [gettext("The time to publish at cannot be read.")]
        return self

    def validate_at(self, field: DateTimeLocalField) -> None:
        """Years at the ends of the calendar overflow in some time zone."""
        if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(gettext("The time to publish at cannot be read."))

    def moment(self, timezone: str) -> datetime | None:
        """The moment in UTC, or None for now."""
        if self.at.data is None:
            return None
        local: datetime = self.at.data.replace(tzinfo=ZoneInfo(timezone))
        return local.astimezone(UTC)


def names(value: str | None) -> list[str]:
    """What is typed between commas (Latin, Arabic, ideographic), each once, in order."""
    text = (value or "").replace("،", ",").replace("、", ",").replace("，", ",")
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
