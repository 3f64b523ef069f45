"""What every application does alike when it is made is done once in a process: tests make thousands.

Each of these is a pure function, kept by all that it depends on; what it gives is the real thing.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule
from whitenoise import WhiteNoise

from verso import assets
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


def look_at_static_files_once() -> None:
    """Nobody changes them while the tests run: their digest, and the headers of each."""
    assets._digest = cache(assets._digest)
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    add_files = WhiteNoise.add_files

    def add_once(files: WhiteNoise, root: Any, prefix: Any = None) -> None:
        key = (str(root), prefix, files.max_age)
        if key not in known:
            add_files(files, root, prefix)
            known[key] = dict(files.files)
        files.files.update(known[key])

    WhiteNoise.add_files = add_once
