"""Merging: a catalog gets the messages of the template, and nothing that was translated is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verso.i18n.extraction import TemplateMessage
from verso.i18n.merging import Merged, merge
from verso.i18n.po.document import Document
from verso.i18n.po.entry import Source
from verso.i18n.po.header import new_document

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
SAVED = 'msgid "The page was saved."\nmsgstr "Die Seite wurde gespeichert."\n'


def message(
    msgid: str, plural: str | None = None, context: str | None = None, file: str = ""
) -> TemplateMessage:
    return TemplateMessage(Source(context, msgid, plural), (file,) if file else ())


def merged(
    text: str,
    *template: TemplateMessage,
    locale: str = "de",
    complete: bool = True,
    keeps_own: bool = False,
) -> tuple[str, Merged]:
    """What becomes of a catalog below its header, and what the merge says; done twice, once counts."""
    document = Document.parse((HEADER + text).encode())
    done = merge(document, template, locale, complete=complete, keeps_own=keeps_own)
    data = document.to_bytes()
    again = Document.parse(data)
    merge(again, template, locale, complete=complete, keeps_own=keeps_own)
    assert again.to_bytes() == data
    assert data.startswith(HEADER.encode())
    return data.decode().removeprefix(HEADER), done


def test_new_messages_come_where_the_template_has_them() -> None:
    text = 'msgid "b"\nmsgstr "B"\n\nmsgid "d"\nmsgstr "D"\n'
    after, done = merged(text, *(message(name) for name in "abcde"))
    untranslated = 'msgid "{}"\nmsgstr ""\n'
    a, c, e = (untranslated.format(name) for name in "ace")
    assert after == "\n".join([a, 'msgid "b"\nmsgstr "B"\n', c, 'msgid "d"\nmsgstr "D"\n', e])
    assert done == Merged(messages=5, new=3)


def test_places_comments_and_flags_follow_the_code_and_the_translators_own_stay() -> None:
    text = (
        "# Mine.\n#. Old comment.\n#: old.py:7 gone.py\n#, fuzzy, python-brace-format, no-wrap\n"
        'msgid "%(a)s"\nmsgstr   "%(a)s"\n'
    )
    fresh = TemplateMessage(Source(None, "%(a)s"), ("a.py", "b.html"), ("Translators: a.",))
    after, _ = merged(text, fresh)
    assert after == (
        "# Mine.\n#. Translators: a.\n#: a.py b.html\n#, fuzzy, no-wrap, python-format\n"
        'msgid "%(a)s"\nmsgstr   "%(a)s"\n'
    )
    refused = '#, no-python-format\nmsgid "%(a)s"\nmsgstr "%(a)s"\n'
    assert merged(refused, message("%(a)s"))[0] == refused


def test_what_vanished_is_kept_and_comes_back() -> None:
    text = SAVED + '\n#: a.py\nmsgid "Zoo"\nmsgstr ""\n\n# Why?\nmsgid "Why"\nmsgstr ""\n'
    gone, done = merged(text)
    assert gone == (
        '#~ msgid "The page was saved."\n#~ msgstr "Die Seite wurde gespeichert."\n\n'
        '# Why?\n#~ msgid "Why"\n#~ msgstr ""\n'
    )
    assert done == Merged(obsolete=2)
    back, done = merged(gone, message("The page was saved.", file="a.py"), message("Why"))
    assert back == "#: a.py\n" + SAVED + '\n# Why?\nmsgid "Why"\nmsgstr ""\n'
    assert done == Merged(messages=2, revived=2)


def test_a_reworded_message_keeps_its_translation_in_doubt() -> None:
    text = SAVED.replace('msgstr "', 'msgstr ""\n"').replace("# ", "")
    after, done = merged(text, message("The page was not saved.", file="a.py"), message("Other"))
    assert after == (
        '#: a.py\n#, fuzzy\n#| msgid "The page was saved."\nmsgid "The page was not saved."\n'
        'msgstr ""\n"Die Seite wurde gespeichert."\n\nmsgid "Other"\nmsgstr ""\n'
    )
    assert done == Merged(messages=2, fuzzy=1, new=1)


def test_a_message_that_is_reworded_again_still_shows_what_was_translated() -> None:
    once, _ = merged(SAVED, message("The page was not saved."))
    twice, _ = merged(once, message("The page was not saved yet."))
    assert '#| msgid "The page was saved."\nmsgid "The page was not saved yet."' in twice
    back, _ = merged(twice, message("The page was saved."))
    assert back == "#, fuzzy\n" + SAVED


def test_an_obsolete_translation_serves_a_reworded_message_too() -> None:
    gone, _ = merged(SAVED)
    after, done = merged(gone, message("The page was saved!"))
    assert after.startswith('#, fuzzy\n#| msgid "The page was saved."\nmsgid "The page was saved!"')
    assert done == Merged(messages=1, fuzzy=1)


def test_no_translation_crosses_into_another_context() -> None:
    text = 'msgctxt "verb"\n' + SAVED
    after, done = merged(text, message("The page was saved", context="noun"))
    assert 'msgctxt "noun"\nmsgid "The page was saved"\nmsgstr ""' in after
    assert '#~ msgctxt "verb"' in after and done == Merged(messages=1, new=1, obsolete=1)


def test_untranslated_messages_serve_nobody() -> None:
    after, done = merged('msgid "Save page"\nmsgstr ""\n', message("Save pages"))
    assert after == 'msgid "Save pages"\nmsgstr ""\n' and done == Merged(messages=1, new=1)


@pytest.mark.parametrize(("locale", "count"), [("de", 2), ("pl", 3), ("ja", 1), ("ar", 6)])
def test_a_message_that_gets_a_plural_keeps_its_translation_in_every_form(
    locale: str, count: int
) -> None:
    text = 'msgid "One page"\nmsgstr "Seite"\n'
    after, done = merged(text, message("One page", "%(num)s pages"), locale=locale)
    forms = "".join(f'msgstr[{number}] "Seite"\n' for number in range(count))
    assert after == (
        '#, fuzzy, python-format\n#| msgid "One page"\nmsgid "One page"\n'
        f'msgid_plural "%(num)s pages"\n{forms}'
    )
    assert done.fuzzy == 1


def test_a_message_that_loses_its_plural_keeps_every_form() -> None:
    text = 'msgid "Page"\nmsgid_plural "Pages"\nmsgstr[0] "strona"\nmsgstr[1] "strony"\nmsgstr[2] "stron"\n'
    after, _ = merged(text, message("Page"), locale="pl")
    assert after == (
        "# Another form was: strony\n# Another form was: stron\n#, fuzzy\n"
        '#| msgid "Page"\n#| msgid_plural "Pages"\nmsgid "Page"\nmsgstr "strona"\n'
    )


def test_a_plural_that_is_reworded_is_in_doubt() -> None:
    text = 'msgid "Page"\nmsgid_plural "Pages"\nmsgstr[0] "a"\nmsgstr[1] "b"\n'
    after, _ = merged(text, message("Page", "All pages"))
    assert '#| msgid_plural "Pages"\nmsgid "Page"\nmsgid_plural "All pages"\nmsgstr[0] "a"' in after


def test_a_file_keeps_its_own_number_of_forms_if_the_language_may_have_it() -> None:
    document = new_document("fr")
    document.set_header("Plural-Forms", "nplurals=3; plural=n==1 ? 0 : n==1000000 ? 1 : 2;")
    merge(document, [message("Page", "Pages")], "fr")
    assert len(document.entries[0].forms) == 3
    document.set_header("Plural-Forms", "nplurals=9; plural=0;")
    merge(document, [message("Page", "Pages"), message("Leaf", "Leaves")], "fr")
    assert [len(entry.forms) for entry in document.entries] == [3, 2]


def test_an_overlay_gets_no_message_that_it_never_had() -> None:
    template = [message("New"), message("The page was not saved."), message("Zoo")]
    after, done = merged(SAVED, *template, complete=False)
    assert after.count('msgid "') == 2 and '#| msgid "The page was saved."' in after
    assert done == Merged(messages=1, fuzzy=1)


OWN = '#: templates/shop.html\nmsgid "Add to basket"\nmsgstr "In den Korb"\n'


@pytest.mark.parametrize("own", [OWN, OWN.partition("\n")[2]])
@pytest.mark.parametrize("complete", [True, False])
def test_a_message_that_only_the_site_has_stays_where_it_is(own: str, complete: bool) -> None:
    template = [message("Add a basket"), message("Search", file="verso/a.html")]
    text = f'{own}\n#: verso/a.html\nmsgid "Search"\nmsgstr "Suche"\n'
    after, done = merged(text, *template, complete=complete, keeps_own=True)
    assert f"{own}\n#: verso/a.html\nmsgid" in after
    assert "fuzzy" not in after and "#~" not in after
    assert done.own == 1 and done.obsolete == done.fuzzy == 0


def test_a_file_of_a_site_still_follows_what_the_package_reworded() -> None:
    text = f"#: verso/a.html verso/b.py:3\n{SAVED}\n{OWN}"
    after, done = merged(text, message("The page was not saved."), complete=False, keeps_own=True)
    assert '#| msgid "The page was saved."\nmsgid "The page was not saved."' in after
    assert OWN in after and done == Merged(messages=1, fuzzy=1, own=1)


def test_a_file_of_a_site_keeps_what_the_package_dropped_as_obsolete() -> None:
    after, done = merged(f"#: verso/a.html\n{SAVED}", keeps_own=True)
    assert '#~ msgid "The page was saved."' in after and done == Merged(obsolete=1)


def test_a_message_of_the_package_that_the_site_uses_too_stays_when_the_package_drops_it() -> None:
    text = f"#: templates/shop.html\n{SAVED}"
    template = message("The page was saved.", file="verso/a.html")
    once, _ = merged(text, template, keeps_own=True)
    assert once.startswith("#: verso/a.html\n#: templates/shop.html\n") or once.startswith(
        "#: verso/a.html templates/shop.html\n"
    )
    assert merged(once, template, keeps_own=True)[0] == once
    after, done = merged(once, keeps_own=True)
    assert after == once and done == Merged(own=1)


def test_what_a_site_made_obsolete_lends_its_words_to_no_other_message() -> None:
    retired = '#~ msgid "Add to basket"\n#~ msgstr "In den Korb"\n'
    after, done = merged(retired, message("Add a basket"), keeps_own=True)
    assert retired in after and done == Merged(messages=1, new=1)


def test_what_is_not_understood_stays() -> None:
    broken = '\n<<<<<<< ours\nmsgid "x"\nmsgstr "open\n'
    after, _ = merged(SAVED + broken, message("The page was saved."), message("New"))
    assert broken in after and 'msgid "New"' in after


def test_of_two_entries_of_one_message_both_stay() -> None:
    text = SAVED + "\n" + SAVED.replace("Die", "Eine")
    assert merged(text, message("The page was saved."))[0] == text


NAMES = st.sampled_from(["Save", "Save all", "Saved", "Delete", "Delete page", "Not saved at all"])
MESSAGES = st.builds(message, NAMES, st.sampled_from([None, "Many"]), st.sampled_from([None, "c"]))


@given(st.lists(st.lists(MESSAGES, unique_by=lambda one: one.key, max_size=6), max_size=5))
def test_whatever_comes_and_goes_no_translation_is_lost(
    rounds: list[list[TemplateMessage]],
) -> None:
    document = new_document("pl")
    given: set[str] = set()
    for number, template in enumerate(rounds):
        merge(document, template, "pl")
        live = [entry for entry in document.entries if not entry.obsolete]
        assert sorted(map(str, (entry.source for entry in live))) == sorted(
            str(message.source) for message in template
        )
        data = document.to_bytes()
        merge(document, template, "pl")
        assert document.to_bytes() == data
        for entry in live:
            if not any(entry.forms):
                entry.forms = [
                    f"<{number}.{entry.msgid}.{form}>" for form in range(len(entry.forms))
                ]
                given.update(entry.forms)
        text = document.to_bytes().decode()
        assert [form for form in given if form not in text] == []
