"""Keep with an offer the kind and the sizes that its passport states, and index the open offers by them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SIZES = ("length_mm", "width_mm", "height_mm")
_SOUGHT = ("category", *_SIZES, "available_until")
_ON_OFFER = sa.text("status = 'published' AND stage != 'gone' AND available > 0")


def upgrade() -> None:
    op.add_column("listing", sa.Column("category", sa.String(length=40), server_default="", nullable=False))
    for size in _SIZES:
        op.add_column("listing", sa.Column(size, sa.Integer(), nullable=True))
    op.execute(
        "UPDATE listing SET (category, length_mm, width_mm, height_mm) = "
        "(SELECT category, length_mm, width_mm, height_mm FROM passport WHERE passport.id = listing.passport_id)"
    )
    op.drop_index("ix_listing_offer", table_name="listing")
    _index("ix_listing_sizes", *_SOUGHT)
    _index("ix_listing_newest", "published_at", "id", *_SOUGHT)


def _index(name: str, *columns: str) -> None:
    op.create_index(name, "listing", columns, unique=False, sqlite_where=_ON_OFFER, postgresql_where=_ON_OFFER)


def downgrade() -> None:
    op.drop_index("ix_listing_newest", table_name="listing")
    op.drop_index("ix_listing_sizes", table_name="listing")
    op.create_index("ix_listing_offer", "listing", ["status", "stage", "published_at"], unique=False)
    for column in ("category", *_SIZES):
        op.drop_column("listing", column)
