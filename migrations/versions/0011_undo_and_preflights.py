"""The latest deeds of a draft, to be taken back; pre-flights as kept rows."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("survey_drafts") as drafts:
        drafts.add_column(sa.Column("past", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("survey_drafts") as drafts:
        drafts.alter_column("past", server_default=None)
    op.create_table(
        "preflight_runs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("programme_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("moments", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_preflight_runs_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preflight_runs")),
    )
    op.create_index(op.f("ix_preflight_runs_programme_id"), "preflight_runs", ["programme_id"], unique=False)
    op.create_index(op.f("ix_preflight_runs_state"), "preflight_runs", ["state"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_preflight_runs_state"), table_name="preflight_runs")
    op.drop_index(op.f("ix_preflight_runs_programme_id"), table_name="preflight_runs")
    op.drop_table("preflight_runs")
    with op.batch_alter_table("survey_drafts") as drafts:
        drafts.drop_column("past")
