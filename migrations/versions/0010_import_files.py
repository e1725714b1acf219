"""Files on their way in through the console, kept encrypted in pieces until a worker has taken them in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_files",
        sa.Column("id", BigId, nullable=False),
        sa.Column("run_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("create_customers", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.String(length=80), nullable=True),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("lease_by", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_files_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
        sa.UniqueConstraint("run_id", name=op.f("uq_import_files_run_id")),
    )
    op.create_index(op.f("ix_import_files_state"), "import_files", ["state"], unique=False)
    op.create_table(
        "import_pieces",
        sa.Column("id", BigId, nullable=False),
        sa.Column("file_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["import_files.id"], name=op.f("fk_import_pieces_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_pieces")),
        sa.UniqueConstraint("file_id", "kind", "number", name=op.f("uq_import_pieces_file_id_kind_number")),
    )


def downgrade() -> None:
    op.drop_table("import_pieces")
    op.drop_index(op.f("ix_import_files_state"), table_name="import_files")
    op.drop_table("import_files")
