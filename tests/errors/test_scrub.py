"""Scrubbing: secrets are hidden by name, by shape and by value; other words stay readable."""

import json
import time
from urllib.parse import quote, quote_plus

import pytest

from verso.errors.scrub import HIDDEN, Scrubber, secrets_in

SECRETS = {
    "password=hunter2": "hunter2",
    "'api_key': 'abc def'": "abc def",
    "Authorization: Bearer abc.def~ghi": "abc.def",
    "connect to postgresql://verso:s3cret@db/x": "s3cret",
    "https://0123456789abcdef@sentry.example/1": "0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl": "eyJhbGciOiJIUzI1NiJ9",
    "paid with 4111 1111 1111 1111 today": "4111 1111",
    "sk_live_abcdefghijkl": "sk_live_abcdefghijkl",
    "/admin/setup/aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF": "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----": "MIIabc",
    "Cookie: a=first; b=second": "second",
    "{b'password': b'in bytes'}": "in bytes",
    "<password>in a tag</password>": "tag",
    '{\\"password\\": \\"in json in json\\"}': "in json in json",
    "[('X-Api-Key', 'in a pair')]": "in a pair",
    "postgresql://bob:with@sign@host/x": "with@",
    "[SQL: INSERT]\n[parameters: ('first value', 'second value')]": "second value",
    "glpat-abcdefghij0123456789": "glpat-abc",
}
KNOWN = "Sw ord'\"fish\\n\u00fc/+"
SPELLED = {
    "as it is": KNOWN,
    "in Python": repr(KNOWN),
    "in JSON": json.dumps(KNOWN),
    "in a URL": quote(KNOWN),
    "in a form": quote_plus(KNOWN),
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.items())
def test_secrets_in_a_text_are_hidden(text: str, secret: str) -> None:
    scrubbed = Scrubber().text(f"before {text}\nafter")
    assert secret not in scrubbed and HIDDEN in scrubbed
    assert scrubbed.startswith("before ") and scrubbed.endswith("after")


@pytest.mark.parametrize(
    "text",
    [
        "author: Ada Lovelace",
        "the passage of time",
        "7K3QX9M2RT5B at 1763671234567",
        "document 4111111111111112 is not there",
        "verso.content.documents.create_document",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert Scrubber().text(text) == text


def test_values_are_hidden_by_name_at_any_depth() -> None:
    value = {"user": [{"name": "Ada", "Pass-Word": "no", "passwd": ["a1b2", {"x": "c3d4"}]}]}
    scrubbed = Scrubber().value(value)
    assert scrubbed["user"][0]["name"] == "Ada"
    assert scrubbed["user"][0]["passwd"] == HIDDEN
    assert set(secrets_in(value)) == {"a1b2", "c3d4"}


def test_a_secret_that_is_known_is_hidden_wherever_it_stands() -> None:
    scrubber = Scrubber(["the-signing-key"]).knowing(["typed by somebody"])
    text = scrubber.text("x the-signing-key y typed by somebody z")
    assert text == f"x {HIDDEN} y {HIDDEN} z"


@pytest.mark.parametrize("spelling", SPELLED)
def test_a_known_secret_is_hidden_however_it_is_written(spelling: str) -> None:
    assert "fish" not in Scrubber([KNOWN]).text(f"it was {SPELLED[spelling]} then")


def test_controls_and_what_turns_the_text_are_written_out() -> None:
    text = Scrubber().text("a\x1b]0;x\x07\u202eb\u2066c\x00\ud800")
    assert text.isprintable() and "\\u202e" in text


def test_a_value_has_a_budget_and_costs_no_more() -> None:
    huge = {f"key {number}": ["word " * 50] * 80 for number in range(100)}
    assert len(json.dumps(Scrubber().value(huge))) < 40_000
    assert len(secrets_in({"password": [f"secret {number}" for number in range(10_000)]})) == 100


def test_a_value_that_never_ends_is_cut() -> None:
    endless: list[object] = []
    endless.append(endless)
    text = json.dumps(Scrubber().value({"a": endless, "b": "x" * 10_000, "c": list(range(500))}))
    assert len(text) < 4000


@pytest.mark.parametrize(
    "piece",
    ["a", "a-", "password", "token-", "x://", "eyJ-", "eyJabcdef", "2 ", "a.", "'", "Cookie:"],
)
def test_the_cost_grows_with_the_length_and_not_with_its_square(piece: str) -> None:
    """A text that is made to match almost, again and again, cannot stop the process."""
    short, long = (min(_seconds(piece, size) for _ in range(5)) for size in (4_000, 32_000))
    assert long < 8 * 5 * short + 0.005


def _seconds(piece: str, size: int) -> float:
    text, scrubber = piece * (size // len(piece)), Scrubber()
    began = time.thread_time()
    scrubber.text(text, size)
    return time.thread_time() - began
