"""Keep the words of listings where each database can look them up.

The table is no model, because each database has its own kind for it. Both hold the same plain words, made by
`listings.search`; neither database stems or splits them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQLITE = [
    # The row id is the id of the listing. Positions and sizes are left out, because only whole words are looked up.
    "CREATE VIRTUAL TABLE listing_words USING "
    "fts5(words, detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')",
]
_POSTGRESQL = [
    "CREATE TABLE listing_words ("
    "listing_id integer PRIMARY KEY REFERENCES listing (id) ON DELETE CASCADE, words tsvector NOT NULL)",
    "CREATE INDEX ix_listing_words_words ON listing_words USING gin (words)",
]


def upgrade() -> None:
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE listing_words")
