"""Keep with a reservation for which price it was made: a later change of the offer is not one of the promise."""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import ExactDecimal

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reservation", sa.Column("price_eur", ExactDecimal(12, 2), server_default="0", nullable=False))
    op.execute(
        "UPDATE reservation SET price_eur = "
        "(SELECT listing.price_eur FROM listing WHERE listing.id = reservation.listing_id)"
    )


def downgrade() -> None:
    op.drop_column("reservation", "price_eur")
