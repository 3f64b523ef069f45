"""What every application does alike when it is made is done once in a process: tests make thousands.

Each of these is a pure function, kept by all that it depends on; what it gives is the real thing.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule

from verso.i18n import watched


def read_catalogs_once() -> None:
    """Catalogs by their bytes: nobody writes into what was read."""
    watched.read_contents = cache(watched.read_contents)  # type: ignore[attr-defined]


def compile_routes_once() -> None:
    """Werkzeug compiles two functions for each route; they get the rule itself as an argument."""
    compiled: dict[tuple[Any, ...], Callable[..., Any]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_once  # type: ignore[assignment,method-assign]
