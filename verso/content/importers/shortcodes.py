"""Template tags in posts: links and code of Jekyll, Hugo and Zola become Markdown."""

import re
from collections.abc import Callable

from verso.content.importers.elements import Remark
from verso.content.importers.masking import mask

_HIGHLIGHT = re.compile(
    r"^\{%-?\s*highlight\s+([\w+#-]+)[^%\n]*%\}[ \t]*\n(.*?)^\{%-?\s*endhighlight\s*-?%\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_HUGO_HIGHLIGHT = re.compile(
    r"^\{\{[<%]\s*highlight\s+([\w+#-]+)[^\n]*?[>%]\}\}[ \t]*\n(.*?)"
    r"^\{\{[<%]\s*/highlight\s*[>%]\}\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_POST_LINK = re.compile(
    r"(?:\{\{\s*site\.(?:base)?url\s*\}\})?\{%-?\s*(post_url|link)\s+(\S+)\s*-?%\}"
)
_REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+\"?([^\"\s>%]+)\"?\s*[>%]\}\}")
_SITE_URL = re.compile(r"\{\{\s*site\.(?:base)?url\s*\}\}")
_MARKER = re.compile(r"^[ \t]*<!--\s*(?:more|truncate|excerpt)\s*-->[ \t]*\n?", re.MULTILINE)
_LEFT = re.compile(r"\{%.*?%\}|\{\{[<%].*?[>%]\}\}")


def without_shortcodes(source: str) -> tuple[str, list[Remark]]:
    """The text with the tags that can be said in Markdown, and remarks on those left in it."""
    if "{%" not in source and "{{" not in source:
        return _MARKER.sub("", source), []
    source = _HIGHLIGHT.sub(_fenced, source)
    source = _HUGO_HIGHLIGHT.sub(_fenced, source)
    masked = mask(source).text
    for pattern, write in ((_POST_LINK, _post_file), (_REF, _ref_file), (_SITE_URL, _nothing)):
        source = _replaced(pattern, write, source, masked)
        masked = mask(source).text
    remarks = [
        Remark(masked.count("\n", 0, match.start()) + 1, match[0][:60])
        for match in _LEFT.finditer(masked)
    ]
    return _MARKER.sub("", source), remarks


def _replaced(
    pattern: re.Pattern[str], write: Callable[[re.Match[str]], str], source: str, masked: str
) -> str:
    """Replace what is found outside of code."""
    parts, place = [], 0
    for match in pattern.finditer(masked):
        parts += [source[place : match.start()], write(match)]
        place = match.end()
    return "".join([*parts, source[place:]])


def _fenced(match: re.Match[str]) -> str:
    return f"```{match[1]}\n{match[2]}```"


def _post_file(match: re.Match[str]) -> str:
    """`{% post_url 2014-09-15-title %}` names a file by its stem, `{% link %}` by its path."""
    return f"@/{match[2]}.md" if match[1] == "post_url" else f"@/{match[2]}"


def _ref_file(match: re.Match[str]) -> str:
    return f"@/{match[1].lstrip('/')}"


def _nothing(match: re.Match[str]) -> str:
    return ""
