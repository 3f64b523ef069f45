"""Dates, numbers, relative times and lists, as the language of the page writes them (CLDR)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers
from flask import Flask, current_app

from verso.i18n.locales import babel_locale, current_locale


def init_app(app: Flask, timezone: str) -> None:
    app.extensions["verso.timezone"] = ZoneInfo(timezone)
    app.jinja_env.filters.update(
        dateformat=dateformat,
        datetimeformat=datetimeformat,
        numberformat=numberformat,
        percentformat=percentformat,
        listformat=listformat,
        relative=relative,
    )


def dateformat(moment: datetime, length: str = "medium") -> str:
    """The day of a moment in the site's time zone; length is short, medium, long or full."""
    return dates.format_date(_local(moment), length, locale=_locale())


def datetimeformat(moment: datetime, length: str = "medium") -> str:
    """Day and time of a moment in the site's time zone."""
    return dates.format_datetime(_local(moment), length, locale=_locale())


def numberformat(number: float) -> str:
    """A number with the separators of the language, in Latin digits."""
    return numbers.format_decimal(number, locale=_locale())


def percentformat(percent: int) -> str:
    """A whole number of hundredths with the sign of the language, where that stands: `92 %`."""
    return numbers.format_percent(percent / 100, locale=_locale())


def listformat(items: Iterable[object]) -> str:
    """`a, b and c`, as the language joins them."""
    return lists.format_list([str(item) for item in items], locale=_locale())


def relative(moment: datetime, now: datetime | None = None) -> str:
    """How far away a moment is: `3 hours ago`, `in 2 days`."""
    seconds = moment - (now or datetime.now(moment.tzinfo))
    return dates.format_timedelta(seconds, add_direction=True, locale=_locale())


def _local(moment: datetime) -> datetime:
    timezone: ZoneInfo = current_app.extensions["verso.timezone"]
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(timezone)


def _locale() -> Locale:
    return babel_locale(current_locale())
