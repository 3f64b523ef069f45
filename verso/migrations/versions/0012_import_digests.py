"""document_texts: the digest of the files that an import made a text from, one per language."""

from alembic import op
import sqlalchemy as sa


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('document_texts', sa.Column('origin_digest', sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column('document_texts', 'origin_digest')
