"""A table that was written in HTML, gathered cell by cell and written in Markdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_RULES = {"left": ":---", "center": ":---:", "right": "---:", "": "---"}
_ALIGNED = re.compile(r"(?:text-align:\s*|^)(left|center|right)\b")


@dataclass(slots=True)
class Table:
    """Rows of cells; `heads` counts the first rows whose cells are all head cells."""

    rows: list[list[str]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    alignments: dict[int, str] = field(default_factory=dict)
    heads: int = 0
    only_heads: bool = True

    def add_cell(self, text: str, attributes: Mapping[str, str], *, is_head: bool) -> None:
        """Add a cell to the current row; one that spans columns is followed by empty ones."""
        said = attributes.get("align", "") or attributes.get("style", "")
        aligned = _ALIGNED.search(said.lower())
        if aligned:
            self.alignments.setdefault(len(self.row), aligned[1])
        self.only_heads = self.only_heads and is_head
        span = attributes.get("colspan", "1")
        empty = int(span) - 1 if span.isdigit() and int(span) <= 50 else 0
        self.row.extend([re.sub(r"(?<!\\)\|", r"\\|", text), *[""] * empty])

    def end_row(self) -> None:
        if not self.row:
            return
        if self.only_heads and self.heads == len(self.rows) == 0:
            self.heads = 1
        self.rows.append(self.row)
        self.row, self.only_heads = [], True

    def markdown(self) -> str:
        """The rows with the head that Markdown asks for, empty where the table had none."""
        self.end_row()
        if not self.rows:
            return ""
        width = max(map(len, self.rows))
        head = self.rows[0] if self.heads else [""] * width
        rules = [_RULES[self.alignments.get(column, "")] for column in range(width)]
        lines = [head, rules, *self.rows[self.heads :]]
        return "\n".join(_line([*cells, *[""] * (width - len(cells))]) for cells in lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
