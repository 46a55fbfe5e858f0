"""The drawing of a family: as narrow as a phone, in order, and true to what it is given."""

import re
from xml.etree import ElementTree

from marketplace.web.drawings.tree import WIDTH, Card, Edge, tree

SVG = "{http://www.w3.org/2000/svg}"


def drawn(cards, edges=()):
    text = tree(cards, edges, label="Stamboom").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(text)  # noqa: S314 (made by the function under test)


def boxes(svg):
    return [tuple(int(box.get(side)) for side in ("x", "y", "width", "height")) for box in svg.iter(f"{SVG}rect")]


def card(key, depth, **more):
    return Card(key, depth, **{"name": f"Deur {key}", "text": "12 st", "url": f"/ID/{key}"} | more)


def test_cards_stand_under_each_other_and_each_generation_further_in():
    svg = drawn([card(1, 0), card(2, 1), card(3, 2)], [Edge(1, 2, "4 st"), Edge(2, 3, "2 st")])
    tops = [(x, y) for x, y, _, _ in boxes(svg)]
    assert tops == sorted(tops)
    assert len({x for x, _ in tops}) == 3
    words = [text.text for text in svg.iter(f"{SVG}text")]
    assert words == ["Deur 1", "12 st", "4 st", "Deur 2", "12 st", "2 st", "Deur 3", "12 st"]


def test_nothing_stands_outside_the_paper_however_deep_or_long():
    cards = [card(key, key, name="w" * 200, text="i" * 200) for key in range(12)]
    edges = [Edge(key, key + 1, "x" * 200) for key in range(11)]
    svg = drawn(cards, edges)
    height = int(svg.get("height"))
    assert all(x >= 0 and x + width <= WIDTH and y + high <= height for x, y, width, high in boxes(svg))
    assert all(len(text.text) * 6 + int(text.get("x")) < WIDTH for text in svg.iter(f"{SVG}text"))
    assert all(text.text.endswith("…") for text in svg.iter(f"{SVG}text"))


def test_a_card_of_several_parents_has_a_line_from_each():
    svg = drawn([card(1, 0), card(2, 0), card(3, 1)], [Edge(1, 3, "4 st"), Edge(2, 3, "6 st")])
    lines = [path.get("d") for path in svg.iter(f"{SVG}path") if path.get("class") == "family__line"]
    starts = {re.match(r"M\d+ (\d+)", line).group(1) for line in lines}
    assert len(starts) == 2


def test_an_edge_from_what_is_not_shown_is_left_out():
    assert not list(drawn([card(2, 1)], [Edge(1, 2, "4 st")]).iter(f"{SVG}path"))


def test_the_present_one_is_no_link_and_what_is_built_in_is_dashed():
    svg = drawn([card(1, 0, is_present=True), card(2, 0, built_in=True), card(3, 0, is_over=True, url=None)])
    assert [link.get("href") for link in svg.iter(f"{SVG}a")] == ["/ID/2"]
    assert [element.get("class").split()[1:] for element in svg] == [
        ["family__card--present"],
        ["family__card--built-in"],
        ["family__card--over"],
    ]
