"""Survey codes to scan at a counter."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("programme_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("nonce", sa.String(length=22), nullable=False),
        sa.Column("token_hash", sa.String(length=44), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_counters_branch_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_counters_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_counters_token_hash")),
    )
    op.create_index(op.f("ix_counters_branch_id"), "counters", ["branch_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_counters_branch_id"), table_name="counters")
    op.drop_table("counters")
