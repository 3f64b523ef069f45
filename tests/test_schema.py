"""Migrations: they make what the models say, on every database, and delete nobody's rows."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from tests.factories import Factory
from verso import schema
from verso.db import Base, Database
from verso.models import Document, DocumentText, Revision
from verso.revision import QUERY, REVISION


def test_the_migrated_schema_is_that_of_the_models(any_database: Database) -> None:
    options = {"include_object": schema.is_ours, "compare_type": True}
    with any_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        assert connection.scalar(text(QUERY)) == REVISION


def test_no_id_is_given_out_again_where_the_models_say_so(database: Database) -> None:
    """A form that was opened before a deletion would else be about something new."""
    wanted = {
        name
        for name, table in Base.metadata.tables.items()
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    made = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    with database.engine.connect() as connection:
        assert set(connection.scalars(text(made))) == wanted
    assert {"documents", "document_texts", "media", "audit_events"} <= wanted


def test_upgrading_twice_changes_nothing(any_database: Database) -> None:
    schema.upgrade(any_database)
    with any_database.engine.connect() as connection:
        assert connection.scalar(text(QUERY)) == REVISION


def test_downgrading_and_upgrading_again_works(any_database: Database) -> None:
    any_database.close()
    with schema.migration_engine(any_database).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "base")
    schema.upgrade(any_database)
    with any_database.engine.connect() as connection:
        assert connection.scalar(text(QUERY)) == REVISION


def test_texts_from_before_search_words_have_none_and_lose_nothing(any_database: Database) -> None:
    factory = Factory(any_database, ("en",))
    page = factory.page("About", search_title="Found", parent=factory.page("House"))
    medium = factory.medium()
    with any_database.writing() as session:
        session.get_one(Document, page.id).sharing_id = medium.id
    any_database.close()
    with schema.migration_engine(any_database).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "0010")
    schema.upgrade(any_database)
    with any_database.reader() as session:
        found = session.get_one(Document, page.id)
        assert (found.source.title, found.parent_id, found.sharing) == (
            "About",
            page.parent_id,
            None,
        )
        assert found.source.search_title == found.source.search_description == ""
        revision = session.query(Revision).filter_by(document_id=page.id).one()
        assert (revision.title, revision.search_title) == ("About", "")


def test_rebuilding_a_parent_table_keeps_its_children(database: Database, factory: Factory) -> None:
    """SQLite's batch mode drops the parent: with foreign keys on, its children would go too."""
    factory.page("About")
    database.close()
    with schema.migration_engine(database).begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("documents", recreate="always") as batch:
            batch.alter_column("source_locale", new_column_name="source_locale")
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    with database.reader() as session:
        assert session.query(Document).count() == session.query(DocumentText).count() == 1
