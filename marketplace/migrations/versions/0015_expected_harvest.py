"""Keep what a harvest can be estimated from with a project, and with a listing between which amounts it was estimated.

A listing may have no price yet, which is not the same as being free of charge.

The tables are made anew on SQLite, which cannot add a check.
"""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import ExactDecimal

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TYPES = ("terraced_house", "detached_house", "flat", "school", "office", "hall", "farm")
_ESTIMATE = (
    "(estimate_low IS NULL) = (estimate_high IS NULL) AND (estimate_low IS NULL "
    "OR (estimate_low > 0 AND estimate_high >= estimate_low))"
)
_PRICE_OPEN = "NOT price_open OR (price_eur = 0 AND status <> 'published')"
_OF_PROJECT = {
    "buildingtype": "building_type IN ({})".format(", ".join(f"'{kind}'" for kind in _TYPES)),
    "floor_area": "floor_area_m2 > 0",
    "dwellings": "dwellings > 0",
}


def upgrade() -> None:
    with op.batch_alter_table("project") as batch:
        batch.add_column(sa.Column("building_type", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("floor_area_m2", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("dwellings", sa.Integer(), nullable=True))
        for name, condition in _OF_PROJECT.items():
            batch.create_check_constraint(op.f(f"ck_project_{name}"), sa.text(condition))
    with op.batch_alter_table("listing") as batch:
        batch.add_column(sa.Column("estimate_low", ExactDecimal(14, 3), nullable=True))
        batch.add_column(sa.Column("estimate_high", ExactDecimal(14, 3), nullable=True))
        batch.create_check_constraint(op.f("ck_listing_estimate"), sa.text(_ESTIMATE))
        batch.add_column(sa.Column("price_open", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.create_check_constraint(op.f("ck_listing_price_open"), sa.text(_PRICE_OPEN))


def downgrade() -> None:
    with op.batch_alter_table("listing") as batch:
        batch.drop_constraint(op.f("ck_listing_price_open"), type_="check")
        batch.drop_column("price_open")
        batch.drop_constraint(op.f("ck_listing_estimate"), type_="check")
        batch.drop_column("estimate_high")
        batch.drop_column("estimate_low")
    with op.batch_alter_table("project") as batch:
        for name in _OF_PROJECT:
            batch.drop_constraint(op.f(f"ck_project_{name}"), type_="check")
        for column in ("dwellings", "floor_area_m2", "building_type"):
            batch.drop_column(column)
