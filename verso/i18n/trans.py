"""`{% trans %}` as Verso means it: `%` is doubled where a message has placeholders, and only there."""

from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import InternationalizationExtension


class Trans(InternationalizationExtension):
    """Jinja's own extension doubles every `%` of a block, so that `_("100 %")` would be another message."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.policies["ext.i18n.trimmed"] = True

    def _make_node(
        self,
        singular: str,
        plural: str | None,
        context: str | None,
        variables: dict[str, nodes.Expr],
        plural_expr: nodes.Expr | None,
        vars_referenced: bool,
        num_called_num: bool,
    ) -> nodes.Output:
        if not vars_referenced:
            singular = singular.replace("%%", "%")
            plural = plural.replace("%%", "%") if plural is not None else None
        rest: Any = (context, variables, plural_expr, vars_referenced, num_called_num)
        return super()._make_node(singular, plural, *rest)
