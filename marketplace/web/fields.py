"""Form fields that read what people type, and say at the field what cannot be right."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from flask_babel import gettext
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput, Input, TextInput

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.measures import parse_millimetres, parse_money
from marketplace.kit.places import NamedPlace, find_place, suggest_places
from marketplace.kit.quantities import LARGEST, parse_decimal, written_decimal
from marketplace.materials.meaning import resolve
from marketplace.materials.vocabulary import Category, find_category
from marketplace.web.errors import sentence
from marketplace.web.filters import language, number, typed

_LONGEST: Final = 60
_FIRST_YEAR: Final = 1000
Read = TypeVar("Read")


class TypedField(Field):
    """Read one line of text as a value; an empty line is None. A subclass says how in `read` and `written`."""

    widget: Input = TextInput()
    data: Any

    def read(self, text: str) -> object:
        """Return the value of a text that is not empty, or raise ValueError with a sentence."""
        raise NotImplementedError

    def written(self, value: Any) -> str:  # noqa: ANN401 (what `read` returns)
        """Return the value as a person would type it."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was sent; the text itself is kept, so that a mistake can be corrected where it stands."""
        if not valuelist:
            return
        self.data = None
        if text := valuelist[0].strip():
            self.data = self.read(text)


class DecimalField(TypedField):
    """Read a number as the reader's language writes it, exactly: '1.234,5', in English '1,234.5'."""

    decimals: int = 3

    def read(self, text: str) -> Decimal:
        number = _understood(parse_decimal, text)
        if abs(number) > LARGEST:
            raise ValueError(gettext("Dit getal is te groot."))
        if number != round(number, self.decimals):
            raise ValueError(gettext("Gebruik ten hoogste %(most)s cijfers achter de komma.", most=self.decimals))
        return number

    def written(self, value: Decimal) -> str:
        return typed(value)


class QuantityField(DecimalField):
    """Read how much of something: more than nothing, with at most three decimals."""

    def read(self, text: str) -> Decimal:
        number = super().read(text)
        if number <= 0:
            raise ValueError(gettext("Vul een hoeveelheid groter dan nul in."))
        return number


class MoneyField(DecimalField):
    """Read an amount in euros: '12,50', '€ 1.234,50', '12,-' or 'gratis'."""

    def read(self, text: str) -> Decimal:
        return _understood(parse_money, text)

    def written(self, value: Decimal) -> str:
        return written_decimal(value, language())


class MillimetreField(TypedField):
    """Read a size in whole millimetres; 'cm' or 'm' behind the number is understood."""

    def read(self, text: str) -> int:
        return _understood(parse_millimetres, text)


class OptionalIntField(TypedField):
    """Read a whole number, such as a year, kilometres or `1.250` m2, between two ends that both count."""

    def __init__(self, *arguments: Any, least: int = 0, most: int = 1_000_000, **more: Any) -> None:  # noqa: ANN401 (passed on to wtforms)
        super().__init__(*arguments, **more)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        try:
            found = parse_decimal(text, language=language())
        except InvalidInputError:
            found = None
        if found is None or found != round(found) or not self.least <= found <= self.most:
            # A year is not grouped.
            least, most = (self.least, self.most) if self.least >= _FIRST_YEAR else map(number, (self.least, self.most))
            raise ValueError(
                gettext("Vul een heel getal in van %(least)s tot en met %(most)s.", least=least, most=most)
            )
        return int(found)


class DayField(TypedField):
    """Read a day as the browser sends it, 2027-03-12, or as it is typed, 12-3-2027."""

    widget = DateInput()

    def read(self, text: str) -> date:
        for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
            try:
                day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no time zone)
            except ValueError:
                continue
            if 1900 <= day.year <= 2200:
                return day
        raise ValueError(gettext("Vul een dag in als dag-maand-jaar, zoals 12-3-2027."))

    def written(self, value: date) -> str:
        return value.isoformat()


class PlaceField(TypedField):
    """Read the name of a town or village in the Netherlands; the value is a `NamedPlace`."""

    def read(self, text: str) -> NamedPlace:
        if place := find_place(text):
            return place
        near = ", ".join(place.name for place in suggest_places(text[:_LONGEST], 3))
        if near:
            raise ValueError(
                gettext("We kennen geen plaats “%(text)s”. Bedoelt u %(near)s?", text=text[:_LONGEST], near=near)
            )
        raise ValueError(
            gettext("We kennen geen plaats “%(text)s”. Vul een woonplaats in Nederland in.", text=text[:_LONGEST])
        )

    def written(self, value: NamedPlace) -> str:
        return value.name


class PhotosField(MultipleFileField):
    """Take several photos; what is in them is judged by the action."""

    data: list[FileStorage] | None

    def contents(self) -> list[bytes]:
        """Return the bytes of each photo, from its beginning however often this is asked."""
        return [_whole(upload) for upload in self.data or [] if isinstance(upload, FileStorage) and upload]


class CategoryField(Field):
    """Read a kind of material from what was typed, in `NAME_text`, and from what was chosen below it, in `NAME`.

    The value is a `Category`. What was typed counts without a choice where it names one kind; where it may name
    several they stand in `hits`, to be chosen from.
    """

    widget = TextInput()
    data: Category | None
    text: str = ""
    hits: tuple[Category, ...] = ()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ANN401 (as in wtforms)
        """Take the typed text along before the chosen id is read."""
        typed = formdata.getlist(f"{self.name}_text") if formdata is not None else []
        self.text = " ".join(" ".join(typed).split())[:_LONGEST]
        super().process(formdata, data, extra_filters)
        if formdata is None and self.data is not None:
            self.text, self.hits = self.data.name(), (self.data,)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Resolve what was typed and chosen. Raises ValueError with a sentence where that names no single kind."""
        chosen = find_category(valuelist[0]) if valuelist else None
        self.data, self.hits = resolve(self.text, chosen)

    def pre_validate(self, _form: object) -> None:
        """Say why there is no kind. Raises ValidationError with a sentence."""
        if self.data is not None:
            return
        if not self.text:
            raise ValidationError(gettext("Vul in wat het is, zoals binnendeur of kanaalplaat."))
        if self.hits:
            raise ValidationError(
                gettext("“%(text)s” kan van alles zijn. Kies hieronder wat u bedoelt.", text=self.text)
            )
        raise ValidationError(
            gettext("Niets gevonden voor “%(text)s”. Probeer een ander woord, zoals binnendeur.", text=self.text)
        )

    def _value(self) -> str:
        return self.data.id if self.data else ""


def _whole(upload: FileStorage) -> bytes:
    upload.stream.seek(0)
    return upload.stream.read()


def _understood(read: Callable[..., Read], text: str) -> Read:
    try:
        return read(text, language=language())
    except InvalidInputError as error:
        raise ValueError(sentence(error)) from error
