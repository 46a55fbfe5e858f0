"""Keep circles of organisations that trust each other, and what each rules for reservations of its stock."""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_circle()
    _create_house_rules()


def _create_circle() -> None:
    op.create_table(
        "circle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=360), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle")),
        sa.UniqueConstraint("name_key", name=op.f("uq_circle_name_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_circle_slug")),
    )
    op.create_table(
        "circle_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_circle_membership_circle_id")),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["organisation.id"], name=op.f("fk_circle_membership_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_circle_membership_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_membership")),
        sa.UniqueConstraint(
            "circle_id", "organisation_id", name=op.f("uq_circle_membership_circle_id_organisation_id")
        ),
    )
    op.create_index(
        op.f("ix_circle_membership_organisation_id"), "circle_membership", ["organisation_id"], unique=False
    )


def _create_house_rules() -> None:
    op.create_table(
        "house_rules",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("hold_days", sa.Integer(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("warn_hours", sa.Integer(), nullable=False),
        sa.Column("most_percent", sa.Integer(), nullable=False),
        sa.Column("least_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 30", name=op.f("ck_house_rules_answer_days")),
        sa.CheckConstraint("hold_days BETWEEN 1 AND 365", name=op.f("ck_house_rules_hold_days")),
        sa.CheckConstraint("offer_hours BETWEEN 1 AND 336", name=op.f("ck_house_rules_offer_hours")),
        sa.CheckConstraint("extensions BETWEEN 0 AND 5", name=op.f("ck_house_rules_extensions")),
        sa.CheckConstraint("extension_days BETWEEN 1 AND 90", name=op.f("ck_house_rules_extension_days")),
        sa.CheckConstraint("warn_hours BETWEEN 1 AND 336", name=op.f("ck_house_rules_warn_hours")),
        sa.CheckConstraint("most_percent BETWEEN 1 AND 100", name=op.f("ck_house_rules_most_percent")),
        sa.CheckConstraint("least_percent BETWEEN 0 AND 100", name=op.f("ck_house_rules_least_percent")),
        sa.CheckConstraint("least_percent <= most_percent", name=op.f("ck_house_rules_shares")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_house_rules_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_house_rules")),
    )


def downgrade() -> None:
    for table in ("house_rules", "circle_membership", "circle"):
        op.drop_table(table)
