"""What of `site.toml` can only come in after the documents: redirects, and what is about pictures."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import site_settings
from verso.content.importers.images import ImageRefused, Images
from verso.content.importers.report import Note, Report
from verso.content.importers.site import PICTURES, SITE_FILE, SiteFile, named, texts_of
from verso.content.importers.writing import Writer
from verso.content.redirect_rules import RedirectRefused, Rule, make_rule
from verso.content.redirects import all_redirects, find_refused, put_redirects
from verso.media.collection import describe
from verso.media.storage import find_by_key
from verso.models import Media, Redirect
from verso.models.media import KEY_LENGTH


def write_rest(
    session: Session, site: SiteFile, writer: Writer, report: Report, *, is_own: bool
) -> None:
    """Take over redirects, logo, the picture for sharing, and what pictures say.

    Where the folder is not of this very site, nothing that is set here already is changed.
    """
    _write_redirects(session, site.tables, writer.locales, report, is_own=is_own)
    for name in PICTURES:
        if isinstance(path := site.tables.get(name), str):
            _write_picture(session, site, name, path, writer, report, is_own=is_own)
    table = site.tables.get("media")
    for digest, facts in table.items() if isinstance(table, dict) else ():
        media = find_by_key(session, str(digest)[:KEY_LENGTH])
        if media is not None and media.digest == digest and isinstance(facts, dict):
            _describe(media, facts)


def _write_redirects(
    session: Session,
    tables: Mapping[str, Any],
    locales: Sequence[str],
    report: Report,
    *,
    is_own: bool,
) -> None:
    made = dict(_rules(tables, locales, report))
    present = {rule.source: rule for rule in all_redirects(session)}
    changed = [rule for rule in made if present.get(rule.source, rule) != rule]
    for rule in () if is_own else changed:
        _note(report, f"{rule.source} redirects elsewhere here, and still does")
        del made[rule]
    for rule, refused in list(find_refused(session, list(made), locales)):
        _note(report, f"the redirect of {rule.source} was left out: {refused}")
        made.pop(rule, None)
    put_redirects(session, list(made))
    session.flush()
    moments = {rule.source: moment for rule, moment in made.items() if rule.source not in present}
    for row in session.scalars(select(Redirect)):
        row.created_at = moments.get(row.source, row.created_at)


def _rules(
    tables: Mapping[str, Any], locales: Sequence[str], report: Report
) -> Iterator[tuple[Rule, datetime]]:
    """The redirects of the file with the times at which they were made."""
    rows = tables.get("redirects")
    for row in rows if isinstance(rows, list) else []:
        fields = row if isinstance(row, dict) else {}
        source, target = str(fields.get("source", "")), str(fields.get("target", ""))
        try:
            rule = make_rule(source, target, str(fields.get("code", "")), locales=locales)
        except RedirectRefused as refused:
            _note(report, f"a redirect was left out: {refused}")
        else:
            yield rule, _moment(fields.get("created"))


def _moment(value: object) -> datetime:
    """When a redirect was made, if that is a moment; else now."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    return datetime.now(UTC)


def _write_picture(
    session: Session,
    site: SiteFile,
    name: str,
    path: str,
    writer: Writer,
    report: Report,
    *,
    is_own: bool,
) -> None:
    key = (name, "")
    if site_settings.read(session, [key])[key] and not is_own:
        return _note(
            report, f"{name} stays as it is here: the folder is the export of another site"
        )
    file = (site.root / path).resolve()
    if not file.is_relative_to(site.root.resolve()) or not file.is_file():
        return _note(report, f"{name} was left out: there is no file {path}")
    try:
        media_id = writer.store_image(session, Images(session).find(file))
    except ImageRefused as error:
        return _note(report, f"{name} was left out: {path} is {error}")
    if site_settings.save(session, {key: str(media_id)}, version=None, user_id=None):
        report.settings.append(named(key))


def _describe(media: Media, facts: Mapping[str, Any]) -> None:
    """Set the alternative texts of an image that are missing here, and its focus."""
    alts = {
        locale: alt for locale, alt in texts_of(facts.get("alt")).items() if not media.alt(locale)
    }
    if alts:
        describe(media, {text.locale: text.alt for text in media.texts} | alts, media.updated_at)
    focus = facts.get("focus")
    is_pair = isinstance(focus, list) and len(focus) == 2
    # Crops that exist already are around the focus that is set here.
    if is_pair and focus and not media.cards and all(map(_is_percent, focus)):
        media.focus_x, media.focus_y = focus


def _is_percent(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= 100


def _note(report: Report, text: str) -> None:
    report.notes.append(Note(SITE_FILE, None, text))
