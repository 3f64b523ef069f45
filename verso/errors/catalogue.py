"""Every problem that Verso can answer, by slug and by status."""

from verso.errors.client_problems import CLIENT_PROBLEMS
from verso.errors.kinds import ProblemType
from verso.errors.server_problems import SERVER_PROBLEMS

PROBLEMS: tuple[ProblemType, ...] = (*CLIENT_PROBLEMS, *SERVER_PROBLEMS)
BY_SLUG = {problem.slug: problem for problem in PROBLEMS}
# What stands for a status that has several problems, and for those that have none.
_GENERAL = ("bad-request", "forbidden", "internal-error", "service-unavailable")
_UNKNOWN_CLIENT, _UNKNOWN_SERVER = BY_SLUG["client-error"], BY_SLUG["server-error"]
_BY_STATUS = {problem.status: problem for problem in PROBLEMS} | {
    BY_SLUG[slug].status: BY_SLUG[slug] for slug in _GENERAL
}


def problem_for_status(status: int) -> ProblemType:
    """The problem that a bare status stands for."""
    return _BY_STATUS.get(status) or (_UNKNOWN_CLIENT if status < 500 else _UNKNOWN_SERVER)
