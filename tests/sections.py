"""The sections as the tests go through them; whoever adds one to `Section` has it among them at once."""

import re

from werkzeug.test import TestResponse

from verso.sections import Section

# Those that ask nobody to sign in.
OPEN = tuple(section for section in Section if section is not Section.ADMIN)
# Only the last resort has a body without a class: it is no section's own form.
_BODY = re.compile(r'<body class="[^"]*" data-section="(\w+)">')


def root_of(section: Section, locale: str = "en") -> str:
    """What every path of a section in a locale begins with."""
    if section is Section.API:
        return "/api/v1/"
    return "/admin/" if section is Section.ADMIN else f"/{locale}{neutral_root_of(section)}"


def neutral_root_of(section: Section) -> str:
    """What the paths of a section begin with that have no locale."""
    return "/" if section is Section.SITE else f"/{section}/"


def form_of(answer: TestResponse) -> Section | None:
    """Which section's form an answer has."""
    if answer.mimetype == "application/problem+json":
        return Section.API
    body = _BODY.search(answer.text)
    return Section(body[1]) if body else None
