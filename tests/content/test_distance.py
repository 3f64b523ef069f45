"""Distance: letters put in, left out, replaced and swapped."""

import random

import pytest

from verso.content.distance import is_within, one_letter_away


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("about", "about", 0),
        ("abuot", "about", 1),
        ("abut", "about", 1),
        ("abouut", "about", 1),
        ("aboot", "about", 1),
        ("bauot", "about", 2),
        ("opning-huors", "opening-hours", 2),
        ("about", "", 5),
        ("ca", "abc", 3),
        ("كتب", "كتاب", 1),
        ("night", "kitten", 5),
    ],
)
def test_a_distance_counts_letters(first: str, second: str, distance: int) -> None:
    for limit in range(6):
        assert is_within(first, second, limit) == is_within(second, first, limit)
        assert is_within(first, second, limit) == (distance <= limit)


def test_every_word_one_letter_away_is_found_and_no_other() -> None:
    chance = random.Random(1)
    for _ in range(50):
        word = "".join(chance.choices("abcdef-", k=chance.randint(4, 10)))
        guesses = set(one_letter_away(word))
        assert all(is_within(word, guess, 1) for guess in guesses)
        place = chance.randrange(len(word))
        assert {word[:place] + word[place + 1 :], word[:place] + "x" + word[place:]} <= guesses


def test_letters_of_another_script_are_tried_and_long_words_stay_few() -> None:
    assert "كتاب" in set(one_letter_away("كتب" + "")) or "كتاب" in set(one_letter_away("كتبا"))
    assert len(list(one_letter_away("x" * 200))) <= 400
    assert len(list(one_letter_away("図書館案内"))) < 500
