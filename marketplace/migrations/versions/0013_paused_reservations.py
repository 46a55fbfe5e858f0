"""Keep with a promise how many days were left to fetch it, while a hazard that was found lets nobody do so."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reservation", sa.Column("days_left", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("reservation", "days_left")
