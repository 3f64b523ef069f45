"""Grouping: the same failure is one group whatever its text, and the reason can be read."""

import pytest
from sqlalchemy import exc

from tests.errors.failures import broken_feed, broken_post, raised
from verso.errors.grouping import group_failure, normal_text


def test_texts_that_differ_by_ids_and_numbers_are_one_group() -> None:
    words = [f"order {number} of 'user{number}' at 10.0.0.{number}" for number in range(100)]
    prints = {group_failure(raised(broken_post, one), "blog", "").fingerprint for one in words}
    assert len(prints) == 1


def test_another_place_section_or_cause_is_another_group() -> None:
    post, feed = raised(broken_post), raised(broken_feed)
    chained = raised(broken_post)
    chained.__cause__ = KeyError("x")
    prints = [
        group_failure(post, "blog", "").fingerprint,
        group_failure(feed, "blog", "").fingerprint,
        group_failure(post, "api", "").fingerprint,
        group_failure(chained, "blog", "").fingerprint,
    ]
    assert len(set(prints)) == 4


def test_a_failure_of_the_surroundings_is_one_group_wherever_it_is_met() -> None:
    error = exc.OperationalError("SELECT", {}, Exception())
    one = group_failure(error, "blog", "blog.post", "database-unavailable")
    other = group_failure(error, "api", "api.posts", "database-unavailable")
    assert one.fingerprint == other.fingerprint
    assert ("problem", "database-unavailable") in one.grouped_by


def test_grouping_explains_itself() -> None:
    grouping = group_failure(raised(broken_post), "blog", "")
    place = f"{broken_post.__module__}.broken_post"
    assert grouping.grouped_by == (
        ("exception", "LookupError"),
        ("place", place),
        ("section", "blog"),
    )


def test_a_group_of_exceptions_is_known_by_what_is_inside() -> None:
    """F26."""
    one = group_failure(ExceptionGroup("a", [KeyError(1), ValueError(2)]), "site", "")
    same = group_failure(ExceptionGroup("a", [ValueError(3), KeyError(4)]), "site", "")
    other = group_failure(ExceptionGroup("a", [TypeError()]), "site", "")
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert "KeyError" in one.grouped_by[0][1]


def test_where_no_line_is_ours_the_text_counts_without_its_ids() -> None:
    one = group_failure(ValueError("no user 17"), "api", "api.x")
    same = group_failure(ValueError("no user 18"), "api", "api.x")
    other = group_failure(ValueError("no page 18"), "api", "api.x")
    assert one.fingerprint == same.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "text",
    [
        "0b7d4f8e-0d5c-4c0b-9a66-1c9ab6a1c6f2",
        "/srv/site/x.txt",
        "'Ada'",
        "3.5",
        "https://x.example/y",
    ],
)
def test_what_varies_is_left_out_of_a_text(text: str) -> None:
    assert normal_text(f"cannot read {text} now") == "cannot read … now"
