"""The first tables: people, questionnaires, invitations, responses, messages, cases, users, reports."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Ledgers that nobody may rewrite: the database itself refuses.
APPEND_ONLY = ("audit_log", "consents")


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_door_source_at", "attempts", ["door", "source", "at"], unique=False)

    op.create_table(
        "audit_log",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", BigId, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_subject", "audit_log", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "branches",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("opens_at", sa.String(length=5), nullable=False),
        sa.Column("closes_at", sa.String(length=5), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("manager_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["staff.id"], name="fk_branches_manager_id", use_alter=True),
        sa.ForeignKeyConstraint(["parent_id"], ["branches.id"], name=op.f("fk_branches_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branches")),
        sa.UniqueConstraint("code", name=op.f("uq_branches_code")),
    )
    op.create_index(op.f("ix_branches_manager_id"), "branches", ["manager_id"], unique=False)
    op.create_index(op.f("ix_branches_parent_id"), "branches", ["parent_id"], unique=False)

    op.create_table(
        "clock_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("real_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("speed", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_anchor")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "troubles",
        sa.Column("work", sa.String(length=40), nullable=False),
        sa.Column("ref", BigId, autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("work", "ref", name=op.f("pk_troubles")),
    )
    op.create_table(
        "import_runs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_table(
        "inbound_messages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("provider_message_id", sa.String(length=64), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=False),
        sa.Column("from_index", sa.String(length=44), nullable=False),
        sa.Column("to_address", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("media", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.String(length=8), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
        sa.UniqueConstraint(
            "provider", "provider_message_id", name=op.f("uq_inbound_messages_provider_provider_message_id")
        ),
    )
    op.create_index("ix_inbound_messages_from", "inbound_messages", ["from_index", "received_at"], unique=False)
    op.create_index(
        "ix_inbound_messages_waiting",
        "inbound_messages",
        ["from_index", "id"],
        unique=False,
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )

    op.create_table(
        "messages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("to_index", sa.String(length=44), nullable=False),
        sa.Column("from_address", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", BigId, nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link_ref", sa.String(length=80), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("resends", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider", sa.String(length=16), nullable=True),
        sa.Column("provider_message_id", sa.String(length=64), nullable=True),
        sa.Column("receipt_rank", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_messages_dedupe_key")),
        sa.UniqueConstraint("provider", "provider_message_id", name=op.f("uq_messages_provider_provider_message_id")),
    )
    op.create_index(
        "ix_messages_due",
        "messages",
        ["priority", "next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sending', 'uncertain')"),
        postgresql_where=sa.text("state IN ('queued', 'sending', 'uncertain')"),
    )
    op.create_index(
        "ix_messages_lost",
        "messages",
        ["subject_kind", "subject_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('failed', 'undelivered', 'expired', 'suppressed')"),
        postgresql_where=sa.text("state IN ('failed', 'undelivered', 'expired', 'suppressed')"),
    )
    op.create_index("ix_messages_subject", "messages", ["subject_kind", "subject_id"], unique=False)
    op.create_index("ix_messages_to", "messages", ["to_index", "created_at"], unique=False)

    op.create_table(
        "opt_outs",
        sa.Column("address_index", sa.String(length=44), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("address_index", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "receipts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("provider_message_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint(
            "provider", "provider_message_id", "status", name=op.f("uq_receipts_provider_provider_message_id_status")
        ),
    )
    op.create_table(
        "simulated_mails",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("to_index", sa.String(length=44), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulated_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_simulated_mails_message_id")),
    )
    op.create_index(op.f("ix_simulated_mails_to_index"), "simulated_mails", ["to_index"], unique=False)

    op.create_table(
        "simulated_messages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("sid", sa.String(length=34), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("phone_index", sa.String(length=44), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("callback_url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulated_messages")),
        sa.UniqueConstraint("sid", name=op.f("uq_simulated_messages_sid")),
    )
    op.create_index(
        "ix_simulated_messages_moving",
        "simulated_messages",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'sent')"),
        postgresql_where=sa.text("status IN ('queued', 'sent')"),
    )
    op.create_index("ix_simulated_messages_phone", "simulated_messages", ["phone_index", "id"], unique=False)

    op.create_table(
        "surveys",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("key", name=op.f("uq_surveys_key")),
    )
    op.create_table(
        "touchpoints",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touchpoints")),
        sa.UniqueConstraint("key", name=op.f("uq_touchpoints_key")),
    )
    op.create_table(
        "programmes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("touchpoint_id", BigId, nullable=False),
        sa.Column("survey_id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=True),
        sa.Column("segment", sa.String(length=24), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("delay_minutes", sa.Integer(), nullable=False),
        sa.Column("sampling_rate", sa.Double(), nullable=False),
        sa.Column("reminder", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_programmes_branch_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_programmes_survey_id")),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoints.id"], name=op.f("fk_programmes_touchpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("key", name=op.f("uq_programmes_key")),
    )
    op.create_index(op.f("ix_programmes_touchpoint_id"), "programmes", ["touchpoint_id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.String(length=44), nullable=True),
        sa.Column("phone_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("manager_id", BigId, nullable=True),
        sa.Column("deputy_id", BigId, nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_staff_branch_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["staff.id"], name=op.f("fk_staff_deputy_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["staff.id"], name=op.f("fk_staff_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("code", name=op.f("uq_staff_code")),
    )
    op.create_index(op.f("ix_staff_branch_id"), "staff", ["branch_id"], unique=False)
    op.create_index(op.f("ix_staff_phone_index"), "staff", ["phone_index"], unique=False)

    op.create_table(
        "survey_versions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("survey_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_versions_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_versions")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_versions_survey_id_number")),
    )
    op.create_table(
        "weekly_reports",
        sa.Column("id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("iso_week", sa.String(length=8), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_weekly_reports_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_reports")),
        sa.UniqueConstraint("branch_id", "iso_week", name=op.f("uq_weekly_reports_branch_id_iso_week")),
    )
    op.create_table(
        "customers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=True),
        sa.Column("branch_id", BigId, nullable=True),
        sa.Column("owner_id", BigId, nullable=True),
        sa.Column("tier", sa.String(length=12), nullable=True),
        sa.Column("tier_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value_cents", sa.BigInteger(), nullable=True),
        sa.Column("customer_since", sa.Date(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_customers_branch_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_customers_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_branch_id"), "customers", ["branch_id"], unique=False)
    op.create_index(op.f("ix_customers_owner_id"), "customers", ["owner_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", BigId, nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("weekly_report", sa.Boolean(), nullable=False),
        sa.Column("session_key", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_users_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_index(op.f("ix_users_staff_id"), "users", ["staff_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("address_index", sa.String(length=44), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_consents_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_customer_channel", "consents", ["customer_id", "channel", "id"], unique=False)

    op.create_table(
        "contact_points",
        sa.Column("id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_index", sa.String(length=44), nullable=False),
        sa.Column("ends", sa.String(length=8), nullable=False),
        sa.Column("deliverable", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contact_points_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
        sa.UniqueConstraint("customer_id", "address_index", name=op.f("uq_contact_points_customer_id_address_index")),
    )
    op.create_index("ix_contact_points_address_index", "contact_points", ["address_index"], unique=False)

    op.create_table(
        "customer_references",
        sa.Column("id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("external_ref", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_references_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_references")),
        sa.UniqueConstraint("source", "external_ref", name=op.f("uq_customer_references_source_external_ref")),
    )
    op.create_index(op.f("ix_customer_references_customer_id"), "customer_references", ["customer_id"], unique=False)

    op.create_table(
        "free_texts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("inbound_id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=True),
        sa.Column("branch_id", BigId, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("maybe_stop", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("polarity", sa.Double(), nullable=True),
        sa.Column("label", sa.String(length=16), nullable=True),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("score_version", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_free_texts_branch_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_free_texts_customer_id")),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound_messages.id"], name=op.f("fk_free_texts_inbound_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_texts")),
        sa.UniqueConstraint("inbound_id", name=op.f("uq_free_texts_inbound_id")),
    )
    op.create_index(op.f("ix_free_texts_customer_id"), "free_texts", ["customer_id"], unique=False)
    op.create_index(
        "ix_free_texts_unscored",
        "free_texts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("score_version IS NULL"),
        postgresql_where=sa.text("score_version IS NULL"),
    )

    op.create_table(
        "grants",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_grants_branch_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("user_id", "role", "branch_id", name=op.f("uq_grants_user_id_role_branch_id")),
    )
    op.create_table(
        "holds",
        sa.Column("id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=True),
        sa.Column("customer_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_holds_branch_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_holds_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_branch_id"), "holds", ["branch_id"], unique=False)
    op.create_index(op.f("ix_holds_customer_id"), "holds", ["customer_id"], unique=False)

    op.create_table(
        "report_deliveries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("report_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["weekly_reports.id"], name=op.f("fk_report_deliveries_report_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_report_deliveries_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_deliveries")),
        sa.UniqueConstraint("report_id", "user_id", name=op.f("uq_report_deliveries_report_id_user_id")),
    )
    op.create_table(
        "service_events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("external_ref", sa.String(length=120), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("touchpoint_id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("reopens", sa.String(length=120), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_service_events_branch_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_service_events_customer_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_service_events_staff_id")),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoints.id"], name=op.f("fk_service_events_touchpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_events")),
        sa.UniqueConstraint("source", "external_ref", name=op.f("uq_service_events_source_external_ref")),
    )
    op.create_index(
        "ix_service_events_branch_id_occurred_at", "service_events", ["branch_id", "occurred_at"], unique=False
    )
    op.create_index(op.f("ix_service_events_customer_id"), "service_events", ["customer_id"], unique=False)

    op.create_table(
        "transactions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("external_ref", sa.String(length=120), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("margin_cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_transactions_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("source", "external_ref", name=op.f("uq_transactions_source_external_ref")),
    )
    op.create_index("ix_transactions_customer_id_on", "transactions", ["customer_id", "on"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("service_event_id", BigId, nullable=False),
        sa.Column("programme_id", BigId, nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("owner_id", BigId, nullable=True),
        sa.Column("tier", sa.String(length=12), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("phone_index", sa.String(length=44), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("skip_reasons", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nonce", sa.String(length=22), nullable=False),
        sa.Column("token_hash", sa.String(length=44), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_invitations_branch_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_invitations_customer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_invitations_owner_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_invitations_programme_id")),
        sa.ForeignKeyConstraint(
            ["service_event_id"], ["service_events.id"], name=op.f("fk_invitations_service_event_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invitations_staff_id")),
        sa.ForeignKeyConstraint(["version_id"], ["survey_versions.id"], name=op.f("fk_invitations_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "service_event_id", "programme_id", name=op.f("uq_invitations_service_event_id_programme_id")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_branch_id"), "invitations", ["branch_id"], unique=False)
    op.create_index(op.f("ix_invitations_customer_id"), "invitations", ["customer_id"], unique=False)
    op.create_index(
        "ix_invitations_due",
        "invitations",
        ["send_at"],
        unique=False,
        sqlite_where=sa.text("state = 'scheduled'"),
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.create_index(
        "ix_invitations_open",
        "invitations",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('sent', 'reminded', 'started')"),
        postgresql_where=sa.text("state IN ('sent', 'reminded', 'started')"),
    )
    op.create_index("ix_invitations_phone_index_sent_at", "invitations", ["phone_index", "sent_at"], unique=False)
    op.create_index(
        "ix_invitations_remind",
        "invitations",
        ["remind_at"],
        unique=False,
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )

    op.create_table(
        "dialogues",
        sa.Column("id", BigId, nullable=False),
        sa.Column("our_number", sa.String(length=20), nullable=False),
        sa.Column("phone_index", sa.String(length=44), nullable=False),
        sa.Column("invitation_id", BigId, nullable=False),
        sa.Column("asking", sa.String(length=40), nullable=True),
        sa.Column("reprompted", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_turn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_dialogues_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogues")),
    )
    op.create_index(op.f("ix_dialogues_invitation_id"), "dialogues", ["invitation_id"], unique=False)
    op.create_index("ix_dialogues_phone_index", "dialogues", ["phone_index", "id"], unique=False)
    op.create_index(
        "uq_dialogues_open_pair",
        "dialogues",
        ["our_number", "phone_index"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "responses",
        sa.Column("id", BigId, nullable=False),
        sa.Column("invitation_id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("touchpoint_id", BigId, nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("review_due", sa.Boolean(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column("csat", sa.Integer(), nullable=True),
        sa.Column("ces", sa.Integer(), nullable=True),
        sa.Column("polarity", sa.Double(), nullable=True),
        sa.Column("sentiment", sa.String(length=16), nullable=True),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("score_version", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_responses_branch_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_responses_customer_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_responses_invitation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_responses_staff_id")),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoints.id"], name=op.f("fk_responses_touchpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_responses_invitation_id")),
    )
    op.create_index("ix_responses_branch_id_answered_at", "responses", ["branch_id", "answered_at"], unique=False)
    op.create_index(op.f("ix_responses_customer_id"), "responses", ["customer_id"], unique=False)
    op.create_index(
        "ix_responses_unreviewed",
        "responses",
        ["changed_at"],
        unique=False,
        sqlite_where=sa.text("review_due"),
        postgresql_where=sa.text("review_due"),
    )

    op.create_table(
        "answers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("response_id", BigId, nullable=False),
        sa.Column("question_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("polarity", sa.Double(), nullable=True),
        sa.Column("label", sa.String(length=16), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("deciding", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("score_version", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_answers_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("response_id", "question_key", name=op.f("uq_answers_response_id_question_key")),
    )
    op.create_table(
        "cases",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("branch_id", BigId, nullable=False),
        sa.Column("response_id", BigId, nullable=True),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_kind", sa.String(length=8), nullable=True),
        sa.Column("risk", sa.Double(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("words_language", sa.String(length=8), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_choice", sa.String(length=12), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovery_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovery", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("root_cause", sa.String(length=16), nullable=True),
        sa.Column("done_text", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_cases_branch_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_cases_customer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_cases_owner_id")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_cases_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_branch_id_opened_at", "cases", ["branch_id", "opened_at"], unique=False)
    op.create_index(
        "ix_cases_live_next",
        "cases",
        ["next_check_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
        postgresql_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
    )
    op.create_index(op.f("ix_cases_owner_id"), "cases", ["owner_id"], unique=False)
    op.create_index(op.f("ix_cases_recovery_due_at"), "cases", ["recovery_due_at"], unique=False)
    op.create_index(op.f("ix_cases_response_id"), "cases", ["response_id"], unique=False)
    op.create_index(
        "uq_cases_live_code",
        "cases",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
        postgresql_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
    )
    op.create_index(
        "uq_cases_live_customer",
        "cases",
        ["customer_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
        postgresql_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
    )

    op.create_table(
        "answer_revisions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("answer_id", BigId, nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_answer_revisions_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_revisions")),
    )
    op.create_index(op.f("ix_answer_revisions_answer_id"), "answer_revisions", ["answer_id"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_events_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index(op.f("ix_case_events_case_id"), "case_events", ["case_id"], unique=False)

    op.create_table(
        "case_origins",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=160), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_origins_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_origins")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_case_origins_kind_ref")),
    )
    op.create_index(op.f("ix_case_origins_case_id"), "case_origins", ["case_id"], unique=False)

    # Branches name their manager and staff name their branch, so one of the two keys comes after both tables.
    with op.batch_alter_table("branches") as branches:
        branches.create_foreign_key("fk_branches_manager_id", "staff", ["manager_id"], ["id"])

    for table in APPEND_ONLY:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse() CASCADE")
    with op.batch_alter_table("branches") as branches:
        branches.drop_constraint("fk_branches_manager_id", type_="foreignkey")
    op.drop_index(op.f("ix_case_origins_case_id"), table_name="case_origins")

    op.drop_table("case_origins")
    op.drop_index(op.f("ix_case_events_case_id"), table_name="case_events")

    op.drop_table("case_events")
    op.drop_index(op.f("ix_answer_revisions_answer_id"), table_name="answer_revisions")

    op.drop_table("answer_revisions")
    op.drop_index(
        "uq_cases_live_customer",
        table_name="cases",
        sqlite_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
        postgresql_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
    )
    op.drop_index(
        "uq_cases_live_code",
        table_name="cases",
        sqlite_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
        postgresql_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
    )
    op.drop_index(op.f("ix_cases_response_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_recovery_due_at"), table_name="cases")
    op.drop_index(op.f("ix_cases_owner_id"), table_name="cases")
    op.drop_index(
        "ix_cases_live_next",
        table_name="cases",
        sqlite_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
        postgresql_where=sa.text("state IN ('open', 'acknowledged', 'contacted', 'reopened')"),
    )
    op.drop_index("ix_cases_branch_id_opened_at", table_name="cases")

    op.drop_table("cases")
    op.drop_table("answers")
    op.drop_index(
        "ix_responses_unreviewed",
        table_name="responses",
        sqlite_where=sa.text("review_due"),
        postgresql_where=sa.text("review_due"),
    )
    op.drop_index(op.f("ix_responses_customer_id"), table_name="responses")
    op.drop_index("ix_responses_branch_id_answered_at", table_name="responses")

    op.drop_table("responses")
    op.drop_index(
        "uq_dialogues_open_pair",
        table_name="dialogues",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_dialogues_phone_index", table_name="dialogues")
    op.drop_index(op.f("ix_dialogues_invitation_id"), table_name="dialogues")

    op.drop_table("dialogues")
    op.drop_index(
        "ix_invitations_remind",
        table_name="invitations",
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.drop_index("ix_invitations_phone_index_sent_at", table_name="invitations")
    op.drop_index(
        "ix_invitations_open",
        table_name="invitations",
        sqlite_where=sa.text("state IN ('sent', 'reminded', 'started')"),
        postgresql_where=sa.text("state IN ('sent', 'reminded', 'started')"),
    )
    op.drop_index(
        "ix_invitations_due",
        table_name="invitations",
        sqlite_where=sa.text("state = 'scheduled'"),
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.drop_index(op.f("ix_invitations_customer_id"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_branch_id"), table_name="invitations")

    op.drop_table("invitations")
    op.drop_index("ix_transactions_customer_id_on", table_name="transactions")

    op.drop_table("transactions")
    op.drop_index(op.f("ix_service_events_customer_id"), table_name="service_events")
    op.drop_index("ix_service_events_branch_id_occurred_at", table_name="service_events")

    op.drop_table("service_events")
    op.drop_table("report_deliveries")
    op.drop_index(op.f("ix_holds_customer_id"), table_name="holds")
    op.drop_index(op.f("ix_holds_branch_id"), table_name="holds")

    op.drop_table("holds")
    op.drop_table("grants")
    op.drop_index(
        "ix_free_texts_unscored",
        table_name="free_texts",
        sqlite_where=sa.text("score_version IS NULL"),
        postgresql_where=sa.text("score_version IS NULL"),
    )
    op.drop_index(op.f("ix_free_texts_customer_id"), table_name="free_texts")

    op.drop_table("free_texts")
    op.drop_index(op.f("ix_customer_references_customer_id"), table_name="customer_references")

    op.drop_table("customer_references")
    op.drop_index("ix_contact_points_address_index", table_name="contact_points")

    op.drop_table("contact_points")
    op.drop_index("ix_consents_customer_channel", table_name="consents")

    op.drop_table("consents")
    op.drop_index(op.f("ix_users_staff_id"), table_name="users")

    op.drop_table("users")
    op.drop_index(op.f("ix_customers_owner_id"), table_name="customers")
    op.drop_index(op.f("ix_customers_branch_id"), table_name="customers")

    op.drop_table("customers")
    op.drop_table("weekly_reports")
    op.drop_table("survey_versions")
    op.drop_index(op.f("ix_staff_phone_index"), table_name="staff")
    op.drop_index(op.f("ix_staff_branch_id"), table_name="staff")

    op.drop_table("staff")
    op.drop_index(op.f("ix_programmes_touchpoint_id"), table_name="programmes")

    op.drop_table("programmes")
    op.drop_table("touchpoints")
    op.drop_table("surveys")
    op.drop_index("ix_simulated_messages_phone", table_name="simulated_messages")
    op.drop_index(
        "ix_simulated_messages_moving",
        table_name="simulated_messages",
        sqlite_where=sa.text("status IN ('queued', 'sent')"),
        postgresql_where=sa.text("status IN ('queued', 'sent')"),
    )

    op.drop_table("simulated_messages")
    op.drop_index(op.f("ix_simulated_mails_to_index"), table_name="simulated_mails")

    op.drop_table("simulated_mails")
    op.drop_table("receipts")
    op.drop_table("opt_outs")
    op.drop_index("ix_messages_to", table_name="messages")
    op.drop_index("ix_messages_subject", table_name="messages")
    op.drop_index(
        "ix_messages_lost",
        table_name="messages",
        sqlite_where=sa.text("state IN ('failed', 'undelivered', 'expired', 'suppressed')"),
        postgresql_where=sa.text("state IN ('failed', 'undelivered', 'expired', 'suppressed')"),
    )
    op.drop_index(
        "ix_messages_due",
        table_name="messages",
        sqlite_where=sa.text("state IN ('queued', 'sending', 'uncertain')"),
        postgresql_where=sa.text("state IN ('queued', 'sending', 'uncertain')"),
    )

    op.drop_table("messages")
    op.drop_index(
        "ix_inbound_messages_waiting",
        table_name="inbound_messages",
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.drop_index("ix_inbound_messages_from", table_name="inbound_messages")

    op.drop_table("inbound_messages")
    op.drop_table("import_runs")
    op.drop_table("troubles")
    op.drop_table("heartbeats")
    op.drop_table("clock_anchor")
    op.drop_index(op.f("ix_branches_parent_id"), table_name="branches")
    op.drop_index(op.f("ix_branches_manager_id"), table_name="branches")

    op.drop_table("branches")
    op.drop_index("ix_audit_log_subject", table_name="audit_log")

    op.drop_table("audit_log")
    op.drop_index("ix_attempts_door_source_at", table_name="attempts")

    op.drop_table("attempts")
    op.drop_table("api_keys")
