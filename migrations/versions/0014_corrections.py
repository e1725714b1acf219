"""What people said comments mean, beside what the scorer read; and what was learnt from it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("answers", "free_texts")


def beside() -> list[sa.Column[object]]:
    return [
        sa.Column("corrected", sa.String(length=16), nullable=True),
        sa.Column("machine_label", sa.String(length=16), nullable=True),
        sa.Column("machine_polarity", sa.Double(), nullable=True),
    ]


def moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    for table in TABLES:
        for column in beside():
            op.add_column(table, column)
    op.create_table(
        "corrections",
        sa.Column("id", BigId, nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=False),
        sa.Column("response_id", BigId, nullable=True),
        moment("words_at", nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("asks", sa.String(length=24), nullable=True),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=True),
        sa.Column("means", sa.String(length=12), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=False),
        moment("at", nullable=False),
        sa.Column("machine_label", sa.String(length=16), nullable=True),
        sa.Column("machine_polarity", sa.Double(), nullable=True),
        sa.Column("machine_confidence", sa.Double(), nullable=True),
        sa.Column("model_version", sa.String(length=40), nullable=False),
        moment("ended_at"),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        moment("forgotten_at"),
        moment("learned_at"),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_corrections_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_response_id"), "corrections", ["response_id"], unique=False)
    op.create_index("ix_corrections_about", "corrections", ["about", "about_id"], unique=False)
    stands, unlearned = sa.text("ended_at IS NULL"), sa.text("learned_at IS NULL")
    op.create_index(
        "uq_corrections_standing",
        "corrections",
        ["about", "about_id", "words_at"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index(
        "ix_corrections_unlearned", "corrections", ["id"], sqlite_where=unlearned, postgresql_where=unlearned
    )
    op.create_table(
        "refits",
        sa.Column("version", BigId, nullable=False),
        sa.Column("base", sa.String(length=16), nullable=False),
        moment("at", nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.Column("lexicon", sa.Double(), nullable=False),
        sa.Column("learnt", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_refits")),
    )


def downgrade() -> None:
    op.drop_table("refits")
    op.drop_index("ix_corrections_unlearned", table_name="corrections")
    op.drop_index("uq_corrections_standing", table_name="corrections")
    op.drop_index("ix_corrections_about", table_name="corrections")
    op.drop_index(op.f("ix_corrections_response_id"), table_name="corrections")
    op.drop_table("corrections")
    for table in reversed(TABLES):
        with op.batch_alter_table(table) as batch:
            for column in reversed(beside()):
                batch.drop_column(column.name)
