"""Writing a prepared document into the database: new, changed, or left as it is."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import documents
from verso.content.documents import SlugTaken
from verso.content.home import set_home
from verso.content.importers.images import FoundImage, read_image
from verso.content.importers.plan import Planned, old_paths
from verso.content.importers.prepare import Prepared
from verso.content.importers.report import Note, Report
from verso.content.importers.sources import TextFile
from verso.content.paths import add_old_url, path_in
from verso.content.slugs import SlugRefused
from verso.content.taxonomy import put_tags, set_authors, set_tags
from verso.content.words import TextFields, words_of
from verso.media.storage import file_of, find_by_key, store
from verso.media.stores import Store
from verso.models import Document, DocumentText, Kind, OldUrl, Slot, State
from verso.models.media import KEY_LENGTH
from verso.sections import split_locale


class Writer:
    """Writes the documents of one run, one transaction of many documents at a time."""

    def __init__(self, store: Store, locales: Sequence[str], report: Report) -> None:
        self.store, self.locales, self.report = store, locales, report
        self.now = datetime.now(UTC)

    def write(self, session: Session, prepared: Prepared) -> None:
        """Write one document, whole or not at all."""
        planned = prepared.planned
        file = planned.source.main.file
        if planned.document_id is not None and planned.digest == prepared.digest:
            self.report.unchanged.append(file)
            return
        try:
            with session.begin_nested():
                document = self._write(session, prepared)
        except (SlugTaken, SlugRefused) as error:
            self.report.skipped.append(Note(file, None, str(error)))
            return
        done = self.report.created if planned.document_id is None else self.report.updated
        done.append(file)
        planned.document_id = document.id

    def _write(self, session: Session, prepared: Prepared) -> Document:
        planned = prepared.planned
        for image in prepared.images.values():
            self._store(session, image)
        document = self._with_texts(session, prepared)
        document.origin, document.origin_digest = planned.source.origin, prepared.digest
        for slot in Slot:
            picture = prepared.pictures.get(slot)
            setattr(document, f"{slot}_id", _media_id(session, picture))
        if planned.source.kind == Kind.POST or planned.source.main.metadata.is_clean:
            texts = planned.source.texts
            if planned.source.main.metadata.tag_slugs:
                put_tags(session, document, planned.source.main.metadata.tag_slugs)
            else:
                tags = {locale: text.metadata.tags for locale, text in texts.items()}
                set_tags(session, document, tags)
            set_authors(session, document, planned.source.main.metadata.authors)
        self._set_state(session, document, planned)
        for text in planned.source.texts.values():
            self._keep_old_paths(session, document, text)
        if planned.is_home and planned.source.main.metadata.home:
            set_home(session, document.id)
        session.flush()
        return document

    def _with_texts(self, session: Session, prepared: Prepared) -> Document:
        planned = prepared.planned
        main = planned.source.main
        document = self._placed(session, planned)
        texts = dict(prepared.texts)
        if document is None:
            document = documents.create_document(
                session,
                planned.source.kind,
                main.locale,
                texts.pop(main.locale),
                locales=self.locales,
                parent_id=planned.parent.document_id if planned.parent else None,
                position=_position(planned),
                in_menu=main.metadata.in_menu and planned.source.kind == Kind.PAGE,
                now=self.now,
            )
        for locale, fields in texts.items():
            if _differs(document.text(locale), fields):
                documents.save_text(
                    session, document, locale, fields, locales=self.locales, now=self.now
                )
        return document

    def _placed(self, session: Session, planned: Planned) -> Document | None:
        """The document of an earlier run, moved to where its file stands now."""
        if planned.document_id is None:
            return None
        document = documents.get_for_change(session, planned.document_id)
        parent_id = planned.parent.document_id if planned.parent else None
        if planned.source.kind == Kind.PAGE:
            in_menu = planned.source.main.metadata.in_menu
            place = parent_id, _position(planned)
            documents.move(session, document, *place, in_menu=in_menu, locales=self.locales)
        return document

    def _set_state(self, session: Session, document: Document, planned: Planned) -> None:
        """Dates and state as the file says; what it does not say stays, or is now."""
        main = planned.source.main.metadata
        is_new = planned.document_id is None
        has_date = main.state != State.DRAFT and not main.never_published
        was_out = main.published or (main.date if has_date else None)
        if main.state == State.PUBLISHED or was_out:
            documents.publish(session, document, was_out or document.published_at or self.now)
        # What waits for a review is a draft to everybody who has only files.
        now_at = State.DRAFT if document.state == State.REVIEW else document.state
        if main.state not in (State.PUBLISHED, now_at):
            documents.withdraw(session, document, main.state)
        if is_new or main.created or main.date:
            document.created_at = main.created or main.date or self.now
        for locale, text in planned.source.texts.items():
            said = text.metadata.updated or (main.date if is_new else None)
            changed = document.text(locale)
            if changed is not None and said is not None:
                changed.updated_at = said

    def _keep_old_paths(self, session: Session, document: Document, text: TextFile) -> None:
        """Let the old paths lead here, among the pages and in the blog."""
        for path in old_paths(text):
            for kind in Kind:
                self._keep(session, document, kind, path, text)
            locale, parts = split_locale(path, self.locales)
            if parts and (locale or parts[0] == "blog"):
                # What the old site had below `/blog/` or `/fr/` is looked up without that here.
                self._keep_url(session, document, "/".join(parts), text, locale or text.locale)
        for url in text.metadata.moved_from:
            locale, _, path = url.strip("/").partition("/")
            if locale and path:
                self._keep_url(session, document, path, text, locale)

    def _keep_url(
        self, session: Session, document: Document, path: str, text: TextFile, locale: str
    ) -> None:
        in_blog = path.startswith("blog/")
        kind = Kind.POST if in_blog else Kind.PAGE
        self._keep(session, document, kind, path.removeprefix("blog/"), text, locale)

    def _keep(
        self,
        session: Session,
        document: Document,
        kind: Kind,
        path: str,
        text: TextFile,
        locale: str = "",
    ) -> None:
        locale = locale or text.locale
        if kind == document.kind and path == path_in(session, document, locale):
            return
        query = select(OldUrl.document_id).where(
            OldUrl.kind == kind, OldUrl.path == path, OldUrl.locale == locale
        )
        owner = session.scalar(query)
        if owner is not None and owner != document.id:
            self.report.notes.append(
                Note(text.file, None, f"/{path} already leads to another document")
            )
            return
        add_old_url(session, kind, path, locale, document.id, self.now)

    def _store(self, session: Session, image: FoundImage) -> None:
        media = find_by_key(session, image.digest[:KEY_LENGTH])
        if media is not None and self.store.size(file_of(media)) is not None:
            return
        checked = read_image(image.path)
        store(
            session,
            self.store,
            name=image.name,
            data=checked.data,
            content_type=checked.content_type,
            width=checked.width,
            height=checked.height,
            now=self.now,
        )
        self.report.image_count += 1


def _differs(text: DocumentText | None, fields: TextFields) -> bool:
    """Whether saving would change anything: a revision that changes nothing tells nothing."""
    if text is None:
        return True
    return words_of(text) != fields


def _position(planned: Planned) -> int:
    return planned.source.main.metadata.weight if planned.source.kind == Kind.PAGE else 0


def _media_id(session: Session, image: FoundImage | None) -> int | None:
    media = find_by_key(session, image.digest[:KEY_LENGTH]) if image else None
    return media.id if media else None
