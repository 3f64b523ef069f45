"""Permissions: one table of what each role may do; views and templates ask it."""

from enum import StrEnum

from verso.models import Role


class Action(StrEnum):
    """Something that somebody may or may not do in the admin."""

    READ = "read"
    WRITE = "write"
    PUBLISH = "publish"
    DELETE = "delete"
    REDIRECT = "redirect"
    ERRORS = "errors"


_ALLOWED = {
    Role.ADMIN: frozenset(Action),
    Role.EDITOR: frozenset(Action) - {Action.ERRORS},
    Role.AUTHOR: frozenset({Action.READ, Action.WRITE}),
    Role.TRANSLATOR: frozenset({Action.READ, Action.WRITE}),
}


def may(role: str, action: Action) -> bool:
    """Whether a role may do something; an unknown role may do nothing."""
    return role in _ALLOWED and action in _ALLOWED[Role(role)]
