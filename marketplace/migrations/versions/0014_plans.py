"""Keep what the matcher proposes, the computations it came from, better plans on offer, and what people answered."""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import ExactDecimal, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_market_cursor()
    _create_own_rates()
    _create_plan_run()
    _create_improvement()
    _create_improvement_agreement()
    _create_dismissal()
    _create_improvement_line()
    _create_proposal()


def _create_market_cursor() -> None:
    op.create_table(
        "market_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("journal_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_cursor")),
    )


def _create_own_rates() -> None:
    op.create_table(
        "own_rates",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("eur_per_1000_tkm", ExactDecimal(12, 2), nullable=True),
        sa.Column("trip_eur", ExactDecimal(12, 2), nullable=True),
        sa.Column("kerf_mm", sa.Integer(), nullable=True),
        sa.Column("mki_percent", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "eur_per_1000_tkm >= 0 AND trip_eur >= 0 AND kerf_mm >= 0 AND mki_percent >= 0",
            name=op.f("ck_own_rates_rates"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_own_rates_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_own_rates")),
    )


def _create_plan_run() -> None:
    op.create_table(
        "plan_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum("first", "nightly", "asked", name="occasion", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("effort", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("beaten_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("computer", sa.String(length=120), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("standing_eur", ExactDecimal(12, 2), nullable=True),
        sa.Column("value_eur", ExactDecimal(12, 2), nullable=True),
        sa.Column("bound_eur", ExactDecimal(12, 2), nullable=True),
        sa.Column("problem_hash", sa.String(length=64), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["requested_by_id"], ["organisation.id"], name=op.f("fk_plan_run_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_run")),
    )
    op.create_index(op.f("ix_plan_run_requested_by_id"), "plan_run", ["requested_by_id"], unique=False)
    op.create_index("ix_plan_run_state", "plan_run", ["state", "id"], unique=False)


def _create_improvement() -> None:
    op.create_table(
        "improvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "taken",
                "outdated",
                name="improvementstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("gain_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("gain_eur > 0", name=op.f("ck_improvement_gain")),
        sa.ForeignKeyConstraint(["run_id"], ["plan_run.id"], name=op.f("fk_improvement_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
    )
    op.create_index(op.f("ix_improvement_run_id"), "improvement", ["run_id"], unique=False)


def _create_improvement_agreement() -> None:
    op.create_table(
        "improvement_agreement",
        sa.Column("improvement_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["improvement_id"],
            ["improvement.id"],
            name=op.f("fk_improvement_agreement_improvement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_improvement_agreement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_improvement_agreement_user_id")),
        sa.PrimaryKeyConstraint("improvement_id", "organisation_id", name=op.f("pk_improvement_agreement")),
    )
    op.create_index(
        op.f("ix_improvement_agreement_organisation_id"), "improvement_agreement", ["organisation_id"], unique=False
    )


def _create_dismissal() -> None:
    op.create_table(
        "dismissal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("dismissed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_dismissal_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_dismissal_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_dismissal_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissal")),
        sa.UniqueConstraint("need_id", "listing_id", name=op.f("uq_dismissal_need_id_listing_id")),
    )
    op.create_index(op.f("ix_dismissal_listing_id"), "dismissal", ["listing_id"], unique=False)


def _create_improvement_line() -> None:
    op.create_table(
        "improvement_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("improvement_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=True),
        sa.Column("before", ExactDecimal(14, 3), nullable=False),
        sa.Column("after", ExactDecimal(14, 3), nullable=False),
        sa.Column("value_before_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("value_after_eur", ExactDecimal(12, 2), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_improvement_line_hub_id")),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvement.id"], name=op.f("fk_improvement_line_improvement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_improvement_line_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_improvement_line_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_line")),
    )
    op.create_index(op.f("ix_improvement_line_improvement_id"), "improvement_line", ["improvement_id"], unique=False)
    op.create_index(op.f("ix_improvement_line_listing_id"), "improvement_line", ["listing_id"], unique=False)
    op.create_index(op.f("ix_improvement_line_need_id"), "improvement_line", ["need_id"], unique=False)


def _create_proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("quantity", ExactDecimal(14, 3), nullable=False),
        sa.Column("take", ExactDecimal(14, 3), nullable=False),
        sa.Column("value_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("new_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("mki_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("price_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("transport_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("storage_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("trips_eur", ExactDecimal(12, 2), nullable=False),
        sa.Column("stored_from", sa.Integer(), nullable=True),
        sa.Column("stored_until", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0 AND take > 0", name=op.f("ck_proposal_quantity")),
        sa.CheckConstraint(
            "value_eur = new_eur + mki_eur + price_eur + transport_eur + storage_eur + trips_eur",
            name=op.f("ck_proposal_adds_up"),
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_proposal_hub_id")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_proposal_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_proposal_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("listing_id", "need_id", "hub_id", name=op.f("uq_proposal_listing_id_need_id_hub_id")),
    )
    op.create_index(op.f("ix_proposal_hub_id"), "proposal", ["hub_id"], unique=False)
    op.create_index(op.f("ix_proposal_listing_id"), "proposal", ["listing_id"], unique=False)
    op.create_index(op.f("ix_proposal_need_id"), "proposal", ["need_id"], unique=False)


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_table("improvement_line")
    op.drop_table("dismissal")
    op.drop_table("improvement_agreement")
    op.drop_table("improvement")
    op.drop_table("plan_run")
    op.drop_table("own_rates")
    op.drop_table("market_cursor")
