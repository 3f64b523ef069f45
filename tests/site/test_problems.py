"""Every problem has a page that says what it means, in every language."""

from flask.testing import FlaskClient

from verso.errors.catalogue import PROBLEMS


def test_every_problem_leads_to_its_page(client: FlaskClient) -> None:
    index = client.get("/en/problems/").text
    for problem in PROBLEMS:
        assert f'href="/en/problems/{problem.slug}"' in index
        for locale in ("en", "de", "fr", "ar"):
            page = client.get(f"/{locale}/problems/{problem.slug}")
            assert page.status_code == 200 and problem.slug in page.text
            assert (problem.title in page.text) == (locale == "en")


def test_slugs_and_codes_are_unique_and_codes_begin_with_the_status() -> None:
    assert len({problem.slug for problem in PROBLEMS}) == len(PROBLEMS)
    assert len({problem.code for problem in PROBLEMS}) == len(PROBLEMS)
    general = {"client-error", "server-error"}
    for problem in PROBLEMS:
        assert problem.slug in general or problem.code // 100 == problem.status


def test_an_unknown_problem_is_404(client: FlaskClient) -> None:
    assert client.get("/en/problems/made-up").status_code == 404
    assert client.get("/problems/made-up").status_code == 404
