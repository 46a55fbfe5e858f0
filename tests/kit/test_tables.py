"""The tables that come with the package are read whole."""

from marketplace.kit.tables import read_table


def test_a_table_gives_its_rows_by_column_and_keeps_blanks():
    rows = {row["key"]: row for row in read_table("marketplace.impact", "transport")}
    assert rows["truck_local_fossil_diesel"]["value"] == "0.238"
    assert rows["mki_gwp_weight_set1"]["value"] == ""
