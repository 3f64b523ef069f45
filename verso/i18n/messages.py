"""Messages: what a translator wrote, ready to be shown; text stays text, markup only by the msgid."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from verso.i18n.plurals import Rule, plural_rule

SOURCE_LOCALE = "en"
# A message is %-formatted if and only if its msgid holds such a placeholder; else `%` is just `%`.
# No part of it can match in two ways: a text of nothing but digits must not take forever.
PLACEHOLDER = re.compile(r"%\((\w{1,60}+)\)([#0\- +]*+\d*+(?:\.\d++)?+[a-zA-Z])")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def N_(message: str) -> str:
    """Mark a message for extraction; it is translated where it is shown."""
    return message


class Message(NamedTuple):
    """The forms of one message, the rule that chooses among them, and where they come from.

    Forms are `Markup` where the msgid has tags: then variables are escaped into them. Any other
    form is plain text, which a template escapes as a whole.
    """

    forms: tuple[str, ...]
    choose: Rule
    is_formatted: bool
    locale: str

    @property
    def text(self) -> str:
        return self.forms[0]

    def form(self, number: int) -> str:
        """The form for a number of things."""
        return self.forms[min(self.choose(number), len(self.forms) - 1)]


Messages = Mapping[str, Message]


def message_of(
    msgid: str, plural: str | None, forms: tuple[str, ...], locale: str = SOURCE_LOCALE
) -> Message:
    """A message of a catalog, by the placeholders and tags of its msgid.

    Raises ValueError for a number of forms that the locale does not have.
    """
    if "<" in msgid and TAG.search(msgid):
        forms = tuple(Markup(form) for form in forms)
    is_formatted = "%(" in msgid and bool(PLACEHOLDER.search(msgid))
    if plural is None:
        return Message(forms, only, is_formatted, locale)
    # A plural may count where its singular does not: `One page` and `%(num)s pages`.
    is_formatted = is_formatted or bool(PLACEHOLDER.search(plural))
    return Message(forms, plural_rule(locale, len(forms)), is_formatted, locale)


def only(number: int) -> int:
    """The rule of a message without plural forms."""
    return 0


@lru_cache(maxsize=4096)
def source_message(singular: str, plural: str | None = None) -> Message:
    """What the code itself says, for a message that nobody has translated."""
    return message_of(singular, plural, (singular,) if plural is None else (singular, plural))


def filled(message: Message, number: int, source: str, variables: Mapping[str, Any]) -> str:
    """The form of a message for a number, with its variables if it takes any."""
    text = message.form(number)
    return fill(text, source, variables) if variables and message.is_formatted else text


def fill(text: str, source: str, variables: Mapping[str, Any]) -> str:
    """A formatted text with its variables; the source's where the text cannot take them.

    A variable that is markup itself (`__html__`) makes the result markup, with all else escaped.
    Never fails: where even the source cannot take them, the text is shown as it stands.
    """
    if any(hasattr(value, "__html__") for value in variables.values()):
        text, source = _as_markup(text), _as_markup(source)
    for attempt in (text, source):
        try:
            return attempt % variables
        except (KeyError, ValueError, TypeError, OverflowError):
            continue
    return text


def _as_markup(text: str) -> Markup:
    return text if isinstance(text, Markup) else Markup(str(Markup.escape(text)))
