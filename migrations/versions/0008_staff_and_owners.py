"""On-call and closed places, several absences, leaving, phone codes, owners with dates; what stood is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absences_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_staff_id"), "absences", ["staff_id"], unique=False)
    op.execute(
        "INSERT INTO absences (staff_id, first_day, last_day) "
        "SELECT id, absent_from, absent_until FROM staff WHERE absent_from IS NOT NULL"
    )
    op.create_table(
        "phone_codes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_phone_codes_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_codes")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_phone_codes_staff_id")),
    )
    op.create_table(
        "ownerships",
        sa.Column("id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_ownerships_customer_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ownerships_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownerships")),
        sa.UniqueConstraint("customer_id", "since", name=op.f("uq_ownerships_customer_id_since")),
    )
    op.create_index(op.f("ix_ownerships_staff_id"), "ownerships", ["staff_id"], unique=False)
    op.create_index(op.f("ix_ownerships_since"), "ownerships", ["since"], unique=False)
    op.execute(
        "INSERT INTO ownerships (customer_id, staff_id, since) "
        "SELECT id, owner_id, DATE(created_at) FROM customers WHERE owner_id IS NOT NULL"
    )
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("absent_from")
        staff.drop_column("absent_until")
        staff.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        staff.add_column(sa.Column("successor_id", BigId, nullable=True))
        staff.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        staff.create_foreign_key(op.f("fk_staff_successor_id"), "staff", ["successor_id"], ["id"])
        staff.create_index(op.f("ix_staff_successor_id"), ["successor_id"], unique=False)
        staff.create_index(op.f("ix_staff_manager_id"), ["manager_id"], unique=False)
        staff.create_index(op.f("ix_staff_deputy_id"), ["deputy_id"], unique=False)
    with op.batch_alter_table("branches") as branches:
        branches.add_column(sa.Column("on_call_id", BigId, nullable=True))
        branches.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        branches.create_foreign_key("fk_branches_on_call_id", "staff", ["on_call_id"], ["id"])
        branches.create_index(op.f("ix_branches_on_call_id"), ["on_call_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("branches") as branches:
        branches.drop_index(op.f("ix_branches_on_call_id"))
        branches.drop_constraint("fk_branches_on_call_id", type_="foreignkey")
        branches.drop_column("closed_on")
        branches.drop_column("on_call_id")
    with op.batch_alter_table("staff") as staff:
        for column in ("deputy_id", "manager_id", "successor_id"):
            staff.drop_index(op.f(f"ix_staff_{column}"))
        staff.drop_constraint(op.f("fk_staff_successor_id"), type_="foreignkey")
        for column in ("settled_at", "successor_id", "left_on"):
            staff.drop_column(column)
        staff.add_column(sa.Column("absent_from", sa.Date(), nullable=True))
        staff.add_column(sa.Column("absent_until", sa.Date(), nullable=True))
    # One absence a person had room: the latest.
    for column, day in (("absent_until", "last_day"), ("absent_from", "first_day")):
        op.execute(
            f"UPDATE staff SET {column} = (SELECT {day} FROM absences WHERE absences.staff_id = staff.id "
            "ORDER BY first_day DESC LIMIT 1)"
        )
    op.drop_index(op.f("ix_ownerships_since"), table_name="ownerships")
    op.drop_index(op.f("ix_ownerships_staff_id"), table_name="ownerships")
    op.drop_table("ownerships")
    op.drop_table("phone_codes")
    op.drop_index(op.f("ix_absences_staff_id"), table_name="absences")
    op.drop_table("absences")
