"""Writing a prepared document into the database: new, changed, or left as it is."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from verso.content import documents, page_marks
from verso.content.documents import SlugTaken
from verso.content.home import home_id, set_home
from verso.content.importers.images import FoundImage, read_image
from verso.content.importers.old_addresses import (
    Address,
    StatedOwners,
    derived_addresses,
    find_other_owner,
    is_derived,
    stated_addresses,
)
from verso.content.importers.plan import Planned
from verso.content.importers.prepare import Prepared
from verso.content.importers.report import Note, Report
from verso.content.importers.sources import Source, TextFile
from verso.content.paths import add_old_url, path_in
from verso.content.slugs import SlugRefused
from verso.content.taxonomy import name_tag, put_tags, set_authors, set_tags
from verso.content.words import TextFields, words_of
from verso.media.storage import file_of, find_by_key, store
from verso.media.stores import Store
from verso.models import Document, DocumentText, Kind, Slot, State
from verso.models.documents import UNDATED
from verso.models.media import KEY_LENGTH


class Writer:
    """Writes the documents of one run, one transaction of many documents at a time."""

    def __init__(
        self, store: Store, plan: Sequence[Planned], locales: Sequence[str], report: Report
    ) -> None:
        self.store, self.locales, self.report = store, locales, report
        self.stated = StatedOwners(plan, locales)
        self.document_ids = {planned.document_id for planned in plan}
        self.now = datetime.now(UTC)

    def write(self, session: Session, prepared: Prepared) -> None:
        """Write one document, whole or not at all."""
        planned = prepared.planned
        file = planned.source.main.file
        if planned.document_id is not None:
            self._withdraw_texts(session, planned)
        if planned.is_translation and planned.withheld:
            return
        if self._is_unchanged(session, prepared):
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

    def _withdraw_texts(self, session: Session, planned: Planned) -> None:
        """Take texts off the site whose files say now that they are not public."""
        document = session.get_one(Document, planned.document_id)
        for locale in planned.withheld:
            if document.text(locale) is not None and locale != document.source_locale:
                documents.delete_text(session, document, locale)
                note = f"its text in {locale} was taken off the site, and remains in the history"
                self.report.hidden.append(Note(planned.source.main.file, None, note))

    def _is_unchanged(self, session: Session, prepared: Prepared) -> bool:
        """Whether the files are those of the last import, whatever editors did since."""
        planned = prepared.planned
        if planned.document_id is None:
            return False
        document = session.get_one(Document, planned.document_id)
        texts = [document.text(locale) for locale in prepared.texts]
        is_unchanged = planned.digest == prepared.digest or all(
            text is not None and text.origin_digest == prepared.digest for text in texts
        )
        if is_unchanged:
            document.origin = planned.source.origin
        return is_unchanged

    def _write(self, session: Session, prepared: Prepared) -> Document:
        planned = prepared.planned
        for image in prepared.images.values():
            self.store_image(session, image)
        document = self._with_texts(session, prepared)
        for text in document.texts:
            # Before 0012 the document kept the digest for all of its texts.
            text.origin_digest = text.origin_digest or document.origin_digest
        document.origin, document.origin_digest = planned.source.origin, prepared.digest
        if planned.is_translation:
            _name_tags(document, planned.source)
        else:
            self._write_original(session, document, prepared)
        self._set_dates(session, document, planned)
        for file in planned.source.texts.values():
            self._keep_old_addresses(session, document, file, planned.source.origin)
        session.flush()
        for locale in prepared.texts:
            if (written := document.text(locale)) is not None:
                written.origin_digest = prepared.digest
        return document

    def _write_original(self, session: Session, document: Document, prepared: Prepared) -> None:
        """What holds in every language, and follows from the files of the document's own."""
        planned, main = prepared.planned, prepared.planned.source.main
        for slot in Slot:
            picture = prepared.pictures.get(slot)
            setattr(document, f"{slot}_id", _media_id(session, picture))
        if planned.source.kind == Kind.POST or main.metadata.is_clean:
            texts = planned.source.texts
            if main.metadata.tag_slugs:
                put_tags(session, document, main.metadata.tag_slugs)
            else:
                tags = {locale: text.metadata.tags for locale, text in texts.items()}
                set_tags(session, document, tags)
            set_authors(session, document, main.metadata.authors)
        self._set_state(session, document, planned)
        if planned.is_home and main.metadata.home:
            self._make_home(session, document, main)

    def _make_home(self, session: Session, document: Document, main: TextFile) -> None:
        """Make a page the home page, unless a page of another folder is."""
        if home_id(session) in (None, document.id, *self.document_ids):
            set_home(session, document.id)
        else:
            note = "the home page stays the one that the site has"
            self.report.notes.append(Note(main.file, None, note))

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
        if planned.source.kind == Kind.PAGE and not planned.is_translation:
            in_menu = planned.source.main.metadata.in_menu
            place = parent_id, _position(planned)
            documents.move(session, document, *place, in_menu=in_menu, locales=self.locales)
        return document

    def _set_state(self, session: Session, document: Document, planned: Planned) -> None:
        """Dates and state as the file says; what it does not say stays, or is now."""
        main, publication = planned.source.main.metadata, planned.publication
        is_new = planned.document_id is None
        at = document.published_at or UNDATED if publication.at == UNDATED else publication.at
        was_out = main.published
        if publication.state == State.ARCHIVED and not main.never_published:
            was_out = was_out or at
        if was_out is not None:
            documents.publish(session, document, was_out)
        elif publication.state == State.PUBLISHED and not publication.is_undated:
            documents.publish(session, document, at)
        # What waits for a review is a draft to everybody who has only files.
        now_at = State.DRAFT if document.state == State.REVIEW else document.state
        if publication.state not in (State.PUBLISHED, now_at):
            documents.withdraw(session, document, publication.state)
        if is_new or main.created or main.date:
            document.created_at = main.created or main.date or self.now

    def _set_dates(self, session: Session, document: Document, planned: Planned) -> None:
        """When each text was changed, where its file says so."""
        main, is_new = planned.source.main.metadata, planned.document_id is None
        for locale, text in planned.source.texts.items():
            said = text.metadata.updated or (main.date if is_new else None)
            changed = document.text(locale)
            if changed is not None and said is not None:
                changed.updated_at = said
        if main.changed is not None:
            # Who remembers pages reads those that changed lately; this one seems not to have.
            document.updated_at = main.changed
            page_marks.note_tree(session)

    def _keep_old_addresses(
        self, session: Session, document: Document, text: TextFile, origin: str
    ) -> None:
        """Let the old addresses lead here: stated ones first, others where no document states them."""
        stated = list(dict.fromkeys(stated_addresses(text, self.locales)))
        for address in stated:
            is_free = self.stated.is_free(address, origin)
            if not is_free or not self._keep(session, document, address, is_stated=True):
                note = f"/{address.path} already leads to another document"
                self.report.notes.append(Note(text.file, None, note))
        for address in derived_addresses(text):
            if address not in stated and self.stated.is_free(address, origin):
                self._keep(session, document, address, is_stated=False)

    def _keep(
        self, session: Session, document: Document, address: Address, *, is_stated: bool
    ) -> bool:
        """Keep an old address of a document; False where it remains that of another document."""
        kind, path, locale = address.kind, address.path, address.locale
        if kind == document.kind and path == path_in(session, document, locale):
            return True
        row = find_other_owner(session, address, document)
        if row is not None and not (is_stated and is_derived(session, row)):
            return False
        add_old_url(session, kind, path, locale, document.id, self.now)
        return True

    def store_image(self, session: Session, image: FoundImage) -> int:
        """The id of the medium of an image, which is stored unless it is there."""
        media = find_by_key(session, image.digest[:KEY_LENGTH])
        if media is not None and self.store.size(file_of(media)) is not None:
            return media.id
        checked = read_image(image.path)
        media = store(
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
        return media.id


def _differs(text: DocumentText | None, fields: TextFields) -> bool:
    """Whether saving would change anything: a revision that changes nothing tells nothing."""
    if text is None:
        return True
    return words_of(text) != fields


def _name_tags(document: Document, source: Source) -> None:
    """Name the tags of a document in the language of a translation that has as many."""
    for locale, text in source.texts.items():
        if len(text.metadata.tags) == len(document.tags):
            for tag, name in zip(document.tags, text.metadata.tags, strict=True):
                name_tag(tag, locale, name)


def _position(planned: Planned) -> int:
    return planned.source.main.metadata.weight if planned.source.kind == Kind.PAGE else 0


def _media_id(session: Session, image: FoundImage | None) -> int | None:
    media = find_by_key(session, image.digest[:KEY_LENGTH]) if image else None
    return media.id if media else None
