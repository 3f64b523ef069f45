"""`{% trans %}` says what `_()` says: the same message, with the same percent signs."""

import pytest
from flask import Flask, render_template_string

from verso.i18n.calls import find_in_template
from verso.i18n.po.entry import Source


@pytest.mark.parametrize(
    ("template", "source", "shown"),
    [
        ("{% trans %}50% off{% endtrans %}", Source(None, "50% off"), "50% off"),
        ('{{ _("50% off") }}', Source(None, "50% off"), "50% off"),
        (
            "{% trans name='<b>' %}50% off, %(x)s {{ name }}{% endtrans %}",
            Source(None, "50%% off, %%(x)s %(name)s"),
            "50% off, %(x)s &lt;b&gt;",
        ),
        (
            "{% trans n=2 %}One page, 5%{% pluralize %}{{ n }} pages, 5%{% endtrans %}",
            Source(None, "One page, 5%%", "%(n)s pages, 5%%"),
            "2 pages, 5%",
        ),
        (
            "{% trans n=1 %}One page, 5%{% pluralize %}Many pages, 5%{% endtrans %}",
            Source(None, "One page, 5%", "Many pages, 5%"),
            "One page, 5%",
        ),
        (
            "{% trans 'menu' %}\n    several\n    lines\n{% endtrans %}",
            Source("menu", "several lines"),
            "several lines",
        ),
        (
            "{% trans 'menu' num=3 %}{{ num }} a{% pluralize %}{{ num }} b{% endtrans %}",
            Source("menu", "%(num)s a", "%(num)s b"),
            "3 b",
        ),
    ],
)
def test_a_block_is_extracted_as_it_is_looked_up(
    app: Flask, template: str, source: Source, shown: str
) -> None:
    assert [found.source for found in find_in_template(template.encode())] == [source]
    with app.test_request_context("/en/"):
        assert render_template_string(template) == shown
