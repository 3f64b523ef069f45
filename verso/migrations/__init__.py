"""Schema migrations, run by `verso init` on SQLite and on PostgreSQL."""
