"""people: owners of documents, locales of translators, second factors, passkeys, the audit log."""

from alembic import op
import sqlalchemy as sa

import verso.db


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would give ids of deleted documents out again.
KEPT = {'table_kwargs': {'sqlite_autoincrement': True}}


def upgrade() -> None:
    with op.batch_alter_table('documents', **KEPT) as batch:
        batch.add_column(sa.Column('user_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_documents_user_id_users'), 'users', ['user_id'], ['id'], ondelete='SET NULL')
        batch.create_index(op.f('ix_documents_user_id_state_updated_at'), ['user_id', 'state', 'updated_at'], unique=False)
    with op.batch_alter_table('users') as batch:
        batch.add_column(sa.Column('disabled_at', verso.db.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('totp_secret', sa.String(length=64), nullable=True))
        batch.add_column(sa.Column('totp_at', verso.db.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('totp_step', sa.BigInteger(), server_default='0', nullable=False))
        batch.add_column(sa.Column('handle', sa.String(length=64), nullable=True))
        batch.create_unique_constraint(op.f('uq_users_handle'), ['handle'])
    # Whoever is signed in signs in again: what a login is made of has changed.
    op.execute('DELETE FROM logins')
    with op.batch_alter_table('logins') as batch:
        batch.add_column(sa.Column('confirmed_at', verso.db.UtcDateTime(timezone=True), nullable=False))
        batch.add_column(sa.Column('user_agent', sa.String(length=300), nullable=False))
    with op.batch_alter_table('one_time_tokens') as batch:
        batch.add_column(sa.Column('user_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('facts', sa.JSON(), nullable=True))
        batch.create_foreign_key(op.f('fk_one_time_tokens_user_id_users'), 'users', ['user_id'], ['id'], ondelete='CASCADE')
        batch.create_index(op.f('ix_one_time_tokens_user_id'), ['user_id'], unique=False)
    op.create_table('user_locales',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('locale', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_locales_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'locale', name=op.f('pk_user_locales'))
    )
    op.create_table('recovery_codes',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'code_hash', name=op.f('pk_recovery_codes'))
    )
    op.create_table('passkeys',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('credential_id', sa.String(length=1400), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('created_at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', verso.db.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_passkeys_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkeys_credential_id'))
    )
    op.create_index(op.f('ix_passkeys_user_id'), 'passkeys', ['user_id'], unique=False)
    op.create_table('audit_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', verso.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(length=254), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('object_kind', sa.String(length=20), nullable=False),
    sa.Column('object_id', sa.BigInteger(), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_audit_events_user_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_events')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_audit_events_at_id'), 'audit_events', ['at', 'id'], unique=False)
    op.create_index(op.f('ix_audit_events_user_id_at_id'), 'audit_events', ['user_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_audit_events_action_at_id'), 'audit_events', ['action', 'at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('audit_events')
    op.drop_table('passkeys')
    op.drop_table('recovery_codes')
    op.drop_table('user_locales')
    op.execute('DELETE FROM one_time_tokens')
    with op.batch_alter_table('one_time_tokens') as batch:
        batch.drop_index(op.f('ix_one_time_tokens_user_id'))
        batch.drop_constraint(op.f('fk_one_time_tokens_user_id_users'), type_='foreignkey')
        batch.drop_column('facts')
        batch.drop_column('user_id')
    with op.batch_alter_table('logins') as batch:
        batch.drop_column('user_agent')
        batch.drop_column('confirmed_at')
    with op.batch_alter_table('users') as batch:
        batch.drop_constraint(op.f('uq_users_handle'), type_='unique')
        for name in ('handle', 'totp_step', 'totp_at', 'totp_secret', 'disabled_at'):
            batch.drop_column(name)
    with op.batch_alter_table('documents', **KEPT) as batch:
        batch.drop_index(op.f('ix_documents_user_id_state_updated_at'))
        batch.drop_constraint(op.f('fk_documents_user_id_users'), type_='foreignkey')
        batch.drop_column('user_id')
