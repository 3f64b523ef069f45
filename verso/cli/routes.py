"""`verso routes`: every URL rule, by the section that answers it."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from verso.sections import Section


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")
@with_appcontext
def routes(as_json: bool) -> None:
    """Show every URL rule with its methods and endpoint, section by section.

    What no rule takes is answered 404 in the form of the section that owns the path.
    """
    rows = [
        {
            "section": rule.endpoint.partition(".")[0],
            "rule": rule.rule,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "endpoint": rule.endpoint,
        }
        for rule in current_app.url_map.iter_rules()
    ]
    order = [section.value for section in Section]
    rows.sort(key=lambda row: (order.index(str(row["section"])), str(row["rule"])))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    width = max(len(str(row["rule"])) for row in rows)
    for section in order:
        click.secho(section, bold=True)
        for row in rows:
            if row["section"] == section:
                methods = ",".join(row["methods"])
                click.echo(f"  {row['rule']:<{width}}  {methods:<9}  {row['endpoint']}")
