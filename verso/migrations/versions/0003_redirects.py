"""redirects, and the unknown URLs that ask for one."""

from alembic import op
import sqlalchemy as sa

import verso.db


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('redirects',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=1000), nullable=False),
    sa.Column('target', sa.String(length=2000), nullable=False),
    sa.Column('code', sa.Integer(), nullable=False),
    sa.Column('created_at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redirects')),
    sa.UniqueConstraint('source', name=op.f('uq_redirects_source'))
    )
    op.create_table('missing_urls',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('path', sa.String(length=1000), nullable=False),
    sa.Column('cause', sa.String(length=20), nullable=False),
    sa.Column('suggestion', sa.String(length=2000), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=True),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.Column('own_hits', sa.Integer(), nullable=False),
    sa.Column('hosts', sa.JSON(), nullable=False),
    sa.Column('ignored', sa.Boolean(), nullable=False),
    sa.Column('first_seen', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_seen', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('explained_at', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['text_id'], ['document_texts.id'], name=op.f('fk_missing_urls_text_id_document_texts'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_missing_urls')),
    sa.UniqueConstraint('path', name=op.f('uq_missing_urls_path'))
    )
    op.create_index(op.f('ix_missing_urls_explained_at'), 'missing_urls', ['explained_at'], unique=False)
    op.create_index(op.f('ix_missing_urls_last_seen'), 'missing_urls', ['last_seen'], unique=False)
    op.create_index(op.f('ix_missing_urls_text_id'), 'missing_urls', ['text_id'], unique=False)
    op.create_table('missing_days',
    sa.Column('missing_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['missing_id'], ['missing_urls.id'], name=op.f('fk_missing_days_missing_id_missing_urls'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('missing_id', 'day', name=op.f('pk_missing_days'))
    )
    op.create_index(op.f('ix_missing_days_day'), 'missing_days', ['day'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_missing_days_day'), table_name='missing_days')
    op.drop_table('missing_days')
    op.drop_index(op.f('ix_missing_urls_text_id'), table_name='missing_urls')
    op.drop_index(op.f('ix_missing_urls_last_seen'), table_name='missing_urls')
    op.drop_index(op.f('ix_missing_urls_explained_at'), table_name='missing_urls')
    op.drop_table('missing_urls')
    op.drop_table('redirects')
