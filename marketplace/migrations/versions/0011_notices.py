"""Keep who is to be told of what, how far the journal was read for it, and in which language people are told."""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases take a column with its own check this way; only SQLite's Alembic would make the table anew.
    op.execute(
        "ALTER TABLE user_account ADD COLUMN language VARCHAR(2) DEFAULT 'nl' NOT NULL "
        "CONSTRAINT ck_user_account_language CHECK (language IN ('nl', 'en'))"
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("journal_number", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_notice_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("journal_number", "user_id", name=op.f("uq_notice_journal_number_user_id")),
    )
    op.create_index(op.f("ix_notice_user_id"), "notice", ["user_id"], unique=False)
    op.create_index(op.f("ix_notice_next_try_at"), "notice", ["next_try_at"], unique=False)
    op.create_table(
        "notice_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_notice_cursor_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_cursor")),
    )
    op.execute("INSERT INTO notice_cursor (id, read_to) VALUES (1, NULL)")


def downgrade() -> None:
    for table in ("notice_cursor", "notice"):
        op.drop_table(table)
    op.drop_column("user_account", "language")
