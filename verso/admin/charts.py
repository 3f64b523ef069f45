"""Small charts: the path of an SVG, drawn without a script and without inline style."""

from collections.abc import Sequence
from itertools import accumulate

SPARK_HEIGHT = 20
BAR = 4
BAR_LENGTH, BAR_HEIGHT = 100, 8


def spark(numbers: Sequence[int]) -> str:
    """A bar for each number, the highest 20 units high, 4 units apart; the first one on the left."""
    most = max(numbers, default=0) or 1
    heights = [-(-number * SPARK_HEIGHT // most) for number in numbers]
    return "".join(
        f"M{BAR * place + BAR // 2} {SPARK_HEIGHT}v-{height}"
        for place, height in enumerate(heights)
        if height
    )


def stacked(numbers: Sequence[int]) -> list[str]:
    """A bar 100 units long and 8 high in pieces, in the proportion of the numbers; "" for a 0.

    What is there is seen: the smallest piece has a unit, which the largest one gives.
    """
    total = sum(numbers)
    if not total:
        return ["" for _ in numbers]
    widths = [max(number * BAR_LENGTH // total, 1) if number else 0 for number in numbers]
    widths[widths.index(max(widths))] += BAR_LENGTH - sum(widths)
    starts = accumulate(widths, initial=0)
    return [
        f"M{start} 0h{width}v{BAR_HEIGHT}h-{width}z" if width else ""
        for start, width in zip(starts, widths, strict=False)
    ]
