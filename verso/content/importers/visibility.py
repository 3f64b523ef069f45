"""The fields of front matter by which generators keep a page from readers, in their many spellings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# Fields that hide a page where they are set, and fields that hide it where they are switched off.
_HIDING = ("draft", "hidden", "unlisted", "private", "headless", "protected", "password")
_SHOWING = ("published", "publish", "public", "listed", "render")
# Fields that name a state: Ghost, WordPress, Pelican, Hashnode.
_STATES = ("status", "state", "visibility")
_HIDDEN_STATES = frozenset(
    {"draft", "hidden", "private", "pending", "scheduled", "unlisted", "unpublished", "review"}
    | {"trash", "members", "paid", "internal"}
)
# Hugo's build options; `list` and `render` say never, or local and link for a part of it.
_BUILD = ("build", "_build")
_UNBUILT = frozenset({"never", "local", "link"})

_YES = frozenset({"true", "yes", "on", "y", "t", "1"})
_NO = frozenset({"false", "no", "off", "n", "f", "0", ""})


def truth(value: object) -> bool | None:
    """Whether a value says yes or no, however it is spelled; None where it says neither."""
    if value is None or value == [] or value == {}:
        return False
    word = str(value).strip().lower() if isinstance(value, str | int | float) else "?"
    return True if word in _YES else False if word in _NO else None


def hiding_fields(tables: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The fields that keep a page from readers, as `draft: true`; what is unclear counts as well.

    The tables are those of front matter in which such a field may be, with names in lower case.
    """
    for table in tables:
        for name, value in table.items():
            if _hides(loose(name), value):
                yield f"{name}: {'...' if loose(name) == 'password' else _shown(value)}"
        for name in _BUILD:
            options = table.get(name)
            for option, value in options.items() if isinstance(options, dict) else ():
                if _is_unbuilt(value):
                    yield f"{name}.{option}: {_shown(value)}"


def cascaded_fields(tables: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The fields that Hugo's `cascade` sets for all pages below; a target narrows nothing here."""
    for table in tables:
        cascade = table.get("cascade")
        for item in cascade if isinstance(cascade, list) else [cascade]:
            if isinstance(item, dict):
                below = [item, item.get("params")]
                yield from hiding_fields(
                    [lower_names(part) for part in below if isinstance(part, dict)]
                )


def lower_names(table: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in table.items()}


def loose(name: str) -> str:
    """A field's name as it is compared: `publish_date`, `publish-date` and `publishDate` are one."""
    return name.lower().replace("_", "").replace("-", "")


def _hides(name: str, value: object) -> bool:
    if name in _HIDING:
        return truth(value) is not False
    if name in _SHOWING and value is not None:
        # Hugo and Verso keep a date under `published`.
        return truth(value) is False or (truth(value) is None and not _holds_digit(value))
    if name in _STATES:
        return str(value).strip().lower() in _HIDDEN_STATES
    return False


def _is_unbuilt(value: object) -> bool:
    return str(value).strip().lower() in _UNBUILT or truth(value) is False


def _holds_digit(value: object) -> bool:
    return any(char.isdigit() for char in str(value))


def _shown(value: object) -> str:
    """A value as it is written in front matter, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:40]
