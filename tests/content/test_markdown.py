"""Markdown becomes HTML that is safe, valid and accessible, in any script and quickly."""

import re
import time

import pytest

from verso.assets import STATIC
from verso.content.markdown import excerpt, highlight_css, plain_text, render

LIGHT_GROUND, DARK_GROUND = "#eeece4", "#23262e"


def test_the_first_heading_is_h2_and_no_level_is_skipped() -> None:
    source = "### One\n##### Two\n# Three\n#### Four\n"
    levels = [heading.level for heading in render(source).headings]
    assert levels == [2, 3, 2, 3]
    assert '<h3 id="two">Two</h3>' in render(source).html


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Über uns!", "über-uns"),
        ("日本語の見出し", "日本語の見出し"),
        ("مرحبًا بالعالم", "مرحبا-بالعالم"),
        ("2014 in review", "h-2014-in-review"),
        ("*Rust* 1.0 & `cargo_new`", "rust-10-cargo-new"),
        ("!!!", "h"),
    ],
)
def test_heading_ids_come_from_the_text_in_any_script(text: str, name: str) -> None:
    assert render(f"## {text}").headings[0].id == name


def test_heading_ids_are_unique_also_among_footnotes() -> None:
    source = "# A\n# A\n# A 1\n# fn 1\n\nText[^n]\n\n[^n]: Note"
    html = render(source).html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 6


def test_a_heading_without_words_is_no_heading() -> None:
    rendered = render("# \n\n## &nbsp;\n\n# ![](a.png)\n")
    assert rendered.headings == ()
    assert "<h" not in rendered.html


def test_fragments_of_other_generators_find_their_heading() -> None:
    html = render("[a](#rust-1-31-0) [b](#2018)\n\n# Rust 1.31.0\n# 2018\n").html
    assert 'href="#rust-1310"' in html
    assert 'href="#h-2018"' in html


def test_footnotes_of_two_documents_do_not_meet() -> None:
    first = render("a[^1] b[^1]\n\n[^1]: Note", id_prefix="d1-").html
    second = render("a[^1]\n\n[^1]: Note", id_prefix="d2-").html
    assert not set(re.findall(r' id="[^"]+"', first)) & set(re.findall(r' id="[^"]+"', second))
    targets = set(re.findall(r'href="#([^"]+)"', first))
    assert targets == set(re.findall(r' id="([^"]+)"', first))


def test_tables_say_alignment_by_class_and_scroll_with_the_keyboard() -> None:
    html = render("| | b |\n|:-|-:|\n| 1 | 2 |\n").html
    assert '<div class="table" tabindex="0">' in html
    assert '<th class="align-right" scope="col">b</th>' in html
    assert '<td class="align-left"></td>' in html
    assert "style=" not in html


def test_a_table_whose_head_is_empty_has_none() -> None:
    html = render("| | |\n|--|--|\n| 1 | 2 |\n").html
    assert "<thead>" not in html and "<td>1</td>" in html


def test_tasks_are_signs_and_not_inputs() -> None:
    html = render("- [x] done\n- [ ] open\n\n1. [X] third\n").html
    assert html.count("☑") == 2 and html.count("☐") == 1
    assert "<input" not in html


def test_lists_of_definitions_and_deletions_are_known() -> None:
    html = render("Term\n: Meaning\n\n~~gone~~\n").html
    assert "<dt>Term</dt>\n<dd>Meaning</dd>" in html
    assert "<s>gone</s>" in html


@pytest.mark.parametrize("info", ["rust", "rust,ignore", "{.rust}", "Rust {linenos=true}"])
def test_code_is_coloured_by_the_first_word_of_its_info(info: str) -> None:
    html = render(f"```{info}\nfn main() {{}}\n```\n").html
    assert '<pre tabindex="0" dir="ltr"><code class="language-rust">' in html
    assert '<span class="k">fn</span>' in html


def test_code_in_an_unknown_language_is_plain() -> None:
    html = render('```no-such"x\n<b>\n```\n\n    <i>\n').html
    assert '<code class="language-no-such">&lt;b&gt;\n</code>' in html
    assert "<code>&lt;i&gt;\n</code>" in html


def test_images_are_lazy_and_always_have_an_alternative() -> None:
    html = render("![A *cat*](cat.png 'Title') ![](x.png)").html
    assert '<img src="cat.png" alt="A cat" title="Title" loading="lazy">' in html
    assert '<img src="x.png" alt="" loading="lazy">' in html


def test_every_link_has_a_text() -> None:
    html = render("[](/a) [![](x.png)](/b) ![](mailto:a@b.c)").html
    assert '<a href="/a">/a</a>' in html
    assert 'loading="lazy">/b</a>' in html
    assert html.count("<img") == 1


def test_links_that_lead_out_do_not_hand_over_the_window() -> None:
    html = render("[a](https://example.org) [b](//example.org) [c](/c) <tel:+123>").html
    assert html.count('rel="noopener"') == 2
    assert '<a href="tel:+123">' in html


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](&#1;javascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html,<script>)",
        "[x](file:///etc/passwd)",
        "![x](data:image/png;base64,AAAA)",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        '![x" onerror=alert(1)](y" onerror=z)',
        '```"><script>\nx\n```',
        "<javascript:alert(1)>",
    ],
)
def test_hostile_text_stays_text(source: str) -> None:
    html = render(source).html
    assert not re.search(r"<(?:script|svg|iframe|style)", html)
    assert not re.search(r"<[^>]* (?:on\w+|style)=", html)
    assert not re.search(r"(?:href|src)=\"(?!y%22)[^\"]*(?:script|data|file):", html)


@pytest.mark.parametrize(
    "source",
    [
        "[" * 20_000,
        "[^" * 20_000,
        "[^a]: x\n\n" + "[^a" * 20_000,
        "[a](" * 10_000,
        "*a_ " * 10_000,
        ">" * 20_000,
        "- " * 10_000,
        "# a\n" * 5_000,
        "<" * 20_000,
        "`a``b" * 5_000,
        "[a]: b\n" * 10_000,
    ],
    ids=lambda source: repr(source[:12]),
)
def test_hostile_text_is_rendered_quickly(source: str) -> None:
    began = time.process_time()
    render(source)
    assert time.process_time() - began < 2


def test_rendering_twice_gives_the_same() -> None:
    source = "# A\n[a](#b)\n# B\nx[^1]\n\n[^1]: y"
    assert render(source) == render(source)


def test_plain_text_keeps_words_and_code_without_markup() -> None:
    source = (
        "# A *b*\n\n[link](/x) ![alt](y.png)\nnext `code`[^1]\n\n```py\nx = 1\n```\n\n[^1]: Note"
    )
    assert plain_text(source) == "A b\nlink alt next code\nx = 1\nNote"


def test_an_excerpt_begins_with_the_paragraphs_and_ends_at_a_word() -> None:
    source = "# Title\n\nThe quick brown *fox* jumps.\n\n- item\n\nOver the dog."
    assert excerpt(source, 100) == "The quick brown fox jumps. Over the dog."
    assert excerpt(source, 18) == "The quick brown…"


def test_an_excerpt_of_unspaced_or_joined_text_stays_whole() -> None:
    assert excerpt("日本語の文章はここで切れます", 6) == "日本語の文…"
    family = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
    assert excerpt("aa" + family * 3, 5) == "aa…"


def test_an_excerpt_of_a_long_text_knows_links_defined_at_its_end() -> None:
    source = "See [the book][b] first. " + "word " * 5_000 + "\n\n[b]: https://example.org\n"
    assert excerpt(source, 25) == "See the book first. word…"


def test_an_excerpt_without_paragraphs_shows_what_there_is() -> None:
    assert excerpt("- one\n- two\n", 40) == "one two"
    assert excerpt("", 40) == ""


@pytest.mark.parametrize("ground", [LIGHT_GROUND, DARK_GROUND])
def test_every_colour_of_code_can_be_read(ground: str) -> None:
    pairs = re.findall(r"light-dark\((#\w{6}), (#\w{6})\)", highlight_css())
    assert len(pairs) > 5
    for light, dark in pairs:
        assert _contrast(light if ground == LIGHT_GROUND else dark, ground) >= 4.5


def _contrast(first: str, second: str) -> float:
    darker, lighter = sorted([_luminance(first), _luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_stylesheet_of_code_is_the_one_that_is_served() -> None:
    first, _, rules = (STATIC / "highlight.css").read_text("utf-8").partition("\n")
    assert first.startswith("/*") and rules.rstrip() == highlight_css().rstrip()
