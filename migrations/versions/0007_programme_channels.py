"""Programmes have an order of channels, an invitation may go by mail, and the ledger says why nobody was reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("stop_ref", sa.String(80), nullable=True))
    with op.batch_alter_table("programmes") as batch:
        batch.add_column(sa.Column("channels", sa.JSON(), nullable=False, server_default='["sms"]'))
        batch.add_column(sa.Column("reminder_channel", sa.String(8), nullable=True))
    with op.batch_alter_table("programmes") as batch:
        batch.alter_column("channels", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("invitations") as batch:
        batch.add_column(sa.Column("email_index", sa.String(length=44), nullable=True))
        batch.add_column(sa.Column("reminder_rules", sa.JSON(), nullable=True))
        batch.create_index("ix_invitations_programme_id_sent_at", ["programme_id", "sent_at"])
    with op.batch_alter_table("service_events") as batch:
        batch.create_index("ix_service_events_touchpoint_id_occurred_at", ["touchpoint_id", "occurred_at"])


def downgrade() -> None:
    with op.batch_alter_table("service_events") as batch:
        batch.drop_index("ix_service_events_touchpoint_id_occurred_at")
    with op.batch_alter_table("invitations") as batch:
        batch.drop_index("ix_invitations_programme_id_sent_at")
        batch.drop_column("reminder_rules")
        batch.drop_column("email_index")
    with op.batch_alter_table("programmes") as batch:
        batch.drop_column("reminder_channel")
        batch.drop_column("channels")
    with op.batch_alter_table("messages") as batch:
        batch.drop_column("stop_ref")
