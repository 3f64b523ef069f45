"""what was published, changed and removed, for streams."""

from alembic import op
import sqlalchemy as sa

import verso.db


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('document_kind', sa.String(length=10), nullable=False),
    sa.Column('urls', sa.JSON(), nullable=False),
    sa.Column('at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changes')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_changes_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_changes_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_changes_due'), ['due'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_changes_due'))
        batch_op.drop_index(batch_op.f('ix_changes_document_id'))
        batch_op.drop_index(batch_op.f('ix_changes_at'))

    op.drop_table('changes')
