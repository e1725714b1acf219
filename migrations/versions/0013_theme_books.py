"""Theme books in versions, and by which one the themes of an answer were found."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "theme_books",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_books")),
        sa.UniqueConstraint("number", name=op.f("uq_theme_books_number")),
    )
    op.create_table(
        "theme_book_drafts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("past", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_book_drafts")),
    )
    op.create_table(
        "rescorings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("after_response", sa.BigInteger(), nullable=False),
        sa.Column("after_text", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescorings")),
    )
    op.create_index(op.f("ix_rescorings_state"), "rescorings", ["state"], unique=False)
    op.create_table(
        "emerging_weeks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("iso_week", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("comments_before", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emerging_weeks")),
        sa.UniqueConstraint("iso_week", name=op.f("uq_emerging_weeks_iso_week")),
    )
    op.create_table(
        "emerging_themes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("first_week", sa.String(length=8), nullable=False),
        sa.Column("last_week", sa.String(length=8), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emerging_themes")),
        sa.UniqueConstraint("language", "term", name=op.f("uq_emerging_themes_language_term")),
    )
    # Null: found by the book that was built in before books had versions, or nothing looked for yet.
    op.add_column("answers", sa.Column("book_version", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "book_version")
    op.drop_table("emerging_themes")
    op.drop_table("emerging_weeks")
    op.drop_index(op.f("ix_rescorings_state"), table_name="rescorings")
    op.drop_table("rescorings")
    op.drop_table("theme_book_drafts")
    op.drop_table("theme_books")
