"""The search index of listings, which is no model: each database has its own kind of table for it.

Both keep the same plain words, made by `listings.search`; neither database stems or splits them.
"""

UPGRADE: dict[str, list[str]] = {
    # The row id is the id of the listing. Positions and sizes are left out, because only whole words are looked up.
    "sqlite": [
        "CREATE VIRTUAL TABLE listing_words USING "
        "fts5(words, detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')",
    ],
    "postgresql": [
        "CREATE TABLE listing_words ("
        "listing_id integer PRIMARY KEY REFERENCES listing (id) ON DELETE CASCADE, words tsvector NOT NULL)",
        "CREATE INDEX ix_listing_words_words ON listing_words USING gin (words)",
    ],
}

DOWNGRADE: dict[str, list[str]] = {
    "sqlite": ["DROP TABLE listing_words"],
    "postgresql": ["DROP TABLE listing_words"],
}
