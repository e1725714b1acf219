"""Questionnaires have drafts; an answer may be several choices, and keeps the feeling it was followed up by."""

import sqlalchemy as sa
from alembic import op

from app.extensions import BigId, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_drafts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("survey_id", BigId, nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_drafts_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_drafts")),
        sa.UniqueConstraint("survey_id", name=op.f("uq_survey_drafts_survey_id")),
    )
    with op.batch_alter_table("answers") as batch:
        batch.add_column(sa.Column("choices", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("feeling", sa.String(length=8), nullable=True))
    with op.batch_alter_table("answer_revisions") as batch:
        batch.add_column(sa.Column("choices", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("answer_revisions") as batch:
        batch.drop_column("choices")
    with op.batch_alter_table("answers") as batch:
        batch.drop_column("feeling")
        batch.drop_column("choices")
    op.drop_table("survey_drafts")
