"""the inbox: groups of failures, their fingerprints, events and hours."""

from alembic import op
import sqlalchemy as sa

import verso.db


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('failure_groups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('section', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('place', sa.String(length=500), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('first_seen', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_seen', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('wakes_at', sa.BigInteger(), nullable=True),
    sa.Column('told', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_failure_groups')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_failure_groups_last_seen_id'), 'failure_groups', ['last_seen', 'id'], unique=False)
    op.create_index(op.f('ix_failure_groups_state_last_seen_id'), 'failure_groups', ['state', 'last_seen', 'id'], unique=False)
    op.create_table('failure_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('error_id', sa.String(length=12), nullable=False),
    sa.Column('at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['failure_groups.id'], name=op.f('fk_failure_events_group_id_failure_groups'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_failure_events')),
    sa.UniqueConstraint('error_id', name=op.f('uq_failure_events_error_id')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_failure_events_fingerprint'), 'failure_events', ['fingerprint'], unique=False)
    op.create_index(op.f('ix_failure_events_group_id_id'), 'failure_events', ['group_id', 'id'], unique=False)
    op.create_table('failure_prints',
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('grouped_by', sa.Text(), nullable=False),
    sa.Column('by_text', sa.Boolean(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['failure_groups.id'], name=op.f('fk_failure_prints_group_id_failure_groups'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_failure_prints'))
    )
    op.create_index(op.f('ix_failure_prints_group_id'), 'failure_prints', ['group_id'], unique=False)
    op.create_table('failure_hours',
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('hour', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['fingerprint'], ['failure_prints.fingerprint'], name=op.f('fk_failure_hours_fingerprint_failure_prints'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('fingerprint', 'hour', name=op.f('pk_failure_hours'))
    )


def downgrade() -> None:
    op.drop_table('failure_hours')
    op.drop_index(op.f('ix_failure_prints_group_id'), table_name='failure_prints')
    op.drop_table('failure_prints')
    op.drop_index(op.f('ix_failure_events_group_id_id'), table_name='failure_events')
    op.drop_index(op.f('ix_failure_events_fingerprint'), table_name='failure_events')
    op.drop_table('failure_events')
    op.drop_index(op.f('ix_failure_groups_state_last_seen_id'), table_name='failure_groups')
    op.drop_index(op.f('ix_failure_groups_last_seen_id'), table_name='failure_groups')
    op.drop_table('failure_groups')
