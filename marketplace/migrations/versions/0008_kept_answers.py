"""Keep what requests with a key were answered, so that a second sending does nothing and gets the same answer.

It takes the place of the keys that offers, reports of finders and steps in a lineage kept of their own.
"""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WITH_KEYS = ("listing", "finder_report")


def upgrade() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("is_remade", sa.Boolean(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.CheckConstraint("status BETWEEN 200 AND 399", name=op.f("ck_kept_answer_status")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_kept_answer")),
    )
    op.create_index(op.f("ix_kept_answer_at"), "kept_answer", ["at"], unique=False)
    op.drop_table("lineage_request")
    for table in _WITH_KEYS:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"uq_{table}_request_key"), type_="unique")
            batch.drop_column("request_key")


def downgrade() -> None:
    for table in _WITH_KEYS:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("request_key", sa.String(length=40), nullable=True))
            batch.create_unique_constraint(op.f(f"uq_{table}_request_key"), ["request_key"])
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
    op.drop_table("kept_answer")
