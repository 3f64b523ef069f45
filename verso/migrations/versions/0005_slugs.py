"""an index of slugs, so that an unknown URL is settled by one look."""

from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_document_texts_kind_slug'), 'document_texts', ['kind', 'slug'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_document_texts_kind_slug'), table_name='document_texts')
