"""Flask's test client, which sends forms as browsers do: with every field that the page has."""

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient

from verso.bodies import END_FIELD, SAFE_METHODS


class Browser(FlaskClient):
    """Adds the last field of our forms to what a test fills in; a body in bytes is sent as it is."""

    def open(self, *args: Any, **options: Any) -> Any:
        method = str(options.get("method", "GET")).upper()
        if method not in SAFE_METHODS and "json" not in options:
            fields = options.get("data")
            if fields is None or isinstance(fields, Mapping):
                options["data"] = {**_lists(fields or {}), END_FIELD: "1"}
        return super().open(*args, **options)


def _lists(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A plain dict of all values, also those of a MultiDict."""
    return dict(fields.lists()) if hasattr(fields, "lists") else dict(fields)
