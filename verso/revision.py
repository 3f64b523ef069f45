"""The revision of the schema that this code reads and writes: the newest migration's."""

REVISION = "0013"
QUERY = "SELECT version_num FROM alembic_version"


def mismatch(found: str | None) -> str | None:
    """Why a database of that revision cannot be used, with the way out; None if it can."""
    if found == REVISION:
        return None
    if found is None:
        return "the database has no tables of Verso: run `verso init`"
    if found < REVISION:
        return (
            f"the database is of an older Verso (schema {found}, this one needs {REVISION}): "
            "make a backup (`verso backup FILE`), then run `verso init`"
        )
    return (
        f"the database is of a newer Verso (schema {found}, this one knows {REVISION}): install that "
        "Verso, or restore a backup from before the upgrade"
    )
