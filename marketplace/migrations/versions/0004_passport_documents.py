"""Give passports their full document: details, evidence as files, tests, signed versions, and where they went.

The table of passports is made anew on SQLite, which cannot change a check: a passport of which everything went on
into others has a quantity of zero.
"""

import sqlalchemy as sa
from alembic import op

from marketplace.kit.database import ExactDecimal, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = [
    "claim ADD COLUMN method VARCHAR(120) DEFAULT '' NOT NULL",
    "claim ADD COLUMN document_id INTEGER CONSTRAINT fk_claim_document_id REFERENCES evidence_document (id)",
    "claim ADD COLUMN person_id INTEGER CONSTRAINT fk_claim_person_id REFERENCES user_account (id)",
    "hazard_finding ADD COLUMN laboratory VARCHAR(120) DEFAULT '' NOT NULL",
    "hazard_finding ADD COLUMN unit VARCHAR(20) DEFAULT '' NOT NULL",
    "hazard_finding ADD COLUMN permission VARCHAR(120) DEFAULT '' NOT NULL",
    "hazard_finding ADD COLUMN document_id INTEGER "
    "CONSTRAINT fk_hazard_finding_document_id REFERENCES evidence_document (id)",
    "passport ADD COLUMN details TEXT DEFAULT '{}' NOT NULL",
    "passport ADD COLUMN owner_id INTEGER CONSTRAINT fk_passport_owner_id REFERENCES organisation (id)",
]
_STATUS = "status IN ('draft', 'published', 'withdrawn', 'replaced', 'destroyed')"
_LEFT = "quantity > 0 OR status = 'replaced' OR status = 'destroyed'"
_CHANGED = [
    ("ck_passport_quantity", "quantity >= 0"),
    ("ck_passport_quantity_left", _LEFT),
    ("ck_passport_passportstatus", _STATUS),
]
_FOR_EVER = ("passport_version", "passport_withdrawal", "lineage_link", "passport_loss")
"""Tables that only grow: their rows are what was signed, or what the balance of a lineage rests on."""


def upgrade() -> None:
    _create_tables()
    for statement in _COLUMNS:
        op.execute(f"ALTER TABLE {statement}")
    op.add_column("hazard_finding", sa.Column("value", ExactDecimal(14, 3), nullable=True))
    op.execute("UPDATE passport SET owner_id = issuer_id")
    _change_checks()
    op.create_index(op.f("ix_passport_owner_id"), "passport", ["owner_id"], unique=False)
    _refuse_changes()


def _change_checks() -> None:
    """Replace what may be true of a passport; on SQLite that makes the table anew."""
    with op.batch_alter_table("passport") as batch:
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=False)
        for name in ("ck_passport_quantity", "ck_passport_passportstatus"):
            batch.drop_constraint(op.f(name), type_="check")
        for name, condition in _CHANGED:
            batch.create_check_constraint(op.f(name), sa.text(condition))


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in _FOR_EVER:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def _create_tables() -> None:
    op.create_table(
        "evidence_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pdf", "photo", name="documentkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_evidence_document_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_document")),
        sa.UniqueConstraint("key", name=op.f("uq_evidence_document_key")),
        sa.UniqueConstraint("passport_id", "sha256", name=op.f("uq_evidence_document_passport_id_sha256")),
    )
    op.create_index(op.f("ix_evidence_document_passport_id"), "evidence_document", ["passport_id"], unique=False)
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("where", sa.String(length=120), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["into_id"], ["passport.id"], name=op.f("fk_installation_into_id")),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_installation_passport_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_installation_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_index(op.f("ix_installation_into_id"), "installation", ["into_id"], unique=False)
    op.create_index(op.f("ix_installation_passport_id"), "installation", ["passport_id"], unique=False)
    op.create_index(op.f("ix_installation_project_id"), "installation", ["project_id"], unique=False)
    op.create_index(
        "uq_installation_open",
        "installation",
        ["passport_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "lineage_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "split",
                "merge",
                "harvest",
                "mill",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("quantity", ExactDecimal(14, 3), nullable=False),
        sa.Column("mass_kg", ExactDecimal(14, 3), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("parent_id <> child_id", name=op.f("ck_lineage_link_two_passports")),
        sa.CheckConstraint("quantity > 0 AND mass_kg > 0", name=op.f("ck_lineage_link_amount")),
        sa.ForeignKeyConstraint(["child_id"], ["passport.id"], name=op.f("fk_lineage_link_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["passport.id"], name=op.f("fk_lineage_link_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_link")),
        sa.UniqueConstraint("parent_id", "child_id", "part", name=op.f("uq_lineage_link_parent_id_child_id_part")),
    )
    op.create_index(op.f("ix_lineage_link_child_id"), "lineage_link", ["child_id"], unique=False)
    op.create_table(
        "passport_loss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("quantity", ExactDecimal(14, 3), nullable=False),
        sa.Column("mass_kg", ExactDecimal(14, 3), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_passport_loss_quantity")),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_passport_loss_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_loss")),
    )
    op.create_index(op.f("ix_passport_loss_passport_id"), "passport_loss", ["passport_id"], unique=False)
    op.create_table(
        "passport_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("jwt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_passport_version_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_version")),
        sa.UniqueConstraint("passport_id", "number", name=op.f("uq_passport_version_passport_id_number")),
    )
    op.create_table(
        "material_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.String(length=80), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=120), nullable=False),
        sa.Column("laboratory", sa.String(length=120), nullable=False),
        sa.Column("report", sa.String(length=80), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["evidence_document.id"], name=op.f("fk_material_test_document_id")),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_material_test_passport_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name=op.f("fk_material_test_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_test")),
    )
    op.create_index(op.f("ix_material_test_passport_id"), "material_test", ["passport_id"], unique=False)
    op.create_table(
        "passport_withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_passport_withdrawal_passport_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_withdrawal")),
        sa.UniqueConstraint("passport_id", name=op.f("uq_passport_withdrawal_passport_id")),
    )


def downgrade() -> None:
    raise NotImplementedError("What was signed is not thrown away: go back to a copy of the database instead.")
