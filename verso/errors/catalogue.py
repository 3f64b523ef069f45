"""Every problem that Verso can answer: slug, status, what happened and what to do about it."""

from dataclasses import dataclass

from verso.i18n.gettext import N_


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem. title, detail and advice are msgids; code is the stable number of the API."""

    slug: str
    status: int
    code: int
    title: str
    detail: str
    advice: str
    retryable: bool = False


PROBLEMS = (
    ProblemType(
        "bad-request",
        400,
        40000,
        N_("This request cannot be understood"),
        N_("Something in the address or in what was sent is malformed."),
        N_("Check the address, or go back and try again from the page before."),
    ),
    ProblemType(
        "malformed-json",
        400,
        40001,
        N_("This is not valid JSON"),
        N_("The body of the request could not be read as JSON."),
        N_("Send one JSON value in UTF-8, without NaN, lone surrogates or very deep nesting."),
    ),
    ProblemType(
        "bad-host",
        400,
        40002,
        N_("This site does not answer to that name"),
        N_("The request carries a host name that this site does not know."),
        N_("Use the address that the site is published at."),
    ),
    ProblemType(
        "bad-cursor",
        400,
        40003,
        N_("This place in the list does not exist"),
        N_("The address points to a place in a list that cannot be read."),
        N_("Start again from the beginning of the list and follow its links."),
    ),
    ProblemType(
        "unauthorized",
        401,
        40100,
        N_("Sign in first"),
        N_("This needs somebody who is signed in."),
        N_("Sign in and try again."),
    ),
    ProblemType(
        "forbidden",
        403,
        40300,
        N_("This is not open to you"),
        N_("You are known here, but this is for others."),
        N_("Ask an administrator if you need it."),
    ),
    ProblemType(
        "cross-site-request",
        403,
        40301,
        N_("This request came from another site"),
        N_("To protect you, forms are accepted only from this site's own pages."),
        N_("Open the page here and send the form again. Nothing was changed."),
    ),
    ProblemType(
        "not-found",
        404,
        40400,
        N_("This page does not exist"),
        N_("Nothing is published at this address."),
        N_("Check the spelling, search, or start from the home page."),
    ),
    ProblemType(
        "method-not-allowed",
        405,
        40500,
        N_("This cannot be done here"),
        N_("The address exists, but it does not accept this kind of request."),
        N_("Use one of the methods named in the Allow header."),
    ),
    ProblemType(
        "request-timeout",
        408,
        40800,
        N_("The request took too long to arrive"),
        N_("The rest of the request did not come in time."),
        N_("Try again, perhaps on a better connection."),
        retryable=True,
    ),
    ProblemType(
        "conflict",
        409,
        40900,
        N_("Somebody else was faster"),
        N_("What you wanted to change has changed in the meantime."),
        N_("Look at the newer state and decide again. Nothing was overwritten."),
    ),
    ProblemType(
        "gone",
        410,
        41000,
        N_("This page was withdrawn"),
        N_("There was something at this address, but it is not published any more."),
        N_("Search for something like it, or start from the home page."),
    ),
    ProblemType(
        "content-too-large",
        413,
        41300,
        N_("This is too large"),
        N_("What was sent is larger than this site accepts."),
        N_("Send less at once."),
    ),
    ProblemType(
        "unsupported-media-type",
        415,
        41500,
        N_("This format is not accepted"),
        N_("The body of the request is not in a format that is accepted here."),
        N_("Send JSON with the header Content-Type: application/json."),
    ),
    ProblemType(
        "invalid-input",
        422,
        42200,
        N_("Something needs to be corrected"),
        N_("Some of what was sent cannot be accepted as it is."),
        N_("Correct the fields that are named and send again."),
    ),
    ProblemType(
        "too-many-requests",
        429,
        42900,
        N_("Too many attempts"),
        N_("There were too many attempts in a short time."),
        N_("Wait a while before you try again."),
        retryable=True,
    ),
    ProblemType(
        "client-error",
        400,
        49900,
        N_("This request cannot be answered"),
        N_("The server cannot accept the request as it is."),
        N_("Go back and try again from the page before."),
    ),
    ProblemType(
        "internal-error",
        500,
        50000,
        N_("Something broke on our side"),
        N_("An error happened while this page was made. It has been recorded."),
        N_("Try again later. If it stays, tell us the error number."),
    ),
    ProblemType(
        "database-unavailable",
        503,
        50301,
        N_("We cannot reach our own memory"),
        N_("The database does not answer at the moment."),
        N_("Try again in a few seconds; it usually returns by itself."),
        retryable=True,
    ),
    ProblemType(
        "service-unavailable",
        503,
        50300,
        N_("The site is out of breath"),
        N_("The site cannot answer at the moment."),
        N_("Try again in a few seconds."),
        retryable=True,
    ),
    ProblemType(
        "storage-full",
        507,
        50700,
        N_("There is no space left"),
        N_("The site has no space left to save anything. Nothing was saved."),
        N_("Try again later; the people who run the site need to make room."),
        retryable=True,
    ),
    ProblemType(
        "server-error",
        500,
        59900,
        N_("The site cannot answer"),
        N_("An error happened on the way to this page."),
        N_("Try again later. If it stays, tell us the error number."),
        retryable=True,
    ),
)

BY_SLUG = {problem.slug: problem for problem in PROBLEMS}
# The first problem of a status answers for it; statuses without one share the two general ones.
_BY_STATUS = {problem.status: problem for problem in reversed(PROBLEMS)} | {
    400: BY_SLUG["bad-request"],
    500: BY_SLUG["internal-error"],
    503: BY_SLUG["service-unavailable"],
}


def problem_for_status(status: int) -> ProblemType:
    """The problem that a bare status stands for."""
    found = _BY_STATUS.get(status)
    return found or BY_SLUG["client-error" if status < 500 else "server-error"]
