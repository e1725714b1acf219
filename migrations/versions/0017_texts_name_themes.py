"""Words that came without a question name themes, by a version of the theme book, as answers do."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("free_texts") as batch:
        batch.add_column(sa.Column("themes", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("book_version", sa.String(length=20), nullable=True))
    with op.batch_alter_table("free_texts") as batch:
        batch.alter_column("themes", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("free_texts") as batch:
        batch.drop_column("book_version")
        batch.drop_column("themes")
