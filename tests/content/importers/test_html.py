"""Raw HTML becomes Markdown; code stays code; what has no Markdown is reported."""

import time

import pytest

from verso.content.importers.html import to_markdown
from verso.content.importers.shortcodes import without_shortcodes


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<img src="a.png" alt="A [b]" title="T" width=5>\n', '![A \\[b\\]](a.png "T")\n'),
        ('See <a href="/x y">this <b>one</b></a>.', "See [this **one**](</x y>)."),
        ("**Oxidize**<br>July", "**Oxidize**\\\nJuly"),
        ("- one<br/>two", "- one\\\n  two"),
        ("a\n\n<br/>\n\nb\n", "a\n\nb\n"),
        ("| a | b |\n|---|---|\n| x<br>y | z |\n", "| a | b |\n|---|---|\n| x y | z |\n"),
        ("crates<sup>1</sup>, H<sub>2</sub>O, 5<sup>th</sup>", "crates¹, H₂O, 5ᵗʰ"),
        ("Use <code>a &lt; `b`</code> now", "Use `` a < `b` `` now"),
        ("<em> word </em><i>x</i><b></b>", " *word* *x*"),
        ("<del>gone</del> <s>too</s>", "~~gone~~ ~~too~~"),
        ("a <!-- not\n\nshown --> b", "a  b"),
        ("Text\n\n<!-- more -->\n\nText", "Text\n\nText"),
        ("<p>One &amp; *two*</p>\n<p>Three</p>\n", "One &amp; \\*two\\*\n\nThree\n\n"),
        (
            "<ul>\n<li>one</li>\n<li>two<ol><li>a</li></ol></li>\n</ul>\n",
            "- one\n- two\n  1. a\n\n",
        ),
        ("<h2>Head <i>x</i></h2>\n\nText", "## Head *x*\n\nText"),
        ("<blockquote>\nQuote\n</blockquote>\n", "> Quote\n\n"),
        ('<pre><code class="language-py">a &lt; b\n</code></pre>\n', "```py\na < b\n```\n\n"),
        ("<dl><dt>T</dt><dd>D</dd></dl>", "T\n:   D\n\n"),
        ("Vec<T> and Map<Key, Data> and a < b", "Vec<T> and Map<Key, Data> and a < b"),
        ("\\<b>x and <https://example.org>", "\\<b>x and <https://example.org>"),
    ],
    ids=lambda text: repr(text)[:30],
)
def test_elements_become_markdown(source: str, wanted: str) -> None:
    markdown, remarks = to_markdown(source)
    assert markdown.lstrip("\n") == wanted
    assert remarks == []


def test_a_table_becomes_a_table() -> None:
    source = (
        "<table>\n<tr><th>A</th><th align=right>B | C</th></tr>\n"
        "<tr>\n  <td><b>x</b>\n  <td><a href='/y'>y</a>\n</tr>\n</table>\n"
    )
    assert to_markdown(source)[0].strip() == (
        "| A | B \\| C |\n| --- | ---: |\n| **x** | [y](/y) |"
    )


def test_a_table_without_a_head_gets_an_empty_one() -> None:
    assert to_markdown("<table><tr><td>x</td></tr></table>")[0].strip() == "|  |\n| --- |\n| x |"


def test_details_show_their_summary_and_keep_code_in_them() -> None:
    source = "<details>\n <summary>More</summary>\n\n```\n<b>\n```\n\n</details>\n\nText"
    assert to_markdown(source)[0].strip() == "**More**\n\n```\n<b>\n```\n\nText"


@pytest.mark.parametrize(
    "source",
    [
        "```html\n<b>x</b>\n```\n",
        "    <b>x</b>\n",
        "- item\n\n  ```\n  <b>x</b>\n  ```\n",
        "`<b>` and ``<i>` x``\n",
        "> ```\n> <br>\n> ```\n",
    ],
)
def test_code_is_left_as_it_is(source: str) -> None:
    assert to_markdown(source) == (source, [])


def test_other_html_keeps_its_text_and_is_named_by_its_line() -> None:
    source = 'One\n\n<span class="x">two</span> <iframe src="https://example.org/v"></iframe>\n'
    markdown, remarks = to_markdown(source)
    assert markdown == "One\n\ntwo [https://example.org/v](https://example.org/v)\n"
    assert [(remark.line, remark.text) for remark in remarks] == [(3, "<span>"), (3, "<iframe>")]


def test_scripts_and_links_that_act_are_dropped() -> None:
    markdown, remarks = to_markdown('a<script>x()</script><a href="javascript:x()">b</a>')
    assert markdown == "ab"
    assert [remark.text for remark in remarks] == [
        "<script>",
        "<a href='javascript:x()'> leads nowhere",
    ]


def test_blocks_in_lists_and_quotations_stay_in_them() -> None:
    source = "- one\n\n  <p>two</p>\n\n> <p>three</p>\n"
    assert to_markdown(source)[0].rstrip() == "- one\n\n  two\n\n> three"


def test_converting_twice_changes_nothing() -> None:
    source = "<p>a</p>\n\n<table><tr><td>x<br>y</td></tr></table>\n\n<b>c</b>"
    once = to_markdown(source)[0]
    assert to_markdown(once) == (once, [])


@pytest.mark.parametrize("source", ["<b>" * 5000, "<td>" * 5000, "<a " * 20_000, "<!--" * 20_000])
def test_hostile_html_is_read_quickly(source: str) -> None:
    began = time.process_time()
    to_markdown(source)
    assert time.process_time() - began < 5


def test_template_tags_become_markdown_or_are_named() -> None:
    source = (
        "a\n\n{{< highlight go >}}\nx := 1\n{{< /highlight >}}\n\n`{% raw %}` {{< youtube x >}}\n"
    )
    markdown, remarks = without_shortcodes(source)
    assert markdown == "a\n\n```go\nx := 1\n```\n\n`{% raw %}` {{< youtube x >}}\n"
    assert [(remark.line, remark.text) for remark in remarks] == [(7, "{{< youtube x >}}")]
