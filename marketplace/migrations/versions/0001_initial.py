"""The tables of the first day: accounts, projects, passports, listings, reservations, scans and the journal."""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import ExactDecimal, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal")),
    )
    op.create_index(op.f("ix_journal_subject"), "journal", ["subject"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contractor",
                "builder",
                "housing_corporation",
                "public_client",
                "hub",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kvk", sa.String(length=8), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("x_km", sa.Double(), nullable=False),
        sa.Column("y_km", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_account_fs_uniquifier")),
    )
    op.create_table(
        "hub",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("capacity_m3", ExactDecimal(14, 3), nullable=False),
        sa.Column("handle_eur_per_m3", ExactDecimal(12, 2), nullable=False),
        sa.Column("store_eur_per_m3_week", ExactDecimal(12, 2), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("x_km", sa.Double(), nullable=False),
        sa.Column("y_km", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_hub_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub")),
        sa.UniqueConstraint("slug", name=op.f("uq_hub_slug")),
    )
    op.create_index(op.f("ix_hub_organisation_id"), "hub", ["organisation_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "trader", "site", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("user_id", "organisation_id", name=op.f("uq_membership_user_id_organisation_id")),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "demolition",
                "construction",
                "renovation",
                "road",
                name="projectkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("building_year", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("x_km", sa.Double(), nullable=False),
        sa.Column("y_km", sa.Double(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_project_window")),
        sa.ForeignKeyConstraint(["client_id"], ["organisation.id"], name=op.f("fk_project_client_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_project_organisation_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_project_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("slug", name=op.f("uq_project_slug")),
    )
    op.create_index(op.f("ix_project_client_id"), "project", ["client_id"], unique=False)
    op.create_index(op.f("ix_project_organisation_id"), "project", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_project_programme_id"), "project", ["programme_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("substitutes", sa.JSON(), nullable=False),
        sa.Column("quantity", ExactDecimal(14, 3), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "piece", "m", "m2", "m3", "kg", "t", name="unit", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("length_min", sa.Integer(), nullable=True),
        sa.Column("length_max", sa.Integer(), nullable=True),
        sa.Column("width_min", sa.Integer(), nullable=True),
        sa.Column("width_max", sa.Integer(), nullable=True),
        sa.Column("height_min", sa.Integer(), nullable=True),
        sa.Column("height_max", sa.Integer(), nullable=True),
        sa.Column("wanted_from", sa.Date(), nullable=False),
        sa.Column("wanted_until", sa.Date(), nullable=False),
        sa.Column("max_km", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", name="grade", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("accepts_untested", sa.Boolean(), nullable=False),
        sa.Column("new_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("max_price", ExactDecimal(12, 2), nullable=True),
        sa.Column("min_batch", ExactDecimal(14, 3), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_need_quantity")),
        sa.CheckConstraint("wanted_until >= wanted_from", name=op.f("ck_need_window")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_need_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("reference", name=op.f("uq_need_reference")),
    )
    op.create_index(op.f("ix_need_category"), "need", ["category"], unique=False)
    op.create_index(op.f("ix_need_project_id"), "need", ["project_id"], unique=False)
    op.create_table(
        "passport",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column(
            "granularity",
            sa.Enum("item", "batch", "work", name="granularity", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="passportstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", ExactDecimal(14, 3), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "piece", "m", "m2", "m3", "kg", "t", name="unit", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("kg_per_unit", ExactDecimal(14, 3), nullable=False),
        sa.Column("mass_is_estimate", sa.Boolean(), nullable=False),
        sa.Column("length_mm", sa.Integer(), nullable=True),
        sa.Column("width_mm", sa.Integer(), nullable=True),
        sa.Column("height_mm", sa.Integer(), nullable=True),
        sa.Column("building_year", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=160), nullable=False),
        sa.Column("origin_project_id", sa.Integer(), nullable=True),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("last_seen_place", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kg_per_unit > 0", name=op.f("ck_passport_mass")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_passport_quantity")),
        sa.ForeignKeyConstraint(["issuer_id"], ["organisation.id"], name=op.f("fk_passport_issuer_id")),
        sa.ForeignKeyConstraint(["origin_project_id"], ["project.id"], name=op.f("fk_passport_origin_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport")),
        sa.UniqueConstraint("code", name=op.f("uq_passport_code")),
    )
    op.create_index(op.f("ix_passport_category"), "passport", ["category"], unique=False)
    op.create_index(op.f("ix_passport_issuer_id"), "passport", ["issuer_id"], unique=False)
    op.create_index(op.f("ix_passport_origin_project_id"), "passport", ["origin_project_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "unknown",
                "declared",
                "measured",
                "tested",
                "certified",
                name="evidencelevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("report", sa.String(length=80), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_claim_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_passport_id"), "claim", ["passport_id"], unique=False)
    op.create_table(
        "hazard_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column(
            "hazard",
            sa.Enum(
                "asbestos",
                "pak",
                "chromium6",
                "lead",
                "pcb",
                "preservatives",
                "pfas",
                "cfc",
                "mineral_fibres",
                "hbcd",
                name="hazard",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "unknown",
                "absent_declared",
                "absent_tested",
                "present",
                name="hazardstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("report", sa.String(length=80), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_hazard_finding_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_finding")),
        sa.UniqueConstraint("passport_id", "hazard", name=op.f("uq_hazard_finding_passport_id_hazard")),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=True),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="listingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum("expected", "in_stock", "gone", name="stage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "piece", "m", "m2", "m3", "kg", "t", name="unit", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("total", ExactDecimal(14, 3), nullable=False),
        sa.Column("available", ExactDecimal(14, 3), nullable=False),
        sa.Column("held", ExactDecimal(14, 3), nullable=False),
        sa.Column("handed_over", ExactDecimal(14, 3), nullable=False),
        sa.Column("written_off", ExactDecimal(14, 3), nullable=False),
        sa.Column("min_take", ExactDecimal(14, 3), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", name="grade", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("price_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("crusher_on", sa.Date(), nullable=True),
        sa.Column("hub_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("rack", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("x_km", sa.Double(), nullable=False),
        sa.Column("y_km", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "available >= 0 AND held >= 0 AND handed_over >= 0 AND written_off >= 0",
            name=op.f("ck_listing_stock_parts"),
        ),
        sa.CheckConstraint(
            "available_until IS NULL OR available_until >= available_from", name=op.f("ck_listing_window")
        ),
        sa.CheckConstraint("price_eur >= 0", name=op.f("ck_listing_price")),
        sa.CheckConstraint(
            "total = available + held + handed_over + written_off", name=op.f("ck_listing_stock_adds_up")
        ),
        sa.CheckConstraint("total > 0", name=op.f("ck_listing_total")),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_listing_hub_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_listing_organisation_id")),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_listing_passport_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_listing_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("reference", name=op.f("uq_listing_reference")),
        sa.UniqueConstraint("request_key", name=op.f("uq_listing_request_key")),
    )
    op.create_index("ix_listing_grid", "listing", ["x_km", "y_km"], unique=False)
    op.create_index(op.f("ix_listing_hub_id"), "listing", ["hub_id"], unique=False)
    op.create_index("ix_listing_offer", "listing", ["status", "stage", "published_at"], unique=False)
    op.create_index(op.f("ix_listing_organisation_id"), "listing", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_listing_passport_id"), "listing", ["passport_id"], unique=False)
    op.create_index(op.f("ix_listing_project_id"), "listing", ["project_id"], unique=False)
    op.create_table(
        "passport_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_passport_photo_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_photo")),
        sa.UniqueConstraint("key", name=op.f("uq_passport_photo_key")),
    )
    op.create_index(op.f("ix_passport_photo_passport_id"), "passport_photo", ["passport_id"], unique=False)
    op.create_table(
        "scan_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=True),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "seen",
                "received",
                "handed_over",
                "damaged",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("quantity", ExactDecimal(14, 3), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_scan_event_passport_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_scan_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_event")),
        sa.UniqueConstraint("request_key", name=op.f("uq_scan_event_request_key")),
    )
    op.create_index(op.f("ix_scan_event_passport_id"), "scan_event", ["passport_id"], unique=False)
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=True),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("quantity", ExactDecimal(14, 3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "confirmed",
                "declined",
                "cancelled",
                "handed_over",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_quantity")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_reservation_listing_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_reservation_need_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_reservation_organisation_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_reservation_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("reference", name=op.f("uq_reservation_reference")),
        sa.UniqueConstraint("request_key", name=op.f("uq_reservation_request_key")),
    )
    op.create_index(op.f("ix_reservation_listing_id"), "reservation", ["listing_id"], unique=False)
    op.create_index(op.f("ix_reservation_need_id"), "reservation", ["need_id"], unique=False)
    op.create_index(op.f("ix_reservation_organisation_id"), "reservation", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_reservation_project_id"), "reservation", ["project_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reservation_project_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_organisation_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_need_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_listing_id"), table_name="reservation")
    op.drop_table("reservation")
    op.drop_index(op.f("ix_scan_event_passport_id"), table_name="scan_event")
    op.drop_table("scan_event")
    op.drop_index(op.f("ix_passport_photo_passport_id"), table_name="passport_photo")
    op.drop_table("passport_photo")
    op.drop_index(op.f("ix_listing_project_id"), table_name="listing")
    op.drop_index(op.f("ix_listing_passport_id"), table_name="listing")
    op.drop_index(op.f("ix_listing_organisation_id"), table_name="listing")
    op.drop_index("ix_listing_offer", table_name="listing")
    op.drop_index(op.f("ix_listing_hub_id"), table_name="listing")
    op.drop_index("ix_listing_grid", table_name="listing")
    op.drop_table("listing")
    op.drop_table("hazard_finding")
    op.drop_index(op.f("ix_claim_passport_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_passport_origin_project_id"), table_name="passport")
    op.drop_index(op.f("ix_passport_issuer_id"), table_name="passport")
    op.drop_index(op.f("ix_passport_category"), table_name="passport")
    op.drop_table("passport")
    op.drop_index(op.f("ix_need_project_id"), table_name="need")
    op.drop_index(op.f("ix_need_category"), table_name="need")
    op.drop_table("need")
    op.drop_index(op.f("ix_project_programme_id"), table_name="project")
    op.drop_index(op.f("ix_project_organisation_id"), table_name="project")
    op.drop_index(op.f("ix_project_client_id"), table_name="project")
    op.drop_table("project")
    op.drop_index(op.f("ix_membership_organisation_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_hub_organisation_id"), table_name="hub")
    op.drop_table("hub")
    op.drop_table("user_account")
    op.drop_table("programme")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_journal_subject"), table_name="journal")
    op.drop_table("journal")
