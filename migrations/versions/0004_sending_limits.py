"""Budgets, pace, the carrier's health and stopped wordings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circuits",
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("outages", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_circuits")),
    )
    op.create_table(
        "send_budgets",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day", name=op.f("pk_send_budgets")),
    )
    op.create_table(
        "sender_paces",
        sa.Column("sender", sa.String(length=80), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_sender_paces")),
    )
    op.create_table(
        "stopped_templates",
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("template", name=op.f("pk_stopped_templates")),
    )
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("charge_to", sa.String(length=24), nullable=False, server_default=""))
        batch.add_column(sa.Column("country", sa.String(length=2), nullable=True))
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("charge_to", server_default=None)
    op.create_index("ix_messages_created_at", "messages", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_messages_created_at", "messages")
    with op.batch_alter_table("messages") as batch:
        batch.drop_column("country")
        batch.drop_column("charge_to")
    for table in ("stopped_templates", "sender_paces", "send_budgets", "circuits"):
        op.drop_table(table)
