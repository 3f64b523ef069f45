"""Every address in a text is found outside of code, and written anew where it stands."""

import time

import pytest

from verso.content.importers.links import KEEP, Action, Answer, addresses, rewrite


def _moved(address: str, is_image: bool) -> Answer:
    return Answer(Action.MOVE, "/new (1)" if address == "old" else address)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("[a](old)", "[a](</new (1)>)"),
        ("[a]( <old> 'T' )", "[a]( </new (1)> 'T' )"),
        ("[`a](x)` b](old)", "[`a](x)` b](</new (1)>)"),
        ("[![i](old)](old)", "[![i](</new (1)>)](</new (1)>)"),
        ("[a]: old 'T'\n", "[a]: </new (1)> 'T'\n"),
        ("- [a]: old\n", "- [a]: </new (1)>\n"),
        ("`[a](old)` and\n\n    [a](old)\n", "`[a](old)` and\n\n    [a](old)\n"),
        ("[^a]: old\n", "[^a]: old\n"),
        ("- [a]: old is a sentence\n", "- [a]: old is a sentence\n"),
        ("[a](old", "[a](old"),
        ("\\[a](old)", "\\[a](old)"),
    ],
)
def test_addresses_are_written_anew(source: str, wanted: str) -> None:
    assert rewrite(source, _moved) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("![A](x.png)", "[A](x.png)"),
        ("![](https://a.b/c/x.png)", "[x.png](https://a.b/c/x.png)"),
        ("[![A](x.png)](x.png)", "[A](x.png)"),
        ("![A][r]\n\n[r]: x.png\n", "[A][r]\n\n[r]: x.png\n"),
        ("![r]\n\n[r]: x.png\n", "[r]\n\n[r]: x.png\n"),
    ],
)
def test_an_image_can_become_a_link(source: str, wanted: str) -> None:
    answer = Answer(Action.LINK)
    assert rewrite(source, lambda _, is_image: answer if is_image else KEEP) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a ![A *b*](x.png 'T') c", "a A *b* c"),
        ("[text](x.txt)", "text"),
        ("[](x.txt)", "x.txt"),
        ("![A][r] b\n\n[r]: x.png\n", "A b\n\n[r]: x.png\n"),
    ],
)
def test_a_link_can_become_its_text(source: str, wanted: str) -> None:
    assert rewrite(source, lambda *_: Answer(Action.TEXT)) == wanted


def test_a_bare_address_gets_the_title_of_what_it_leads_to() -> None:
    answer = Answer(Action.MOVE, "/en/blog/x", "The *title*")
    assert rewrite("<https://a.b/x>", lambda *_: answer) == "[The \\*title\\*](/en/blog/x)"


def test_all_addresses_can_be_listed() -> None:
    source = "[a](b) ![c](d) <https://e.f>\n\n[g]: h\n\n![g] [i](j\\(k)"
    assert addresses(source) == [
        ("b", False),
        ("d", True),
        ("j(k", False),
        ("h", True),
        ("https://e.f", False),
    ]


@pytest.mark.parametrize("source", ["[" * 20_000, "[a](" * 10_000, "](" * 10_000, "![a]" * 5_000])
def test_hostile_links_are_read_quickly(source: str) -> None:
    began = time.process_time()
    assert rewrite(source, lambda *_: KEEP) == source
    assert time.process_time() - began < 5
