"""Alembic's entry: runs the migrations on the connection that verso.schema hands over."""

from alembic import context
from sqlalchemy import Connection

from verso import models  # noqa: F401 -- importing registers the tables
from verso.db import Base
from verso.schema import is_ours

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_object=is_ours,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
