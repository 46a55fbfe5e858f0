"""Keep what labels were printed, and labels with a code of their own: printed ahead, claimed, void, replaced."""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import ExactDecimal, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "label_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "pdf", "zpl", "svg", "png", name="printformat", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("medium", sa.String(length=40), nullable=False),
        sa.Column("width_mm", ExactDecimal(14, 3), nullable=False),
        sa.Column("height_mm", ExactDecimal(14, 3), nullable=False),
        sa.Column("module_mm", ExactDecimal(14, 3), nullable=False),
        sa.Column("level", sa.String(length=1), nullable=False),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.CheckConstraint("count > 0 AND skipped >= 0", name=op.f("ck_label_print_count")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_label_print_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_label_print_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_print")),
    )
    op.create_index(op.f("ix_label_print_organisation_id"), "label_print", ["organisation_id"], unique=False)
    op.create_table(
        "issued_label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "blank", "active", "void", name="labelstatus", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("replaced_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint("(status = 'void') = (voided_at IS NOT NULL)", name=op.f("ck_issued_label_voided")),
        sa.CheckConstraint("replaced_by IS NULL OR status = 'void'", name=op.f("ck_issued_label_replaced")),
        sa.CheckConstraint("status <> 'active' OR passport_id IS NOT NULL", name=op.f("ck_issued_label_of_a_passport")),
        sa.CheckConstraint("status <> 'blank' OR passport_id IS NULL", name=op.f("ck_issued_label_blank")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_issued_label_organisation_id")),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_issued_label_passport_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["issued_label.code"], name=op.f("fk_issued_label_replaced_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_label")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_label_code")),
    )
    op.create_index(op.f("ix_issued_label_organisation_id"), "issued_label", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_issued_label_passport_id"), "issued_label", ["passport_id"], unique=False)


def downgrade() -> None:
    for table in ("issued_label", "label_print"):
        op.drop_table(table)
