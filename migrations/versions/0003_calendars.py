"""Closures and extra opening days of a place; hours and weekdays that are not set are those of the place above."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
USUAL = {"opens_at": "09:00", "closes_at": "17:00", "weekdays": "12345"}
LENGTH = {"opens_at": 5, "closes_at": 5, "weekdays": 7}


def upgrade() -> None:
    with op.batch_alter_table("branches") as branches:
        branches.add_column(sa.Column("subdivision", sa.String(length=12), nullable=True))
        for column, length in LENGTH.items():
            branches.alter_column(column, existing_type=sa.String(length=length), nullable=True)
    op.create_table(
        "closures",
        sa.Column("id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_closures_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_index(op.f("ix_closures_branch_id"), "closures", ["branch_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_closures_branch_id"), table_name="closures")
    op.drop_table("closures")
    for column, usual in USUAL.items():
        op.execute(f"UPDATE branches SET {column} = '{usual}' WHERE {column} IS NULL")
    with op.batch_alter_table("branches") as branches:
        for column, length in LENGTH.items():
            branches.alter_column(column, existing_type=sa.String(length=length), nullable=False)
        branches.drop_column("subdivision")
