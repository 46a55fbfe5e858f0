"""The drawings of a road: the block of its layers and the strip of its sections."""

import re
from xml.etree import ElementTree as ET

import pytest

from marketplace.passports.details import LayerKind
from marketplace.web.drawings.road import HEAD, ROW, Block, BlockWords, Slab, block, sheet_height
from marketplace.web.drawings.road_strip import Stretch, strip

SVG = "{http://www.w3.org/2000/svg}"
FIVE = [
    Slab(LayerKind.SURFACE, 35),
    Slab(LayerKind.BINDER, 60),
    Slab(LayerKind.BASE, 70),
    Slab(LayerKind.FOUNDATION, 250),
    Slab(LayerKind.SAND_BED, 1500),
]
WORDS = BlockWords("Doorsnede van het wegvak", "7,00 m", "Dikten niet op schaal.")


def parse(svg: str) -> ET.Element:
    return ET.fromstring(re.sub(r"^<(\w+)", r'<\1 xmlns="http://www.w3.org/2000/svg"', svg))  # noqa: S314 - our own drawing, not a document from outside


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in parse(svg).iter(f"{SVG}text")]


def of_class(svg: str, name: str) -> list[ET.Element]:
    return [element for element in parse(svg).iter() if name in (element.get("class") or "").split()]


def sheets(drawn: Block) -> list[str]:
    return [drawn.shared, drawn.wide, drawn.narrow]


def stretch(number, start, end, *, chosen=False, reclaimed="50 %", year="2026") -> Stretch:
    return Stretch(
        id=str(number),
        name=f"vak {number}",
        title=f"Wegvak {number}",
        url=f"?vak={number}",
        start=f"{start:.1f}".replace(".", ","),
        end=f"{end:.1f}".replace(".", ","),
        length=end - start,
        year=year,
        reclaimed=reclaimed,
        is_chosen=chosen,
    )


class TestBlock:
    def test_each_layer_has_three_faces_a_thickness_and_a_leader(self):
        drawn = block(FIVE, WORDS)
        assert len(of_class(drawn.shared, "road-block__face")) == 3 * 5
        assert len(of_class(drawn.wide, "road-block__dot")) == 5
        assert texts(drawn.wide) == ["35", "60", "70", "250", "1.500", "mm", "7,00 m", "Dikten niet op schaal."]

    def test_the_narrow_sheet_numbers_the_layers_instead(self):
        narrow = block(FIVE, WORDS).narrow
        assert not of_class(narrow, "road-block__dot")
        assert [badge.text for badge in of_class(narrow, "road-block__badge-number")] == ["1", "2", "3", "4", "5"]

    def test_leaders_end_in_the_middle_of_the_rows_beside_the_drawing(self):
        wide = block(FIVE, WORDS).wide
        assert parse(wide).get("viewBox") == f"0 0 700 {HEAD + 6 * ROW}"
        dots = [float(dot.get("cy") or 0) for dot in of_class(wide, "road-block__dot")]
        assert dots == sorted(dots)
        lines = [line.get("d") or "" for line in of_class(wide, "road-block__line")][-5:]
        assert all(line.endswith("24 0") for line in lines)

    def test_it_says_what_it_shows_to_who_cannot_see_it(self):
        for sheet in block(FIVE, WORDS)[1:]:
            assert parse(sheet).get("role") == "img"
            assert parse(sheet).get("aria-label") == "Doorsnede van het wegvak"

    @pytest.mark.parametrize("kind", list(LayerKind))
    def test_a_single_layer_of_any_kind_is_a_drawing(self, kind):
        drawn = block([Slab(kind, 40)], WORDS)
        assert len(of_class(drawn.shared, "road-block__face")) == 3
        assert "40" in texts(drawn.wide)

    @pytest.mark.parametrize("count", [1, 5, 12])
    def test_many_thick_layers_stay_on_their_paper(self, count):
        wide = block([Slab(LayerKind.FOUNDATION, 5000)] * count, WORDS).wide
        ends = [float(text.get("y") or 0) for text in parse(wide).iter(f"{SVG}text")]
        assert min(ends) > 0
        assert max(ends) < sheet_height(count)

    def test_only_a_sand_bed_under_other_layers_is_broken_off(self):
        assert of_class(block(FIVE, WORDS).shared, "road-block__break")
        assert not of_class(block(FIVE[:4], WORDS).shared, "road-block__break")
        assert not of_class(block(FIVE[4:], WORDS).shared, "road-block__break")

    def test_only_a_surface_has_white_lines(self):
        assert block(FIVE, WORDS).shared.count("#F4F1E8") == 3
        assert "#F4F1E8" not in block(FIVE[1:], WORDS).shared

    def test_it_is_always_the_same_small_and_safe_under_a_strict_policy(self):
        drawn = block(FIVE, WORDS)
        assert drawn == block(FIVE, WORDS)
        assert sum(map(len, sheets(drawn))) < 60_000
        for sheet in sheets(drawn):
            assert not re.search(r"\bstyle\s*=|<style|<script|url\(|\bon\w+=|nan|inf", sheet)

    def test_words_are_text(self):
        for sheet in block(FIVE, BlockWords("<b>", '"><script>', "a & b"))[1:]:
            parse(sheet)
            assert "<script" not in sheet


class TestStrip:
    def test_each_section_is_a_link_with_its_year_and_share(self):
        wide, narrow = strip([stretch(1, 12.4, 13.1), stretch(2, 13.1, 14.0, reclaimed="", year="1998")])
        links = of_class(wide, "road-strip__section")
        assert [(link.get("href"), link.get("aria-label")) for link in links] == [
            ("?vak=1", "Wegvak 1"),
            ("?vak=2", "Wegvak 2"),
        ]
        assert texts(wide) == ["vak 1", "2026, 50 %", "vak 2", "1998", "hm 12,4", "hm 13,1", "hm 14,0"]
        assert texts(narrow) == ["1", "2026", "50 %", "2", "1998", "12,4", "13,1", "14,0"]

    def test_only_what_holds_reclaimed_material_is_green(self):
        wide, _ = strip([stretch(1, 12.4, 13.1), stretch(2, 13.1, 14.0, reclaimed="")])
        assert len(of_class(wide, "road-strip__reclaimed")) == 1

    def test_the_chosen_section_is_marked_and_framed_over_its_neighbours_in_the_order_of_the_road(self):
        wide, _ = strip([stretch(1, 1, 2, chosen=True), stretch(2, 2, 3)])
        links = of_class(wide, "road-strip__section")
        assert [link.get("aria-current") for link in links] == ["true", None]
        (frame,) = of_class(wide, "road-strip__chosen")
        assert frame.get("width") == of_class(wide, "road-strip__frame")[0].get("width")
        assert wide.index("road-strip__chosen") > wide.rindex("</a>")

    def test_sections_are_as_long_as_they_are_but_never_too_small_to_touch(self):
        wide, narrow = strip([stretch(1, 0.0, 0.1), stretch(2, 0.1, 10.0)])
        for drawn, least in ((wide, 60), (narrow, 20)):
            widths = [float(frame.get("width") or 0) for frame in of_class(drawn, "road-strip__frame")]
            assert least <= widths[0] < widths[1]

    def test_sections_that_do_not_join_leave_a_gap_with_two_posts(self):
        wide, _ = strip([stretch(1, 1.0, 2.0), stretch(2, 3.0, 4.0)])
        first, second = of_class(wide, "road-strip__frame")
        end = float(first.get("x") or 0) + float(first.get("width") or 0)
        assert float(second.get("x") or 0) == pytest.approx(end + 24, abs=0.2)

    def test_numbers_without_room_are_left_out_but_never_those_of_the_ends(self):
        many = [stretch(number, number / 10, (number + 1) / 10) for number in range(10, 30)]
        _, narrow = strip(many)
        posts = [post.text for post in of_class(narrow, "road-strip__post")]
        assert posts[0] == "1,0"
        assert posts[-1] == "3,0"
        assert len(posts) < 12

    def test_it_is_safe_under_a_strict_policy(self):
        for drawn in strip([stretch(1, 1, 2)._replace(name="<script>", url='"><b>')]):
            parse(drawn)
            assert not re.search(r"\bstyle\s*=|<style|<script|url\(|\bon\w+=", drawn)
