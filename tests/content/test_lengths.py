"""Lengths: words as readers count them, in any script, without the marks."""

import pytest

from verso.content.lengths import Length, length_of


@pytest.mark.parametrize(
    ("body", "length"),
    [
        ("", Length(0, 1)),
        ("**One** two [three](/x).", Length(3, 1)),
        ("L'eau d’ici, aujourd'hui", Length(3, 1)),
        ("今日は", Length(3, 1)),
        ("word " * 1150, Length(1150, 5)),
        ("字" * 1500, Length(1500, 3)),
    ],
)
def test_words_and_minutes(body: str, length: Length) -> None:
    assert length_of(body) == length
