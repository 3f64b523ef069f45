"""unsaved texts of open forms, the version of each text, indexes of the admin's lists."""

from alembic import op
import sqlalchemy as sa

import verso.db


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


LISTED = (('state', 'updated_at'), ('kind', 'updated_at'), ('kind', 'state', 'updated_at'), ('listed_at',))


def upgrade() -> None:
    op.create_table('drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('lane', sa.String(length=32), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('locale', sa.String(length=20), nullable=False),
    sa.Column('opened_version', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('updated_at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_drafts_document_id_documents'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_drafts_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    sa.UniqueConstraint('user_id', 'lane', name=op.f('uq_drafts_user_id_lane'))
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drafts_user_id_updated_at'), ['user_id', 'updated_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_drafts_document_id_locale'), ['document_id', 'locale'], unique=False)
    for columns in LISTED:
        op.create_index(op.f('ix_documents_' + '_'.join(columns)), 'documents', list(columns), unique=False)
    op.add_column('document_texts', sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    # What a text was saved at last stands in its last revision.
    op.execute('''
        UPDATE document_texts SET version = COALESCE((
            SELECT MAX(revisions.version) FROM revisions
            WHERE revisions.document_id = document_texts.document_id AND revisions.locale = document_texts.locale
        ), 1)
    ''')


def downgrade() -> None:
    op.drop_column('document_texts', 'version')
    for columns in LISTED:
        op.drop_index(op.f('ix_documents_' + '_'.join(columns)), 'documents')
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_drafts_document_id_locale'))
        batch_op.drop_index(batch_op.f('ix_drafts_user_id_updated_at'))

    op.drop_table('drafts')
