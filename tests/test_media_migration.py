"""Media from before they had keys: their addresses go on working, and their uses are found."""

from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from verso import schema
from verso.db import Database
from verso.models import Media, MediaUse

DIGEST = "ab" * 32
NOW = "2026-01-01 00:00:00+00:00"


def test_old_media_get_keys_and_uses(any_database: Database) -> None:
    any_database.close()
    with schema.migration_engine(any_database).begin() as connection:
        config = schema.alembic_config(connection)
        scripts = ScriptDirectory.from_config(config).walk_revisions()
        [ours] = [one for one in scripts if Path(one.path).stem.endswith("_media")]
        assert isinstance(ours.down_revision, str)
        command.downgrade(config, ours.down_revision)
        connection.execute(
            text(
                "INSERT INTO media (digest, name, content_type, size, created_at) "
                f"VALUES ('{DIGEST}', 'a.png', 'image/png', 5, '{NOW}')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO documents (kind, position, in_menu, source_locale, state, version, "
                "created_at, updated_at, cover_id) "
                f"VALUES ('page', 0, false, 'en', 'draft', 1, '{NOW}', '{NOW}', 1)"
            )
        )
        for locale, body in (
            ("en", f"![](/media/{DIGEST[:16]}/a.png) ![](/media/{DIGEST[:16]}/a.png)"),
            ("de", f"![](/media/{'0' * 16}/b.png)"),
        ):
            connection.execute(
                text(
                    "INSERT INTO document_texts (document_id, kind, locale, title, slug, path, "
                    "summary, body, html, cover_alt, updated_at) VALUES "
                    f"(1, 'page', '{locale}', 't', 's', 's', '', '{body}', '', '', '{NOW}')"
                )
            )
    schema.upgrade(any_database)
    with any_database.reader() as session:
        media = session.scalars(select(Media)).one()
        assert (media.key, media.digest) == (DIGEST[:16], DIGEST)
        assert (media.focus_x, media.widths) == (50, "") and media.updated_at == media.created_at
        use = session.scalars(select(MediaUse)).one()
        assert (use.text_id, use.media_id) == (1, media.id)
