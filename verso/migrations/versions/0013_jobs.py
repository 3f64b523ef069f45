"""jobs: work that no request waits for."""

from alembic import op
import sqlalchemy as sa

import verso.db


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('signature', sa.String(length=200), nullable=False),
    sa.Column('arguments', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.Column('due', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leased_until', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('leased_by', sa.String(length=120), nullable=True),
    sa.Column('due_again', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.Column('created_at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failed_at', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_jobs_kind_key')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_jobs_due_id'), 'jobs', ['due', 'id'], unique=False)
    op.create_index(op.f('ix_jobs_finished_at'), 'jobs', ['finished_at'], unique=False)
    op.create_index(op.f('ix_jobs_failed_at'), 'jobs', ['failed_at'], unique=False)


def downgrade() -> None:
    op.drop_table('jobs')
