"""What is kept only for a time is found by an index: notes of cases, what was done, comments in reports, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_case_events_notes_at": ("case_events", "at", "note IS NOT NULL"),
    "ix_cases_words_closed_at": ("cases", "closed_at", "words IS NOT NULL OR done_text IS NOT NULL"),
    "ix_weekly_reports_words_issued_at": ("weekly_reports", "issued_at", "cleared_at IS NULL"),
}


def upgrade() -> None:
    with op.batch_alter_table("weekly_reports") as batch:
        batch.add_column(sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.drop_index("ix_cases_words_closed_at", table_name="cases")
    for name, (table, column, where) in INDEXES.items():
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("ix_audit_log_at", table_name="audit_log")
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
    words = sa.text("words IS NOT NULL")
    op.create_index("ix_cases_words_closed_at", "cases", ["closed_at"], sqlite_where=words, postgresql_where=words)
    with op.batch_alter_table("weekly_reports") as batch:
        batch.drop_column("cleared_at")
