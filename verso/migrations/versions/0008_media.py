"""media: a key that outlives a replacement, sizes, focus, words per language, and uses."""

import re

from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

# SQLite makes the table anew: from now on no id of a deleted medium is given out again.
KEPT = {'table_kwargs': {'sqlite_autoincrement': True}}

_KEY = re.compile(r'/media/([0-9a-f]{16})/')


def upgrade() -> None:
    with op.batch_alter_table('media', **KEPT) as batch:
        batch.add_column(sa.Column('key', sa.String(length=16), nullable=True))
        batch.add_column(sa.Column('widths', sa.String(length=100), nullable=False, server_default=''))
        batch.add_column(sa.Column('cards', sa.String(length=100), nullable=False, server_default=''))
        batch.add_column(sa.Column('focus_x', sa.Integer(), nullable=False, server_default='50'))
        batch.add_column(sa.Column('focus_y', sa.Integer(), nullable=False, server_default='50'))
        batch.add_column(sa.Column('uploader_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE media SET key = substr(digest, 1, 16), updated_at = created_at')
    with op.batch_alter_table('media', **KEPT) as batch:
        batch.alter_column('key', existing_type=sa.String(length=16), nullable=False)
        batch.alter_column('updated_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        for name, kind in (('widths', sa.String(length=100)), ('cards', sa.String(length=100)), ('focus_x', sa.Integer()), ('focus_y', sa.Integer())):
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        batch.drop_constraint(op.f('uq_media_digest'), type_='unique')
        batch.create_unique_constraint(op.f('uq_media_key'), ['key'])
        batch.create_foreign_key(op.f('fk_media_uploader_id_users'), 'users', ['uploader_id'], ['id'], ondelete='SET NULL')
    op.create_index(op.f('ix_media_digest'), 'media', ['digest'], unique=False)
    op.create_index(op.f('ix_media_created_at_id'), 'media', ['created_at', 'id'], unique=False)
    op.create_index(op.f('ix_documents_cover_id'), 'documents', ['cover_id'], unique=False)
    op.create_table('media_texts',
    sa.Column('media_id', sa.Integer(), nullable=False),
    sa.Column('locale', sa.String(length=20), nullable=False),
    sa.Column('alt', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_media_texts_media_id_media'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('media_id', 'locale', name=op.f('pk_media_texts'))
    )
    op.create_table('media_uses',
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('media_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_media_uses_media_id_media'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_id'], ['document_texts.id'], name=op.f('fk_media_uses_text_id_document_texts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('text_id', 'media_id', name=op.f('pk_media_uses'))
    )
    op.create_index(op.f('ix_media_uses_media_id'), 'media_uses', ['media_id'], unique=False)
    _note_uses()


def _note_uses() -> None:
    """Texts that were saved before show media too."""
    connection = op.get_bind()
    media = sa.table('media', sa.column('id'), sa.column('key'))
    texts = sa.table('document_texts', sa.column('id'), sa.column('body'))
    uses = sa.table('media_uses', sa.column('text_id'), sa.column('media_id'))
    ids = dict(connection.execute(sa.select(media.c.key, media.c.id)).all())
    found = connection.execute(sa.select(texts.c.id, texts.c.body).where(texts.c.body.contains('/media/'))).all()
    for text_id, body in found:
        for key in {key for key in _KEY.findall(body) if key in ids}:
            connection.execute(uses.insert().values(text_id=text_id, media_id=ids[key]))


def downgrade() -> None:
    op.drop_table('media_uses')
    op.drop_table('media_texts')
    op.drop_index(op.f('ix_documents_cover_id'), table_name='documents')
    op.drop_index(op.f('ix_media_created_at_id'), table_name='media')
    op.drop_index(op.f('ix_media_digest'), table_name='media')
    with op.batch_alter_table('media', **KEPT) as batch:
        batch.drop_constraint(op.f('fk_media_uploader_id_users'), type_='foreignkey')
        batch.drop_constraint(op.f('uq_media_key'), type_='unique')
        for name in ('key', 'widths', 'cards', 'focus_x', 'focus_y', 'uploader_id', 'updated_at'):
            batch.drop_column(name)
        batch.create_unique_constraint(op.f('uq_media_digest'), ['digest'])
