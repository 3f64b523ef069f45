"""The inventory of a database is taken in every schema from which one can upgrade."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from tests.factories import Factory
from verso import schema
from verso.backup import BackupError
from verso.backup.inventory import Inventory, take_inventory
from verso.db import Base, Database
from verso.media.storage import files_of
from verso.revision import REVISION


def inventory_of(database: Database) -> Inventory:
    database.close()
    with schema.migration_engine(database).begin() as connection:
        return take_inventory(connection)


def test_every_table_is_counted_and_every_file_named(any_database: Database) -> None:
    factory = Factory(any_database, ("en",))
    factory.post("One")
    medium = factory.medium()
    inventory = inventory_of(any_database)
    assert inventory.schema == REVISION
    assert inventory.rows.keys() == {*Base.metadata.tables, "alembic_version"}
    assert inventory.rows["documents"] == inventory.rows["media"] == 1
    assert inventory.files == files_of(medium)


@pytest.mark.parametrize("revision", ["0001", "0005", "0008", "0011"])
def test_an_older_schema_has_an_inventory(any_database: Database, revision: str) -> None:
    digest = "ab" * 32
    any_database.close()
    with schema.migration_engine(any_database).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO media (digest, name, content_type, size, created_at) "
                f"VALUES ('{digest}', 'a.png', 'image/png', 5, '2026-01-01 00:00:00+00:00')"
            )
        )
        command.upgrade(schema.alembic_config(connection), revision)
    inventory = inventory_of(any_database)
    assert (inventory.schema, inventory.files) == (revision, [f"ab/{digest}.png"])


def test_a_newer_schema_and_no_schema_are_refused(any_database: Database) -> None:
    any_database.close()
    with schema.migration_engine(any_database).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BackupError, match="of a newer Verso"):
        inventory_of(any_database)
    with schema.migration_engine(any_database).begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(BackupError, match="no tables of Verso: run `verso init`"):
        inventory_of(any_database)


def test_an_image_of_an_unknown_type_is_named(database: Database, tmp_path: Path) -> None:
    medium = Factory(database, ("en",)).medium()
    with database.writing() as session:
        session.execute(text("UPDATE media SET content_type = 'image/x-odd'"))
    with pytest.raises(BackupError, match=medium.digest):
        inventory_of(database)
