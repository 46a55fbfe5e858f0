"""Let passports that came out of one another share files, and do each step of a lineage once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SHARED = ("passport_photo", "evidence_document")


def upgrade() -> None:
    for table in _SHARED:
        if op.get_bind().dialect.name == "sqlite":
            with op.batch_alter_table(table, recreate="always") as batch:
                batch.drop_constraint(op.f(f"uq_{table}_key"), type_="unique")
        else:
            op.drop_constraint(op.f(f"uq_{table}_key"), table, type_="unique")
        op.create_index(op.f(f"ix_{table}_key"), table, ["key"], unique=False)
    op.create_table(
        "lineage_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_lineage_request_passport_id")),
        sa.ForeignKeyConstraint(["result_id"], ["passport.id"], name=op.f("fk_lineage_request_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_request")),
        sa.UniqueConstraint("request_key", name=op.f("uq_lineage_request_request_key")),
    )


def downgrade() -> None:
    raise NotImplementedError("What came out of what is not thrown away: go back to a copy of the database instead.")
