"""From which device an answer came, whether somebody else said the same, and what speaks against it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("responses") as batch:
        batch.add_column(sa.Column("device", sa.String(length=44), nullable=True))
        batch.add_column(sa.Column("doubts", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("responses") as batch:
        batch.alter_column("doubts", server_default=None)
    with op.batch_alter_table("answers") as batch:
        batch.add_column(sa.Column("sameness", sa.String(length=44), nullable=True))
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("device", sa.String(length=44), nullable=True))
    known = sa.text("device IS NOT NULL")
    op.create_index(
        "ix_responses_device", "responses", ["device", "answered_at"], sqlite_where=known, postgresql_where=known
    )
    said = sa.text("sameness IS NOT NULL")
    op.create_index("ix_answers_sameness", "answers", ["sameness"], sqlite_where=said, postgresql_where=said)
    op.create_index(op.f("ix_users_device"), "users", ["device"])


def downgrade() -> None:
    op.drop_index(op.f("ix_users_device"), table_name="users")
    op.drop_index("ix_answers_sameness", table_name="answers")
    op.drop_index("ix_responses_device", table_name="responses")
    with op.batch_alter_table("users") as batch:
        batch.drop_column("device")
    with op.batch_alter_table("answers") as batch:
        batch.drop_column("sameness")
    with op.batch_alter_table("responses") as batch:
        batch.drop_column("doubts")
        batch.drop_column("device")
