"""review: comments on documents, and indexes for the timeline, the list by state and the tree."""

from alembic import op
import sqlalchemy as sa

import verso.db


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_comments_document_id_documents'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_comments_user_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comments'))
    )
    op.create_index(op.f('ix_comments_document_id_at_id'), 'comments', ['document_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_audit_events_object_kind_object_id_at_id'), 'audit_events', ['object_kind', 'object_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_documents_kind_parent_id_position_id'), 'documents', ['kind', 'parent_id', 'position', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_documents_kind_parent_id_position_id'), table_name='documents')
    op.drop_index(op.f('ix_audit_events_object_kind_object_id_at_id'), table_name='audit_events')
    op.execute("UPDATE documents SET state = 'draft' WHERE state = 'review'")
    op.drop_table('comments')
