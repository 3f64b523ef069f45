"""Dates, numbers, lists and relative times are those of the language of the page."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, render_template_string

MOMENT = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "date", "number", "items"),
    [
        ("en", "March 9, 2026", "1,234,567.5", "a, b, and c"),
        ("de", "9. März 2026", "1.234.567,5", "a, b und c"),
        ("fr", "9 mars 2026", "1\u202f234\u202f567,5", "a, b et c"),
        ("ar", "9 مارس 2026", "1,234,567.5", "a وb وc"),
    ],
)
def test_a_template_formats_for_its_reader(
    app: Flask, locale: str, date: str, number: str, items: str
) -> None:
    template = "{{ m | dateformat('long') }};{{ n | numberformat }};{{ i | listformat }}"
    with app.test_request_context(f"/{locale}/"):
        shown = render_template_string(template, m=MOMENT, n=1234567.5, i=["a", "b", "c"])
    assert shown.replace("\u200f", "").split(";") == [date, number, items]


@pytest.mark.parametrize(
    ("locale", "ago", "ahead"),
    [("en", "3 hours ago", "in 2 days"), ("de", "vor 3 Stunden", "in 2 Tagen")],
)
def test_how_far_away_a_moment_is(app: Flask, locale: str, ago: str, ahead: str) -> None:
    template = "{{ m | relative(now) }};{{ later | relative(now) }}"
    now = MOMENT + timedelta(hours=3)
    with app.test_request_context(f"/{locale}/"):
        later = now + timedelta(days=2)
        shown = render_template_string(template, m=MOMENT, now=now, later=later)
    assert shown == f"{ago};{ahead}"


def test_dates_are_in_the_time_zone_of_the_site(make_app: object) -> None:
    assert callable(make_app)
    app = make_app(TIMEZONE="Asia/Tokyo")
    with app.test_request_context("/en/"):
        late = datetime(2026, 3, 9, 22, tzinfo=UTC)
        shown = render_template_string("{{ m | datetimeformat('short') }}", m=late)
    assert shown.startswith("3/10/26")


def test_two_requests_in_one_application_context_each_have_their_formats(app: Flask) -> None:
    with app.app_context():
        for locale, wanted in (("en", "March"), ("de", "März"), ("en", "March")):
            with app.test_request_context(f"/{locale}/"):
                assert wanted in render_template_string("{{ m | dateformat('long') }}", m=MOMENT)
