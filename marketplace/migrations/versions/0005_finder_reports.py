"""Keep what finders report, and where on the map each scan was, so that a copied label is noticed."""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scan_event", sa.Column("x_km", sa.Double(), nullable=True))
    op.add_column("scan_event", sa.Column("y_km", sa.Double(), nullable=True))
    op.create_table(
        "finder_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=True),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column(
            "complaint",
            sa.Enum(
                "other_thing",
                "other_place",
                "label",
                "other",
                name="complaint",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("x_km", sa.Double(), nullable=True),
        sa.Column("y_km", sa.Double(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("photo_key", sa.String(length=32), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_finder_report_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finder_report")),
        sa.UniqueConstraint("photo_key", name=op.f("uq_finder_report_photo_key")),
        sa.UniqueConstraint("request_key", name=op.f("uq_finder_report_request_key")),
    )
    op.create_index(op.f("ix_finder_report_passport_id"), "finder_report", ["passport_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("What finders reported is not thrown away: go back to a copy of the database instead.")
