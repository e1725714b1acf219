"""One person, whatever records they have: birth dates, merges that can be undone, and what is kept for how long.

The ledgers stay append-only but for what the law asks: the words of an erased person leave the consent ledger, which
notes that they did, and lines of the audit log may go once they are seven years old.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LEDGERS = ("consents", "audit_log")
AUDIT_YEARS_IN_DAYS = 2556
# Everything about a line of the consent ledger that stays when its words go.
STAYS = ("id", "customer_id", "purpose", "channel", "granted", "source", "wording_version", "at")
KEPT = {
    "ix_answers_words_at": ("answers", ["at"], "text IS NOT NULL"),
    "ix_answer_revisions_words_at": ("answer_revisions", ["at"], "text IS NOT NULL"),
    "ix_free_texts_words_at": ("free_texts", ["at"], "text <> ''"),
    "ix_messages_words_created_at": ("messages", ["created_at"], "cleared_at IS NULL"),
    "ix_cases_words_closed_at": ("cases", ["closed_at"], "words IS NOT NULL"),
}


def upgrade() -> None:
    _forget_triggers()
    with op.batch_alter_table("customers") as batch:
        batch.add_column(sa.Column("birth_date", sa.Text(), nullable=True))
        batch.add_column(sa.Column("likeness", sa.String(length=44), nullable=True))
        batch.add_column(sa.Column("merged_into_id", BigId, nullable=True))
        batch.add_column(sa.Column("erased_at", MOMENT, nullable=True))
        batch.create_foreign_key(op.f("fk_customers_merged_into_id"), "customers", ["merged_into_id"], ["id"])
    op.create_index(op.f("ix_customers_likeness"), "customers", ["likeness"], unique=False)
    op.create_index(op.f("ix_customers_merged_into_id"), "customers", ["merged_into_id"], unique=False)
    with op.batch_alter_table("consents") as batch:
        batch.add_column(sa.Column("wording_version", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("proof", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("erased_at", MOMENT, nullable=True))
    with op.batch_alter_table("consents") as batch:
        batch.alter_column("wording_version", server_default=None)
        batch.alter_column("proof", server_default=None)
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("cleared_at", MOMENT, nullable=True))
    op.create_table(
        "merges",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kept_id", BigId, nullable=False),
        sa.Column("gone_id", BigId, nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"], unique=False)
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"], unique=False)
    op.create_table(
        "two_people",
        sa.Column("id", BigId, nullable=False),
        sa.Column("first_id", BigId, nullable=False),
        sa.Column("second_id", BigId, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_two_people")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_two_people_first_id_second_id")),
    )
    for name, (table, columns, where) in KEPT.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _guard("consents", allowed="UPDATE", when=_words_gone())
    _guard("audit_log", allowed="DELETE", when=_long_ago())


def downgrade() -> None:
    _forget_triggers()
    for name, (table, _, _) in KEPT.items():
        op.drop_index(name, table_name=table)
    op.drop_table("two_people")
    op.drop_table("merges")
    with op.batch_alter_table("messages") as batch:
        batch.drop_column("cleared_at")
    with op.batch_alter_table("consents") as batch:
        for column in ("wording_version", "proof", "erased_at"):
            batch.drop_column(column)
    op.drop_index(op.f("ix_customers_merged_into_id"), table_name="customers")
    op.drop_index(op.f("ix_customers_likeness"), table_name="customers")
    with op.batch_alter_table("customers") as batch:
        batch.drop_constraint(op.f("fk_customers_merged_into_id"), type_="foreignkey")
        for column in ("birth_date", "likeness", "merged_into_id", "erased_at"):
            batch.drop_column(column)
    for ledger in LEDGERS:
        _guard(ledger)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _words_gone() -> str:
    same = " AND ".join(f"NEW.{name} {'IS' if _sqlite() else 'IS NOT DISTINCT FROM'} OLD.{name}" for name in STAYS)
    blank = "NEW.wording = '' AND NEW.proof = '' AND NEW.address_index IS NULL"
    return f"{same} AND {blank} AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL"


def _long_ago() -> str:
    if _sqlite():
        return f"OLD.at < datetime('now', '-{AUDIT_YEARS_IN_DAYS} days')"
    return f"OLD.at < now() - interval '{AUDIT_YEARS_IN_DAYS} days'"


def _forget_triggers() -> None:
    for ledger in LEDGERS:
        if _sqlite():
            for deed in ("update", "delete"):
                op.execute(f"DROP TRIGGER {ledger}_no_{deed}")
        else:
            op.execute(f"DROP FUNCTION {ledger}_refuse() CASCADE")


def _guard(ledger: str, *, allowed: str | None = None, when: str = "") -> None:
    """The database refuses every change of a ledger but the `allowed` deed `when` that holds."""
    if _sqlite():
        for deed in ("UPDATE", "DELETE"):
            only = f"WHEN NOT ({when}) " if deed == allowed else ""
            op.execute(
                f"CREATE TRIGGER {ledger}_no_{deed.lower()} BEFORE {deed} ON {ledger} {only}"
                f"BEGIN SELECT RAISE(ABORT, '{ledger} is append-only'); END"
            )
        return
    given = "NEW" if allowed == "UPDATE" else "OLD"
    let = f"IF TG_OP = '{allowed}' THEN IF {when} THEN RETURN {given}; END IF; END IF; " if allowed else ""
    op.execute(
        f"CREATE FUNCTION {ledger}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {let}RAISE EXCEPTION '{ledger} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {ledger}_append_only BEFORE UPDATE OR DELETE ON {ledger} "
        f"FOR EACH ROW EXECUTE FUNCTION {ledger}_refuse()"
    )
    op.execute(
        f"CREATE TRIGGER {ledger}_no_truncate BEFORE TRUNCATE ON {ledger} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {ledger}_refuse()"
    )
