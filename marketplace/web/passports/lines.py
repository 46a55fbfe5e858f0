"""Lines of lists in a form that works without script: adding one, taking one out, and finding a field by its name."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, HiddenField, RadioField, SelectField

from marketplace.web.passports.steps.step import Line

Sent = MultiDict[str, str]
MOST: Final = 60
"""Lines of one list; a form with more is no form of ours."""

_LINE: Final = re.compile(r"[a-z]+(?:-[0-9]{1,3}-[a-z]+){0,2}-(?P<number>[0-9]{1,3})")
_LIST: Final = re.compile(r"[a-z]+(?:-[0-9]{1,3}-[a-z]+){0,2}")
_ALWAYS_SENT: Final = (HiddenField, SelectField, RadioField)


def next_number(names: Iterable[str], of_list: str) -> int:
    """Return the number that a new line of a list gets, behind those that are there."""
    numbers = re.compile(re.escape(of_list) + r"-([0-9]{1,3})-")
    found = [int(match[1]) for name in names if (match := numbers.match(name))]
    return max(found, default=-1) + 1


def with_line(sent: Sent, of_list: str) -> Sent:
    """Return what was sent with one more, empty, line in a list."""
    more = MultiDict(sent)
    number = next_number(sent, of_list)
    if _LIST.fullmatch(of_list) and number < MOST:
        more[f"{of_list}-{number}-line"] = "1"
    return more


def without_line(sent: Sent, line: str) -> Sent:
    """Return what was sent without one line, such as `sections-0-layers-2`; later lines of its list move up."""
    match = _LINE.fullmatch(line)
    if match is None:
        return sent
    of_list, gone = line[: match.start("number") - 1], int(match["number"])
    numbered = re.compile(re.escape(of_list) + r"-(?P<number>[0-9]{1,3})(?P<rest>-.*)")
    kept: Sent = MultiDict()
    for name, value in sent.items(multi=True):
        found = numbered.fullmatch(name)
        number = int(found["number"]) if found else -1
        if found and number > gone:
            name = f"{of_list}-{number - 1}{found['rest']}"  # noqa: PLW2901 (the same value under its new name)
        if number != gone:
            kept.add(name, value)
    return kept


def without_blank_lines(form: Form, sent: Sent) -> Sent:
    """Return what was sent without the lines in which nothing was typed; `form` is bound to what was sent."""
    for line in sorted(
        _blank(form), key=lambda name: [int(part) for part in re.findall(r"[0-9]+", name)], reverse=True
    ):
        sent = without_line(sent, line)
    return sent


def _blank(form: Form) -> Iterator[str]:
    """Yield the names of the lines in which nothing was typed, the last of a list first."""
    for field in form:
        for entry in reversed(field.entries) if isinstance(field, FieldList) else ():
            if _is_blank(entry.form):
                yield entry.name
            elif not entry.form.stays:
                yield from _blank(entry.form)


def _is_blank(line: Line) -> bool:
    if line.stays:
        return False
    fields = [field for field in line if not isinstance(field, _ALWAYS_SENT)]
    if any(isinstance(field, HiddenField) and field.short_name == "id" and field.data for field in line):
        return False
    return all(_is_empty(field) for field in fields)


def _is_empty(field: Field) -> bool:
    if isinstance(field, FieldList):
        return all(_is_blank(entry.form) for entry in field.entries)
    return not any(str(value).strip() for value in field.raw_data or ())


def find_field(form: Form, name: str) -> Field | None:
    """Return the field of this whole name, such as `composition-0-fraction`, however deep it stands, or None."""
    return next((field for field in _all(form) if field.name == name), None)


def _all(form: Form) -> Iterator[Field]:
    for field in form:
        yield field
        if isinstance(field, FormField):
            yield from _all(field.form)
        for entry in field.entries if isinstance(field, FieldList) else ():
            yield entry
            yield from _all(entry.form)


def names_of(form: Form) -> list[str]:
    """Return the whole names of all fields of a form."""
    return [field.name for field in _all(form)]


def faults(form: Form) -> list[tuple[str, str]]:
    """Return every mistake of a form as (id of the field, sentence), in the order of the fields."""
    told: list[tuple[str, object]] = [(field.id, error) for field in _all(form) for error in _own_errors(field)]
    return [(name, str(error)) for name, error in told]


def _own_errors(field: Field) -> list[object]:
    """Return the mistakes of a field itself: a list also carries those of its lines, as mappings."""
    if isinstance(field, FormField):
        return []
    errors: list[object] = list(field.errors)
    return [error for error in errors if error and not isinstance(error, list | dict | tuple)]
