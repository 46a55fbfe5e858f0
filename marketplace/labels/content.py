"""What a label says and where each text stands on it, for whichever printer. Pure; all sizes in mm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from marketplace.labels.layout import Box, Layout
from marketplace.labels.setting import Measure, Text, cut, fitted, height_of, stacked, wrapped
from marketplace.labels.words import Words, words

_POINT: Final = 25.4 / 72
_SMALLEST_NAME: Final = 5.5 * _POINT
_SMALLEST_FACT: Final = 4.8 * _POINT
_CAPTION: Final = 0.68
_QUANTITY: Final = 1.55
_GAP: Final = 0.55
_HELD: Final = "\N{NO-BREAK SPACE}"
_SPACES: Final = frozenset((_HELD, "\N{NARROW NO-BREAK SPACE}"))


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label, in the language of who prints it; empty texts are left out.

    `address` goes into the QR code, `code` is printed in groups under it. `language` is nl, en or both, which names
    each fact in both languages.
    """

    address: str
    code: str
    name: str
    dimensions: str
    quantity: str
    place: str
    owner: str
    language: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A label that is printed ahead: a code that no passport has yet, and lines to write on. `language` as of Label."""

    address: str
    code: str
    language: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A level line to write on, from `x` for `width`."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class _Fact:
    term: str
    text: str
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class _Manner:
    """A way to set the facts: the letter size, the lines a fact may take (0: as many as it needs), named or not."""

    size: float
    most_lines: int = 0
    with_terms: bool = True


def texts(label: Label | Blank, boxes: Layout, measure: Measure) -> list[Text]:
    """Return the texts of a label in the order in which they are read; each stays within its box."""
    terms = words(label.language)
    name = _name(terms.blank if isinstance(label, Blank) else cleaned(label.name), boxes, measure)
    boxes = _after(name, boxes)
    if isinstance(label, Blank):
        return [name, *_captions(terms, boxes.facts, measure), _code(label, boxes, measure)]
    return [name, *_facts(label, terms, boxes, measure), _code(label, boxes, measure)]


def cleaned(text: str) -> str:
    """Return `text` without line ends and characters that no printer can show."""
    return "".join(sign if sign.isprintable() or sign in _SPACES else " " for sign in text).strip()


def rules(label: Label | Blank, boxes: Layout, measure: Measure) -> list[Rule]:
    """Return the lines to write on, which only a blank label has."""
    if isinstance(label, Label):
        return []
    box = _after(_name(words(label.language).blank, boxes, measure), boxes).facts
    return [Rule(box.x, round(box.y + box.height * part / 3, 3), box.width) for part in (1, 2, 3)]


def _name(text: str, boxes: Layout, measure: Measure) -> Text:
    largest = min(0.52 * boxes.name.height, 0.13 * boxes.name.width)
    return fitted(text, boxes.name, _falling(largest, _SMALLEST_NAME), measure, is_bold=True)


def _after(name: Text, boxes: Layout) -> Layout:
    """Return the boxes with the facts beginning where the name ends, if they stand under it."""
    facts = boxes.facts
    if not boxes.facts_follow:
        return boxes
    top = min(facts.y, name.y + name.height + 0.35 * name.size)
    return replace(boxes, facts=replace(facts, y=top, height=facts.bottom - top))


def _code(label: Label | Blank, boxes: Layout, measure: Measure) -> Text:
    lines = _groups(label.code, boxes.code_lines)
    size = min([boxes.code_size, *(boxes.code.width / measure(line, True) for line in lines)])  # noqa: FBT003 (bold)
    is_centred = boxes.code_is_centred
    x = boxes.code.x + (boxes.code.width / 2 if is_centred else 0)
    text = Text(x, 0, size, is_bold=True, lines=lines, is_centred=is_centred)
    return replace(text, y=boxes.code.bottom - (height_of(len(lines)) - 0.16) * size)


def _groups(code: str, count: int) -> tuple[str, ...]:
    """Return the printed code on one line, or on two with the hyphen at the end of the first."""
    groups = code.split("-")
    if count == 1 or len(groups) == 1:
        return (code,)
    half = len(groups) // 2
    return ("-".join(groups[:half]) + "-", "-".join(groups[half:]))


def _captions(terms: Words, box: Box, measure: Measure) -> list[Text]:
    size = max(min(box.height / 9.5, box.width / 9), 4.2 * _POINT)
    return [
        replace(cut(term, box, size, measure, is_bold=False), y=box.y + box.height * part / 3 + 0.6 * size)
        for part, term in enumerate((terms.what, terms.quantity, terms.place))
    ]


def _facts(label: Label, terms: Words, boxes: Layout, measure: Measure) -> list[Text]:
    """Return the facts at the largest size at which they fit; at the smallest, they are cut off more and more."""
    told = _told(label, terms)
    columns = _columns(boxes, told)
    placed: list[list[Text]] = []
    for manner in _manners(boxes):
        placed = [_column(facts, box, manner, measure) for box, facts in columns]
        if all(_is_within(texts_, box, measure) for texts_, (box, _) in zip(placed, columns, strict=True)):
            break
    return [text for column in placed for text in column]


def _told(label: Label, terms: Words) -> list[_Fact]:
    """Return the facts that are known; the unit of a figure stays on the line of its figure."""
    quantity, dimensions = (_HELD.join(cleaned(text).rsplit(" ", 1)) for text in (label.quantity, label.dimensions))
    facts = (
        _Fact(terms.quantity, quantity, is_large=True),
        _Fact(terms.dimensions, dimensions),
        _Fact(terms.place, cleaned(label.place)),
        _Fact(terms.owner, cleaned(label.owner)),
    )
    return [fact for fact in facts if fact.text]


def _manners(boxes: Layout) -> Iterator[_Manner]:
    box, columns = boxes.facts, boxes.fact_columns
    largest = min(0.16 * box.height * columns, 0.16 * box.width / columns, 0.075 * boxes.qr.width)
    yield from (_Manner(size) for size in _falling(largest, _SMALLEST_FACT))
    yield from (_Manner(_SMALLEST_FACT, lines) for lines in (3, 2, 1))
    yield from (_Manner(_SMALLEST_FACT, lines, with_terms=False) for lines in (2, 1))


def _columns(boxes: Layout, told: Sequence[_Fact]) -> list[tuple[Box, Sequence[_Fact]]]:
    box = boxes.facts
    if boxes.fact_columns == 1:
        return [(box, told)]
    gap = 0.04 * box.width
    width = (box.width - gap) / 2
    left, right = replace(box, width=width), replace(box, x=box.x + width + gap, width=width)
    return [(left, told[:2]), (right, told[2:])]


def _column(facts: Sequence[_Fact], box: Box, manner: _Manner, measure: Measure) -> list[Text]:
    parts, gaps, size = [], [], manner.size
    for fact in facts:
        if manner.with_terms:
            parts.append(cut(fact.term, replace(box, height=size), _CAPTION * size, measure, is_bold=False))
            gaps.append(_GAP * size if len(parts) > 1 else 0)
        parts.append(_value(fact, box, manner, measure))
        gaps.append(0.16 * size)
    return stacked(parts, gaps, box.y)


def _value(fact: _Fact, box: Box, manner: _Manner, measure: Measure) -> Text:
    """Return the text of a fact; where lines are scarce, a large one becomes smaller before it is cut off."""
    large = manner.size * (_QUANTITY if fact.is_large else 1)
    if not manner.most_lines:
        lines = wrapped(fact.text, box.width / large, measure, is_bold=fact.is_large)
        return Text(box.x, box.y, large, fact.is_large, lines)
    room = replace(box, height=height_of(manner.most_lines) * manner.size)
    return fitted(fact.text, room, _falling(large, manner.size), measure, is_bold=fact.is_large)


def _is_within(placed: Sequence[Text], box: Box, measure: Measure) -> bool:
    """Tell whether the texts end above the bottom and no word reaches over the side."""
    if placed and placed[-1].y + placed[-1].height > box.bottom + 0.01:
        return False
    return all(measure(line, text.is_bold) * text.size <= box.width + 0.01 for text in placed for line in text.lines)


def _falling(largest: float, smallest: float) -> list[float]:
    sizes = [max(largest, smallest)]
    while sizes[-1] > smallest:
        sizes.append(max(smallest, 0.92 * sizes[-1]))
    return sizes
