"""A lazy string: a message that is named where a module is read and translated where it is shown."""

from typing import Any

from markupsafe import Markup, escape

from verso.i18n.gettext import gettext


class LazyText:
    """A message with its variables, in the language of whoever reads it; everywhere like a str.

    In HTML it is escaped by the same rule as what `gettext` returns.
    """

    __slots__ = ("_message", "_variables")

    def __init__(self, message: str, variables: dict[str, Any]) -> None:
        self._message = message
        self._variables = variables

    def __str__(self) -> str:
        return gettext(self._message, **self._variables)

    def __html__(self) -> Markup:
        return escape(str(self))

    def __repr__(self) -> str:
        return f"LazyText({self._message!r})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __mod__(self, variables: Any) -> str:
        filled: str = str(self) % variables
        return filled

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, LazyText | str) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: str) -> bool:
        return part in str(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            # Copying and pickling ask for these before there is a message.
            raise AttributeError(name)
        return getattr(str(self), name)


def lazy_gettext(message: str, /, **variables: Any) -> LazyText:
    """As gettext, translated when it is used."""
    return LazyText(message, variables)
