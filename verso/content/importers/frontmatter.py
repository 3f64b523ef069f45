"""Front matter: the TOML, YAML or JSON at the top of a Markdown file."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

MAX_FRONT_MATTER = 64 * 1024
MAX_YAML_ALIASES = 20
MAX_YAML_DEPTH = 40

_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_YAML = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_JSON = re.compile(r"\{\s*[\"}]")
_TOML_LINE = re.compile(r"\(at line (\d+)")


class BrokenFile(ValueError):
    """A file that cannot be read; `line` counts from 1, None means the whole file."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {reason}")
        self.file, self.line, self.reason = file, line, reason


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields, the text below them and the line (from 1) on which that begins.

    `syntax` is "toml", "yaml", "json", or empty where a file has no front matter.
    """

    fields: Mapping[str, Any]
    body: str
    line: int
    syntax: str


def split_front_matter(text: str, file: str) -> FrontMatter:
    """Split a file into front matter and body; BrokenFile names the line that cannot be read."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for syntax, pattern, read in (("toml", _TOML, _read_toml), ("yaml", _YAML, _read_yaml)):
        match = pattern.match(text)
        if match:
            fields = _checked(read, match[1], file)
            return FrontMatter(fields, text[match.end() :], _line(text, match.end()), syntax)
    if _JSON.match(text):
        fields, end = _checked_json(text, file)
        return FrontMatter(fields, text[end:].removeprefix("\n"), _line(text, end) + 1, "json")
    return FrontMatter({}, text, 1, "")


def line_of(text: str, wanted: str) -> int | None:
    """The line (from 1) on which something is first said, or None."""
    place = text.find(wanted)
    return None if place < 0 else _line(text, place)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _checked(read: Callable[[str], Any], source: str, file: str) -> Mapping[str, Any]:
    if len(source) > MAX_FRONT_MATTER:
        raise BrokenFile(file, 1, f"the front matter is longer than {MAX_FRONT_MATTER} characters")
    try:
        fields = read(source)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise BrokenFile(file, _line_of_error(error), _reason(error)) from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise BrokenFile(file, 2, "the front matter is not a list of names and values")
    return fields


def _checked_json(text: str, file: str) -> tuple[Mapping[str, Any], int]:
    try:
        fields, end = json.JSONDecoder().raw_decode(text[:MAX_FRONT_MATTER])
    except json.JSONDecodeError as error:
        raise BrokenFile(file, error.lineno, error.msg) from error
    except RecursionError as error:
        raise BrokenFile(file, 1, "the front matter is nested too deeply") from error
    return fields, end


def _read_toml(source: str) -> Any:
    return tomllib.loads(source)


def _read_yaml(source: str) -> Any:
    # The loader is a SafeLoader: it makes plain values only.
    return yaml.load(source, Loader=_BoundedLoader)


class _BoundedLoader(yaml.SafeLoader):
    """A safe loader that refuses deep nesting and heaps of aliases."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.aliases = self.depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.aliases += self.check_event(yaml.events.AliasEvent)
        self.depth += 1
        if self.aliases > MAX_YAML_ALIASES or self.depth > MAX_YAML_DEPTH:
            raise ValueError("the front matter is nested too deeply or repeats itself too often")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _line_of_error(error: Exception) -> int | None:
    """The line in the file, where the error says one: the fence above is line 1."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 2
    match = _TOML_LINE.search(str(error))
    return int(match[1]) + 1 if match else None


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "the front matter is nested too deeply"
    problem = getattr(error, "problem", None) or str(error)
    return re.sub(r" \(at (line \d+, column \d+|end of document)\)", "", str(problem))
