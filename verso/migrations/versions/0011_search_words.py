"""documents: words for search engines, and a picture for shared links."""

from alembic import op
import sqlalchemy as sa


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

# SQLite makes a table anew: no id of a deleted row is given out again afterwards, as before.
KEPT = {'table_kwargs': {'sqlite_autoincrement': True}}
WORDED = ('document_texts', 'revisions')


def upgrade() -> None:
    for table in WORDED:
        op.add_column(table, sa.Column('search_title', sa.String(length=300), nullable=False, server_default=''))
        op.add_column(table, sa.Column('search_description', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('documents', **KEPT) as batch:
        batch.add_column(sa.Column('sharing_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_documents_sharing_id_media'), 'media', ['sharing_id'], ['id'], ondelete='SET NULL')
    op.create_index(op.f('ix_documents_sharing_id'), 'documents', ['sharing_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_documents_sharing_id'), table_name='documents')
    with op.batch_alter_table('documents', **KEPT) as batch:
        batch.drop_constraint(op.f('fk_documents_sharing_id_media'), type_='foreignkey')
        batch.drop_column('sharing_id')
    for table in WORDED:
        op.drop_column(table, 'search_description')
        op.drop_column(table, 'search_title')
