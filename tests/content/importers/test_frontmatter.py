"""Front matter is read in three languages, and what is wrong in it is named by its line."""

from datetime import UTC, date, datetime

import pytest

from verso.content.importers.frontmatter import BrokenFile, split_front_matter
from verso.content.importers.metadata import Metadata, date_in, parse_date, read_metadata
from verso.models import State


def _metadata(text: str, file: str = "a.md") -> Metadata:
    return read_metadata(split_front_matter(text, file), file, text)


@pytest.mark.parametrize(
    ("text", "syntax"),
    [
        ('+++\ntitle = "A"\n+++\nBody\n', "toml"),
        ("---\ntitle: A\n---\nBody\n", "yaml"),
        ("---\r\ntitle: A\r\n...\r\nBody\r\n", "yaml"),
        ('{\n"title": "A"\n}\nBody\n', "json"),
        ('\ufeff+++\ntitle = "A"\n+++\nBody\n', "toml"),
    ],
)
def test_each_syntax_is_known(text: str, syntax: str) -> None:
    front = split_front_matter(text, "a.md")
    assert (front.syntax, front.fields, front.body, front.line) == (
        syntax,
        {"title": "A"},
        "Body\n",
        4,
    )


@pytest.mark.parametrize("text", ["Text\n", "---\nno end\n", "{{< figure >}}\n", "# A\n\n---\n"])
def test_text_without_front_matter_stays_whole(text: str) -> None:
    front = split_front_matter(text, "a.md")
    assert (front.syntax, front.body, front.line) == ("", text, 1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('+++\ntitle = "A"\ndate = = 1\n+++\n', 3),
        ("---\ntitle: A\ntags: [a\n---\n", 4),
        ("---\ntitle: A\n- b\n---\n", 3),
        ('{\n"title": "A",\n}\n', 3),
        ("---\n- a\n---\n", 2),
        ("---\nx: " + "[" * 5000 + "\n---\n", None),
        ('{"x": ' + "[" * 50_000 + "}\n", 1),
        ("+++\nx = " + "[" * 5000 + "\n+++\n", None),
        ("---\na: &a [x]\nb: [" + "*a, " * 30 + "]\n---\n", None),
        ("---\n" + "x: " + "y" * 70_000 + "\n---\n", 1),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_broken_is_named_by_its_line(text: str, line: int | None) -> None:
    with pytest.raises(BrokenFile) as caught:
        split_front_matter(text, "posts/a.md")
    assert caught.value.file == "posts/a.md"
    assert caught.value.line == line


def test_yaml_makes_no_objects() -> None:
    with pytest.raises(BrokenFile, match="could not determine a constructor"):
        split_front_matter("---\na: !!python/object/apply:os.system [ls]\n---\n", "a.md")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (date(2014, 9, 15), datetime(2014, 9, 15, tzinfo=UTC)),
        (datetime(2014, 9, 15, 8), datetime(2014, 9, 15, 8, tzinfo=UTC)),
        ("2014-09-15", datetime(2014, 9, 15, tzinfo=UTC)),
        ("2014-9-5 8:30", datetime(2014, 9, 5, 8, 30, tzinfo=UTC)),
        ("2014-09-15 10:00:00 -0700", datetime(2014, 9, 15, 17, tzinfo=UTC)),
        ("2014-09-15T10:00:00.5+02:00", datetime(2014, 9, 15, 8, 0, 0, 500_000, tzinfo=UTC)),
        ("2014-09-15T10:00:00Z", datetime(2014, 9, 15, 10, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_generators_write_them(value: object, wanted: datetime) -> None:
    assert parse_date(value) == wanted


@pytest.mark.parametrize("value", ["tomorrow", "2014-13-01", "0001-01-01", 20140915])
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="2014|tomorrow|month|year"):
        parse_date(value)


def test_a_wrong_date_is_named_by_its_line() -> None:
    with pytest.raises(BrokenFile, match="line 3: 'soon' is not a date"):
        _metadata("---\ntitle: A\ndate: soon\n---\n")


def test_dates_stand_in_paths_and_file_names_too() -> None:
    day = datetime(2014, 9, 15, tzinfo=UTC)
    assert date_in("2014/09/15/Rust-1.0") == day
    assert date_in("_posts/2014-09-15-title.md") == day
    assert date_in("2014-99-15-title.md") is None
    assert _metadata('+++\npath = "2014/09/15/x"\n+++\n').date == day


def test_authors_and_tags_are_found_wherever_they_stand() -> None:
    text = '+++\n[extra]\nauthor = "Ana"\n[taxonomies]\ntags = ["a", "B", "A"]\ncategories = ["c"]\n+++\n'
    metadata = _metadata(text)
    assert (metadata.authors, metadata.tags) == (("Ana",), ("a", "B", "c"))
    metadata = _metadata("---\nauthors:\n  - name: Ana\n  - Bo\ntags: a, b c\ncategory: d\n---\n")
    assert (metadata.authors, metadata.tags) == (("Ana", "Bo"), ("a", "b c", "d"))


@pytest.mark.parametrize(
    ("field", "state"),
    [
        ("draft: true", State.DRAFT),
        ("published: false", State.DRAFT),
        ("state: archived", State.ARCHIVED),
        ("draft: false", State.PUBLISHED),
    ],
)
def test_the_state_is_said_in_different_ways(field: str, state: State) -> None:
    assert _metadata(f"---\n{field}\n---\n").state == state


def test_the_menu_of_hugo_is_understood() -> None:
    metadata = _metadata("---\nmenu:\n  main:\n    weight: 30\n---\n")
    assert (metadata.in_menu, metadata.weight) == (True, 30)
    assert not _metadata("---\nmenu: false\nweight: 5\n---\n").in_menu


@pytest.mark.parametrize(
    "text",
    [
        '+++\nsearch_title = "T"\nsearch_description = "D"\nsharing_image = "p.png"\n+++\n',
        "---\nseo_title: T\nseo_description: D\nog_image: p.png\n---\n",
        "---\nmeta_title: T\nmeta_description: D\nog_image: p.png\n---\n",
        "---\nseo:\n  title: T\n  description: D\n  image: p.png\n---\n",
        '+++\n[extra]\nseo_title = "T"\nmeta_description = "D"\nog_image = "p.png"\n+++\n',
        '{"params": {"seo": {"title": "T", "description": "D", "image": "p.png"}}}\n',
    ],
)
def test_words_for_search_engines_are_known_by_their_usual_names(text: str) -> None:
    said = _metadata(text)
    assert (said.search_title, said.search_description) == ("T", "D")
    assert (said.sharing_image, said.image, said.summary) == ("p.png", "", "")


@pytest.mark.parametrize("text", ["---\nseo: true\n---\n", "---\nseo:\n  title: [T]\n---\n"])
def test_other_things_called_seo_are_no_words(text: str) -> None:
    assert (_metadata(text).search_title, _metadata(text).sharing_image) == ("", "")
