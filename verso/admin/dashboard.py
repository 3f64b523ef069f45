"""The dashboard: what needs somebody who has just come in, and how the site is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import render_template
from sqlalchemy.orm import Session
from werkzeug.urls import uri_to_iri

from verso.admin import gate
from verso.admin.charts import spark
from verso.admin.documents import make_row
from verso.content.agenda import SHOWN, agenda_of
from verso.content.drafts import drafts_of
from verso.content.missing_list import MissingFilter, daily, list_missing
from verso.current import get_settings
from verso.db import reading
from verso.errors.inbox.listing import InboxFilter, hourly_of_all, list_groups
from verso.health import measure
from verso.i18n.locales import current_locale
from verso.jobs.listing import count_failed
from verso.models import FailureGroup
from verso.people.permissions import Action, may

A_DAY = 24


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers from the oldest to the newest, each with its moment, and the bars that show them."""

    rows: list[tuple[datetime, int]]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.rows)

    @property
    def path(self) -> str:
        return spark([number for _, number in self.rows])


def show_dashboard() -> str:
    """What waits for whoever is signed in, as far as they may do something about it."""
    user, session, now = gate.require(Action.READ), reading(), datetime.now(UTC)
    agenda = agenda_of(session, user.id, now, reviews=may(user, Action.PUBLISH))
    locale = current_locale()
    heals, redirects = may(user, Action.ERRORS), may(user, Action.REDIRECT)
    return render_template(
        "admin/dashboard.html",
        user=user,
        unsaved=drafts_of(session, user.id, SHOWN),
        drafts=[make_row(document, locale) for document in agenda.drafts],
        review=[make_row(document, locale) for document in agenda.review],
        scheduled=[(make_row(one, locale), one.listed_at) for one in agenda.scheduled],
        timezone=get_settings().TIMEZONE,
        failures=_failures(session) if heals else (),
        failed=_failed(session, now) if heals else None,
        missing=_missing(session, now) if redirects else (),
        missed=_missed(session, now) if redirects else None,
        health=measure(session, get_settings().INSTANCE_PATH) if heals else None,
        failed_jobs=count_failed(session) if heals else 0,
    )


def _failures(session: Session) -> list[FailureGroup]:
    """What went wrong and waits for somebody."""
    return list(list_groups(session, InboxFilter(state="pending"))[0][:SHOWN])


def _missing(session: Session, now: datetime) -> list[tuple[str, int]]:
    """The addresses that are asked for most, as people read them, and how often."""
    rows, _ = list_missing(session, MissingFilter(), now.date())
    return [(uri_to_iri(row.url.path), row.url.hits) for row in rows[:SHOWN]]


def _failed(session: Session, now: datetime) -> Chart:
    """Failures per hour of the last day."""
    last = now.replace(minute=0, second=0, microsecond=0)
    counts = hourly_of_all(session, now, A_DAY)
    first = last - timedelta(hours=A_DAY - 1)
    return Chart([(first + timedelta(hours=place), count) for place, count in enumerate(counts)])


def _missed(session: Session, now: datetime) -> Chart:
    """Hits of unknown addresses per day."""
    counts = daily(session, now.date())
    first = now - timedelta(days=len(counts) - 1)
    return Chart([(first + timedelta(days=place), count) for place, count in enumerate(counts)])
