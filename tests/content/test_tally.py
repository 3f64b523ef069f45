"""The tally: bounded, and blind to who asked."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from verso.content.tally import MAX_HOSTS, MAX_PATHS, Hits, Tally, host_of

HERE = "www.example.org"


def counted(*hits: tuple[str, str]) -> dict[str, Hits]:
    tally = Tally()
    for path, referrer in hits:
        tally.count(path, referrer, HERE)
    return {path: hits for (_, path), hits in tally.take()[0].items()}


def test_hits_are_counted_by_day_path_and_host() -> None:
    hits = (
        ("/en/x", "https://a.example/page?secret=1"),
        ("/en/x/", "https://A.example/"),
        ("/en/x", f"https://{HERE}/en/"),
        ("/en/y", ""),
    )
    tally, today = Tally(), date.min
    # Once more where a day has ended in between.
    while today != datetime.now(UTC).date():
        tally, today = Tally(), datetime.now(UTC).date()
        is_first = [tally.count(path, referrer, HERE) for path, referrer in hits]
    assert is_first == [True, False, False, False]
    taken, _ = tally.take()
    assert taken == {
        (today, "/en/x"): Hits(3, 1, Counter({"a.example": 2})),
        (today, "/en/y"): Hits(1),
    }
    assert len(tally) == 0 and tally.count("/en/x", "", HERE)


@pytest.mark.parametrize(
    "referrer",
    [
        "https://203.0.113.9/x",
        "https://203.0.113.9:8080/x",
        "https://[2001:db8::7]/x",
        "https://2001:db8::7/x",
        "https://3405803785/",
        "https://" + "x" * 200 + ".example/",
        "https://a\x1bb.example/",
        "https://[broken",
        "android-app:x",
        "nonsense",
    ],
)
def test_no_address_and_no_nonsense_is_kept_as_a_host(referrer: str) -> None:
    assert counted(("/x", referrer)) == {"/x": Hits(1)}


def test_the_name_in_a_referrer_is_not_its_host() -> None:
    assert host_of("https://user:word@a.example:8443/x?y#z") == "a.example:8443"


def test_noise_is_one_row_for_each_kind() -> None:
    found = counted(
        ("/wp-login.php", ""), ("/wp-admin/", ""), ("/.env", ""), ("/x/203.0.113.9", "")
    )
    assert {path: hits.total for path, hits in found.items()} == {
        "wordpress": 2,
        "secrets": 1,
        "addresses": 1,
    }


def test_paths_and_hosts_are_bounded() -> None:
    tally = Tally()
    for number in range(10_000):
        tally.count(f"/{number}/" + "字" * 5000, "", HERE)
    taken, left_out = tally.take()
    assert len(taken) == MAX_PATHS and left_out == 10_000 - MAX_PATHS
    assert max(len(path.encode()) for _, path in taken) <= 2500
    for number in range(100):
        tally.count("/x", f"https://host{number}.example/", HERE)
    [hits] = tally.take()[0].values()
    assert hits.total == 100 and len(hits.hosts) == MAX_HOSTS


def test_what_could_not_be_written_is_put_back_within_the_bounds() -> None:
    tally = Tally()
    tally.count("/x", "https://a.example/", HERE)
    taken, _ = tally.take()
    tally.count("/x", "https://a.example/", HERE)
    tally.put_back(taken)
    [hits] = tally.take()[0].values()
    assert hits == Hits(2, 0, Counter({"a.example": 2}))
