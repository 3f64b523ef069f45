"""The catalogs of a folder, kept up to date: the template written, locales updated, added and made up."""

from collections.abc import Iterator
from pathlib import Path

from verso.i18n.acceptance import Loss, Verdict, combined, record_of
from verso.i18n.catalogs import PLACES, Catalogs
from verso.i18n.contents import Contents, read_contents
from verso.i18n.extraction import PACKAGE, TemplateMessage, extract, messages_of, template_of
from verso.i18n.merging import Merged, merge
from verso.i18n.messages import N_, SOURCE_LOCALE
from verso.i18n.po.charset import Unwritable
from verso.i18n.po.document import Document
from verso.i18n.po.ending import DECLARATION
from verso.i18n.po.header import new_document
from verso.i18n.po.saving import ABSENT, Conflict, read, save, signature_of
from verso.i18n.pseudo import pseudo_documents
from verso.values import canonical_locale, is_pseudo

SHIPPED = PACKAGE / "translations"
TEMPLATE = "messages.pot"
_NOT_DONE = N_("%(file)s cannot be read or written: %(why)s")


class NotKept(ValueError):
    """A catalog cannot be written as asked; the sentence names it and says what to do.

    `message` is in English, with placeholders for `variables`: whoever shows it translates it.
    """

    def __init__(self, message: str, **variables: object) -> None:
        super().__init__(message % variables)
        self.message = message
        self.variables = variables


def write_template(package: Path = PACKAGE) -> tuple[int, bool]:
    """Write the template of a package; how many messages, and whether the file changed.

    Raises extraction.ExtractionFailed with nothing written, or NotKept.
    """
    messages = extract(package)
    file = package / SHIPPED.name / TEMPLATE
    return len(messages), _write(file, template_of(messages))


def read_template(folder: Path = SHIPPED) -> list[TemplateMessage]:
    """The messages of the template in a folder. Raises NotKept if there is none."""
    file = folder / TEMPLATE
    if not file.exists():
        raise NotKept(N_("%(file)s is missing: “verso translations extract” writes it."), file=file)
    return messages_of(read(file)[0])


def catalogs_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Locale and file of every catalog in a folder, but for pseudo-locales, which are made anew."""
    for subfolder in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            locale = canonical_locale(subfolder.name)
        except ValueError:
            continue
        if not is_pseudo(locale):
            yield from (
                (locale, subfolder / place) for place in PLACES if (subfolder / place).is_file()
            )


def update(
    file: Path,
    locale: str,
    template: list[TemplateMessage],
    *,
    complete: bool,
    site: Catalogs | None = None,
) -> tuple[Merged, bool]:
    """Merge the template into a file; what that did, and whether the file changed. Raises NotKept.

    `site` are the catalogs of the site whose own file this is.
    """
    try:
        _refuse_broken(file, locale, site)
        document, signature = read(file)
        is_site = site is not None
        merged = merge(document, template, locale, complete=complete, keeps_own=is_site)
        return merged, save(file, document, signature)
    except Unwritable as error:
        raise NotKept(_NOT_DONE, file=file, why=error) from error
    except OSError as error:
        raise _not_kept(file, error) from error


def accept(file: Path, locale: str, catalogs: Catalogs) -> int:
    """Take a file for whole whatever it lacks; how many messages go with that. Raises NotKept."""
    try:
        with catalogs.last_good.locked():
            contents = read_contents(file.read_bytes(), locale)
            _refuse_mistakes(file, contents)
            verdict = catalogs.judge(file, contents)
            meant = Verdict(Loss.DELETED, verdict.missing)
            before = catalogs.last_good.load(file)
            record = record_of(contents, combined(contents, before, meant, locale), meant, before)
            is_saved = catalogs.last_good.save(file, record)
    except OSError as error:
        raise _not_kept(file, error) from error
    if not is_saved:
        words = N_(
            "The last good state of %(file)s cannot be written: look at the folder last-good of the "
            "instance, or write “%(header)s” into the header of the file."
        )
        raise NotKept(words, file=file, header=f"{DECLARATION}: {len(contents.named)}")
    return len(verdict.kept)


def _refuse_broken(file: Path, locale: str, site: Catalogs | None) -> None:
    """Leave alone what is not whole: its last good state, and its mistakes, would be lost by writing."""
    contents = read_contents(file.read_bytes(), locale)
    _refuse_mistakes(file, contents)
    loss = site.judge(file, contents).finding if site is not None else None
    if loss is not None:
        raise NotKept(_NOT_DONE, file=f"{file}:{loss.line}", why=loss.sentence)


def _refuse_mistakes(file: Path, contents: Contents) -> None:
    if not contents.is_whole:
        first = contents.findings[0]
        raise NotKept(_NOT_DONE, file=f"{file}:{first.line}", why=first.sentence)


def add(folder: Path, name: str) -> tuple[str, Path, Merged]:
    """Make an untranslated catalog of a locale in a folder; its locale, file and messages.

    The package keeps its catalogs as gettext's tools do, an instance right in the folder of the
    locale. Raises NotKept for a locale that is unknown, needs none, or has one.
    """
    locale = _addable(name)
    if there := next((file for known, file in catalogs_in(folder) if known == locale), None):
        words = N_("%(locale)s has a catalog already: %(file)s.")
        raise NotKept(words, locale=locale, file=there)
    file = folder / locale.replace("-", "_") / PLACES[0 if folder == SHIPPED else 1]
    document = new_document(locale)
    merged = merge(document, read_template(), locale)
    _write(file, document)
    return locale, file, merged


def write_pseudo(folder: Path, template: list[TemplateMessage]) -> Iterator[tuple[Path, bool]]:
    """Write the pseudo-locales into a folder; each file, and whether it changed. Raises NotKept."""
    for locale, document in pseudo_documents(template).items():
        file = folder / locale.replace("-", "_") / PLACES[1]
        yield file, _write(file, document)


def _addable(name: str) -> str:
    try:
        locale = canonical_locale(name)
    except ValueError:
        words = N_("“%(name)s” is no locale that CLDR knows, such as en, pt-BR or zh-Hans.")
        raise NotKept(words, name=name) from None
    if locale == SOURCE_LOCALE:
        words = N_("%(locale)s is the language of the code itself and needs no catalog.")
        raise NotKept(words, locale=locale)
    if is_pseudo(locale):
        raise NotKept(N_("%(locale)s is made by “verso translations pseudo”."), locale=locale)
    return locale


def _write(file: Path, document: Document) -> bool:
    """Write a file that is made by this program alone, whatever it held before."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        expected = signature_of(file.read_bytes()) if file.exists() else ABSENT
        return save(file, document, expected)
    except OSError as error:
        raise _not_kept(file, error) from error


def _not_kept(file: Path, error: OSError) -> NotKept:
    if isinstance(error, Conflict):
        words = N_(
            "%(file)s was changed by somebody else after it was read. Nothing was written; try again."
        )
        return NotKept(words, file=file)
    reason = error.strerror or str(error)
    if error.filename and Path(error.filename) in file.parents:
        reason += f" ({error.filename})"
    return NotKept(_NOT_DONE, file=file, why=reason)
