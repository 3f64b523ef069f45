"""`verso translations`: the interface's catalogs brought up to date, and new ones begun."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from verso.cli.terminal import in_terminals_language, say
from verso.current import get_settings
from verso.i18n import upkeep
from verso.i18n.extraction import ExtractionFailed
from verso.i18n.gettext import N_, gettext, ngettext
from verso.i18n.locales import get_locales
from verso.i18n.merging import Merged
from verso.i18n.upkeep import NotKept
from verso.values import canonical_locale


@click.group()
def translations() -> None:
    """Catalogs: the messages of the interface in each language."""


@translations.command()
def extract() -> None:
    """Write messages.pot: every message of the code and the templates."""
    try:
        count, changed = upkeep.write_template()
    except (ExtractionFailed, NotKept) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"messages.pot: {count} messages" + ("" if changed else ", unchanged"))


@translations.command()
@click.argument("locales", nargs=-1, metavar="[LOCALE]...")
@click.option("--instance", is_flag=True, help="The site's own catalogs, not the shipped ones.")
@in_terminals_language
def update(locales: tuple[str, ...], instance: bool) -> None:
    """Bring catalogs up to date with messages.pot: all of them, or those of some LOCALEs.

    Nothing that was translated is lost: a reworded message keeps its translation, marked fuzzy, and
    one that vanished is kept as obsolete. A message that only the site has stays as it is.
    """
    folder = _instance_folder() if instance else upkeep.SHIPPED
    shipped = {locale for locale, _ in upkeep.catalogs_in(upkeep.SHIPPED)} if instance else set()
    site = get_locales().catalogs if instance else None
    with _explained():
        template = upkeep.read_template()
        for locale, file in _chosen(folder, locales):
            complete = locale not in shipped
            merged, changed = upkeep.update(file, locale, template, complete=complete, site=site)
            say(f"{locale}: {' · '.join(_counts(merged) + _unless(changed))}")


@translations.command()
@click.argument("locale")
@click.option("--shipped", is_flag=True, help="In the package itself, to be shipped with it.")
@in_terminals_language
def add(locale: str, shipped: bool) -> None:
    """Begin a catalog of LOCALE, with every message untranslated, in the site's own folder."""
    folder = upkeep.SHIPPED if shipped else _instance_folder()
    with _explained():
        added, file, merged = upkeep.add(folder, locale)
    number = merged.messages
    words = ngettext(
        "%(num)s message to translate in %(file)s",
        "%(num)s messages to translate in %(file)s",
        number,
        file=file,
    )
    say(f"{added}: {words}")


@translations.command()
@in_terminals_language
def pseudo() -> None:
    """Make the pseudo-locales qps and qps-Arab in the site's own folder, to see what is not translated."""
    with _explained():
        for file, changed in upkeep.write_pseudo(_instance_folder(), upkeep.read_template()):
            say(f"{file.parent.name}: {' · '.join([str(file), *_unless(changed)])}")


@contextmanager
def _explained() -> Iterator[None]:
    """End with a sentence in the language of the terminal when a catalog cannot be kept."""
    try:
        yield
    except NotKept as error:
        raise click.ClickException(gettext(error.message, **error.variables)) from error


def _chosen(folder: Path, names: tuple[str, ...]) -> list[tuple[str, Path]]:
    """The catalogs of a folder, or those asked for. Raises NotKept for one that is not there."""
    there = list(upkeep.catalogs_in(folder))
    if not names:
        return there
    chosen = []
    for name in names:
        found = [one for one in there if _matches(name, one[0])]
        if not found:
            words = N_(
                "%(folder)s has no catalog of “%(name)s”: “verso translations add” begins one."
            )
            raise NotKept(words, folder=folder, name=name)
        chosen += found
    return chosen


def _matches(name: str, locale: str) -> bool:
    try:
        return canonical_locale(name) == locale
    except ValueError:
        return False


def _counts(merged: Merged) -> list[str]:
    counts = {
        N_("%(number)s new"): merged.new,
        N_("%(number)s fuzzy"): merged.fuzzy,
        N_("%(number)s obsolete"): merged.obsolete,
        N_("%(number)s back in use"): merged.revived,
        N_("%(number)s of the site's own"): merged.own,
    }
    changes = [gettext(words, number=number) for words, number in counts.items() if number]
    return [ngettext("%(num)s message", "%(num)s messages", merged.messages), *changes]


def _unless(changed: bool) -> list[str]:
    return [] if changed else [gettext("unchanged")]


def _instance_folder() -> Path:
    """Where the site has its own catalogs."""
    return get_settings().INSTANCE_PATH / "translations"
