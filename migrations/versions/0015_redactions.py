"""By which rules of redaction the words that are kept have been read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "redactions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("rules", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redactions")),
        sa.UniqueConstraint("rules", name=op.f("uq_redactions_rules")),
    )
    op.create_index(
        "ix_answers_originals_at",
        "answers",
        ["at"],
        sqlite_where=sa.text("original IS NOT NULL"),
        postgresql_where=sa.text("original IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_answers_originals_at", table_name="answers")
    op.drop_table("redactions")
