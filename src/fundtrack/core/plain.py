"""Records as plain text and numbers, and back: the interchange format of DOMAIN section 8.

Money is a decimal string of pounds, shares are percent as a decimal string, dates are ISO, and a
field without a value is left out. Reading lists every fault with its path and loads nothing.
"""

from __future__ import annotations

import itertools
import json
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import (
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from fundtrack.core.errors import Problem
from fundtrack.core.many import made_of
from fundtrack.core.model import LISTS, Change, Organisation, Portfolio, Ref

FORMAT = "fundtrack/1"
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PENCE_PLACES = 2
_KEY_LENGTH = 80
_SMALLEST_YEAR, _LARGEST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What one field of a record holds, read from its annotation in `model`.

    `kind` is one of text, flag, whole, date, pence, percent, number, month, json, choice, record.
    """

    name: str
    attribute: str
    kind: str
    required: bool
    many: bool = False
    choices: tuple[str, ...] = ()
    ref: str | None = None
    record: type | None = None


def specs(cls: type[Any]) -> tuple[FieldSpec, ...]:
    """The fields of a record class, in order."""
    if cls not in _SPECS:
        _SPECS[cls] = _specs(cls)
    return _SPECS[cls]


_SPECS: dict[type[Any], tuple[FieldSpec, ...]] = {}


def _specs(cls: type[Any]) -> tuple[FieldSpec, ...]:
    hints = get_type_hints(cls, include_extras=True)
    return tuple(
        _spec(
            field.name,
            hints[field.name],
            required=field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(cls)
    )


def _spec(attribute: str, hint: Any, *, required: bool) -> FieldSpec:  # noqa: ANN401 (a type)
    many = False
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        many, hint = True, get_args(hint)[0]
    name = attribute.removesuffix("_")
    if get_origin(hint) is Annotated:
        mark = hint.__metadata__[0]
        if isinstance(mark, Ref):
            return FieldSpec(name, attribute, "text", required, many, ref=mark.list)
        return FieldSpec(name, attribute, mark, required, many)
    if get_origin(hint) is Literal:
        return FieldSpec(name, attribute, "choice", required, many, choices=get_args(hint))
    plain_kinds = {str: "text", bool: "flag", int: "whole", date: "date"}
    if hint in plain_kinds:
        return FieldSpec(name, attribute, plain_kinds[hint], required, many)
    return FieldSpec(name, attribute, "record", required, many, record=hint)


# --- writing ---------------------------------------------------------------------------------


def portfolio_to_plain(portfolio: Portfolio) -> dict[str, Any]:
    """The whole book in the interchange format; empty lists are left out."""
    plain: dict[str, Any] = {
        "format": FORMAT,
        "organisation": to_plain(portfolio.organisation),
    }
    for name in LISTS:
        records = portfolio.records(name)
        if records:
            plain[name] = [to_plain(record) for record in records]
    return plain


def to_plain(record: Any) -> dict[str, Any]:  # noqa: ANN401 (any record or part of one)
    """One record, or a part of one, as a plain object."""
    if isinstance(record, Change):
        return _change_to_plain(record)
    plain: dict[str, Any] = {}
    cls: type = type(record)
    parts, values = _writing(cls)
    for (name, many, write), value in zip(parts, values(record), strict=True):
        if value is None or (many and not value):
            continue
        if many:
            plain[name] = list(value) if write is None else [write(part) for part in value]
        else:
            plain[name] = value if write is None else write(value)
    return plain


_Written = tuple[str, bool, "Callable[[Any], Any] | None"]


@cache
def _writing(cls: type) -> tuple[tuple[_Written, ...], Callable[[Any], tuple[Any, ...]]]:
    """How each field of a class is written, and how all of its values are had at once."""
    parts = tuple((spec.name, spec.many, _WRITERS.get(spec.kind)) for spec in specs(cls))
    return parts, values_of(cls)


@cache
def values_of(cls: type) -> Callable[[Any], tuple[Any, ...]]:
    """What gives all values of a record of this class, in the order of its fields."""
    attributes = [spec.attribute for spec in specs(cls)]
    if len(attributes) > 1:
        return attrgetter(*attributes)
    return lambda record: tuple(getattr(record, attribute) for attribute in attributes)


def texts(records: Sequence[Any]) -> list[str]:
    """Many records of one class, each as the text of its plain object in JSON.

    A field is written once for all records that say the same in it, which makes a long import
    several times faster than one record after the other.
    """
    if not records:
        return []
    if type(records[0]) is Change:
        return _change_texts(records)
    return _begun_texts("", records)


def _begun_texts(start: str, records: Sequence[Any]) -> list[str]:
    """The text of each of many records of one class, behind the same start."""
    return [
        text
        for at in range(0, len(records), _AT_ONCE)
        for text in _few_texts(start, records[at : at + _AT_ONCE])
    ]


_AT_ONCE = 512
"""How many records are worked on at once: few enough to be at hand still for their next field."""


def _few_texts(start: str, records: Sequence[Any]) -> list[str]:
    """Join what is the same in all with what each says; what some leave out has its own comma."""
    cls: type = type(records[0])
    parts, values = _writing(cls)
    pieces: list[Iterable[Any]] = []
    same = f"{start}{{"
    for (name, many, write), column in zip(
        parts, zip(*map(values, records), strict=True), strict=True
    ):
        blank = () if many else None
        if column[0] == blank and column.count(blank) == len(column):
            continue
        said = _column_texts(column, write, many=many)
        if all(said):
            quote = '"' if said is column else ""
            same += f'{"," if pieces else ""}"{name}":{quote}'
            pieces += [itertools.repeat(same), said]
            same = quote
        elif pieces:
            own = [f',"{name}":{each}' if each else "" for each in said]
            pieces += [itertools.repeat(same), own]
            same = ""
        else:
            return [f"{start}{_JSON.encode(to_plain(record))}" for record in records]
    if not pieces:
        return [f"{same}}}"] * len(records)
    return list(map("".join, zip(*pieces, itertools.repeat(f"{same}}}"), strict=False)))


def _need_no_quoting(column: Sequence[Any]) -> bool:
    """Whether these are all texts, none of them blank, that stand in JSON as they are."""
    if set(map(type, column)) != {str} or not all(column):
        return False
    joined = "".join(column)
    return len(_quoted(joined)) == len(joined) + len('""')


def _column_texts(
    column: Sequence[Any], write: Callable[[Any], Any] | None, *, many: bool
) -> Sequence[str | None]:
    """What stands in JSON for each value of a field, None where there is none.

    The column itself, where it only lacks the quotes around each.
    """
    if write is None and not many and _need_no_quoting(column):
        return column
    quickly = _WRITERS_AGAIN.get(write) if write else _quoted
    if quickly and not many and (write or {str, type(None)}.issuperset(map(type, column))):
        return [None if value is None else quickly(value) for value in column]
    # By identity: a part of a record takes long to compare, and is often the very same one.
    places = list(map(id, column))
    once = dict(zip(places, column, strict=True))
    said = {
        at: _said(value, write, many=many)
        for at, value in once.items()
        if value is not None and (value or not many)
    }
    return list(map(said.get, places))


def _said(value: Any, write: Callable[[Any], Any] | None, *, many: bool) -> str:  # noqa: ANN401
    if many:
        return _JSON.encode(value if write is None else [write(part) for part in value])
    plain = value if write is None else write(value)
    return _quoted(plain) if type(plain) is str else _JSON.encode(plain)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_quoted = json.encoder.encode_basestring  # what the encoder itself writes a text with


def _change_texts(changes: Sequence[Change]) -> list[str]:
    lists = {name: f'{{"list":{_quoted(name)},"key":' for name in {each.list for each in changes}}
    rows = zip(
        [lists[change.list] for change in changes],
        [_quoted(change.key) for change in changes],
        _side_texts("before", [change.before for change in changes]),
        _side_texts("after", [change.after for change in changes]),
        ["}" if change.at is None else f',"at":{change.at}}}' for change in changes],
        strict=True,
    )
    return list(map("".join, rows))


def _side_texts(side: str, records: Sequence[Any]) -> list[str]:
    """One side of each of many changes, blank where there is no record."""
    said = [""] * len(records)
    by_class: dict[type, list[int]] = {}
    for at, record in enumerate(records):
        if record is not None:
            by_class.setdefault(type(record), []).append(at)
    for places in by_class.values():
        written = _begun_texts(f',"{side}":', [records[at] for at in places])
        for at, text in zip(places, written, strict=True):
            said[at] = text
    return said


def are_kept(records: Sequence[Any]) -> bool:
    """Tell whether records of one class, written and read again, would surely be the same.

    False only means that it has to be tried with each.
    """
    if not records:
        return True
    cls: type = type(records[0])
    known, columns = specs(cls), zip(*map(values_of(cls), records), strict=True)
    try:
        return all(
            _stays(spec, value)
            for spec, column in zip(known, columns, strict=True)
            for value in set(column)
        )
    except _WrongError:
        return False


def _stays(spec: FieldSpec, value: Any) -> bool:  # noqa: ANN401
    if value is None:
        return not spec.required
    if spec.many:
        return all(_stays(replace(spec, many=False), part) for part in value)
    if spec.kind == "record":
        return spec.record is not Change and are_kept((value,))
    if spec.kind in _KEPT:
        return _KEPT[spec.kind](value)
    if spec.kind in ("text", "flag", "whole", "choice"):
        return bool(_READERS[spec.kind](spec, value) == value)
    return False


_KEPT: dict[str, Callable[[Any], bool]] = {
    "date": lambda day: type(day) is date and _SMALLEST_YEAR <= day.year <= _LARGEST_YEAR,
    "month": lambda day: _KEPT["date"](day) and day.day == 1,
    "percent": lambda value: bool(_DECIMAL.fullmatch(decimal_text(value))),
    "number": lambda value: bool(_DECIMAL.fullmatch(decimal_text(value))),
    "pence": lambda pence: type(pence) is int and abs(pence) < 10**15,
}


def value_to_plain(spec: FieldSpec, value: Any) -> Any:  # noqa: ANN401 (any field's value)
    """One value of a field (one part of it, when it holds many) as plain text or number."""
    write = _WRITERS.get(spec.kind)
    return value if write is None else write(value)


def pounds(pence: int) -> str:
    """Pence as a decimal string of pounds: -5 -> "-0.05"."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def decimal_text(value: Decimal) -> str:
    """A decimal without needless zeros: Decimal("33.330") -> "33.33"."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _between_quotes(write: Callable[[Any], str], value: Any) -> str:  # noqa: ANN401
    return f'"{write(value)}"'


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "pence": pounds,
    "percent": decimal_text,
    "number": decimal_text,
    "date": date.isoformat,
    "month": lambda month: f"{month:%Y-%m}",
    "json": json.loads,
    "record": to_plain,
}


_WRITERS_AGAIN: dict[Callable[[Any], Any], Callable[[Any], str]] = {
    write: lru_cache(maxsize=4096)(partial(_between_quotes, write))
    for write in (pounds, date.isoformat, decimal_text)
}
"""How thousands of records that say the same few values have them written in JSON, each once."""


def _change_to_plain(change: Change) -> dict[str, Any]:
    plain: dict[str, Any] = {"list": change.list, "key": change.key}
    if change.before is not None:
        plain["before"] = to_plain(change.before)
    if change.after is not None:
        plain["after"] = to_plain(change.after)
    if change.at is not None:
        plain["at"] = change.at
    return plain


# --- reading ---------------------------------------------------------------------------------


class _WrongError(Exception):
    """A value that cannot be read; says what to write instead."""


def portfolio_from_plain(plain: Any) -> tuple[Portfolio | None, tuple[Problem, ...]]:  # noqa: ANN401
    """A book from the interchange format, or every fault in its shape with its path.

    Only the shape is judged here; `check.check` judges what the records say of each other.
    """
    problems: list[Problem] = []
    if not isinstance(plain, dict):
        return None, (Problem("", "this is not a FundTrack book: expected one object"),)
    if plain.get("format") != FORMAT:
        problems.append(Problem("format", f'expected "{FORMAT}"'))
    problems.extend(Problem(name, "unknown field") for name in plain if name not in _TOP_LEVEL)
    lists: dict[str, Any] = {}
    if "organisation" in plain:
        lists["organisation"] = from_plain(
            Organisation, plain["organisation"], "organisation", problems
        )
    else:
        problems.append(Problem("organisation", "this is required"))
    for name, cls in LISTS.items():
        lists[name] = _records_from_plain(cls, plain.get(name, []), name, problems)
    if problems:
        return None, tuple(problems)
    return Portfolio(**lists), ()


_TOP_LEVEL = frozenset(("format", "organisation", *LISTS))


def _records_from_plain(
    cls: type,
    plain: Any,  # noqa: ANN401 (what a file held)
    path: str,
    problems: list[Problem],
) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        problems.append(Problem(path, "expected a list"))
        return ()
    return tuple(from_plain(cls, item, f"{path}.{at}", problems) for at, item in enumerate(plain))


def from_plain(cls: type, plain: Any, path: str, problems: list[Problem]) -> Any:  # noqa: ANN401
    """A record (or a part of one) from a plain object; faults are added to `problems`.

    Returns None when anything in it is at fault.
    """
    if not isinstance(plain, dict):
        problems.append(Problem(path, "expected an object with named fields"))
        return None
    if cls is Change:
        return _change_from_plain(plain, path, problems)
    try:
        return _without_fault(cls, plain)
    except (_WrongError, KeyError, TypeError):  # read again, for every fault and its path
        pass
    before = len(problems)
    values: dict[str, Any] = {}
    known = specs(cls)
    names = {spec.name for spec in known}
    problems.extend(
        Problem(f"{path}.{name}", "unknown field") for name in plain if name not in names
    )
    for spec in known:
        if spec.name in plain:
            values[spec.attribute] = _field_from_plain(
                spec, plain[spec.name], f"{path}.{spec.name}", problems
            )
        elif spec.required:
            problems.append(Problem(f"{path}.{spec.name}", "this is required"))
    return None if len(problems) > before else cls(**values)


def _without_fault(cls: type, plain: dict[str, Any]) -> Any:  # noqa: ANN401
    """Read what nearly every record is, right in every field; raise at the first that is not."""
    known, required = _reading(cls)
    if not required <= plain.keys():
        raise _WrongError("a field is missing")
    values: dict[str, Any] = {}
    for name, value in plain.items():
        attribute, read = known[name]
        values[attribute] = read(value)
    return cls(**values)


def many_from_plain(cls: type, plains: Sequence[dict[str, Any]]) -> list[Any] | None:
    """Many records of one class, read column by column: each thing in a column once.

    They are what `from_plain` makes of each, in half the time. None where one is at fault.
    """
    names = dict.fromkeys(itertools.chain.from_iterable(plains))
    if plains and not _reading(cls)[1] <= names.keys():
        return None
    if not names:
        return [cls() for _ in plains]
    plain = {name: [each.get(name, _LEFT_OUT) for each in plains] for name in names}
    columns = _columns_from_plain(cls, plain)
    return None if columns is None else made_of(cls, columns)


def columns_from_plain(
    cls: type, plain: Mapping[str, Sequence[Any]]
) -> dict[str, Sequence[Any]] | None:
    """Columns of plain values by field, None where one is left out, as `made_of` has them.

    They hold what `from_plain` makes of each value. None where one is at fault.
    """
    left_out = {
        name: [_LEFT_OUT if value is None else value for value in column]
        if not all(column) and any(value is None for value in column)
        else column
        for name, column in plain.items()
    }
    return _columns_from_plain(cls, left_out)


def _columns_from_plain(
    cls: type, plain: Mapping[str, Sequence[Any]]
) -> dict[str, Sequence[Any]] | None:
    known, required = _reading(cls)
    if not plain.keys() <= known.keys():
        return None
    columns: dict[str, Sequence[Any]] = {}
    for name, column in plain.items():
        attribute, read = known[name]
        default = _LEFT_OUT if name in required else _defaults(cls)[attribute]
        try:
            columns[attribute] = _read_column(cls, name, read, column, default)
        except (_WrongError, KeyError, TypeError):
            return None
    return columns


def _read_column(
    cls: type,
    name: str,
    read: _Read,
    column: Sequence[Any],
    default: Any,  # noqa: ANN401
) -> Sequence[Any]:
    """One field of many records; where it is left out, its default."""
    spec = _texts_of(cls).get(name)
    if spec and _are_texts(spec, column):
        return column
    if hasattr(read, "cache_info") and _LEFT_OUT not in column:
        return list(map(read, column))  # which keeps what it read itself
    once = dict(zip(map(id, column), column, strict=True))
    found = {at: default if value is _LEFT_OUT else read(value) for at, value in once.items()}
    if _LEFT_OUT in found.values():
        raise _WrongError("a field is missing")
    return [found[at] for at in map(id, column)]


@cache
def _texts_of(cls: type) -> dict[str, FieldSpec]:
    return {spec.name: spec for spec in specs(cls) if spec.kind == "text" and not spec.many}


def _are_texts(spec: FieldSpec, column: Sequence[Any]) -> bool:
    """Whether `_text` would return each of these as it is; False only means to ask it."""
    if set(map(type, column)) != {str}:
        return False
    joined = "".join(column)
    if not joined.isascii() or "\x00" in joined:
        return False
    if spec.name == "key":
        return max(map(len, column)) <= _KEY_LENGTH and list(map(str.strip, column)) == [*column]
    return not spec.required or all(map(str.strip, column))


_LEFT_OUT = object()


@cache
def _defaults(cls: type) -> dict[str, Any]:
    return {field.name: field.default for field in fields(cls) if field.default is not MISSING}


_Read = Callable[[Any], Any]


@cache
def _reading(cls: type) -> tuple[dict[str, tuple[str, _Read]], frozenset[str]]:
    """How each field of a record class is read, by name, and which fields it must have."""
    known = {spec.name: (spec.attribute, _reader(spec)) for spec in specs(cls)}
    return known, frozenset(spec.name for spec in specs(cls) if spec.required)


def _reader(spec: FieldSpec) -> _Read:
    if spec.record:
        one: _Read = partial(_part, spec.record)
    else:
        one = partial(_READERS[spec.kind], spec)
        if spec.kind in _SAID_AGAIN or spec.ref:
            one = lru_cache(maxsize=4096, typed=True)(one)
    return partial(_parts, one) if spec.many else one


_SAID_AGAIN = frozenset(("date", "month", "pence", "percent", "number", "choice"))
"""Kinds of which thousands of records say the same few values: each is read once."""


def _parts(read: _Read, plain: Any) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(plain, list):
        raise _WrongError("expected a list")
    return tuple(map(read, plain))


def _part(cls: type, plain: Any) -> Any:  # noqa: ANN401
    if not isinstance(plain, dict):
        raise _WrongError("expected an object with named fields")
    if cls is not Change:
        kinds = tuple(map(type, plain.values()))
        if len(plain) <= _FEW and _SCALARS.issuperset(kinds):
            return _small_part(cls, tuple(plain.items()), kinds)
        return _without_fault(cls, plain)
    problems: list[Problem] = []
    change = _change_from_plain(plain, "", problems)
    if problems:
        raise _WrongError(str(problems[0]))
    return change


_FEW = 4
_SCALARS = frozenset((str, int, bool))


@lru_cache(maxsize=4096)
def _small_part(cls: type, plain: tuple[tuple[str, Any], ...], _kinds: tuple[type, ...]) -> Any:  # noqa: ANN401
    """Read a part of few fields, such as a rhythm of reports: many records share the same.

    Its kinds stand beside it because 1 and true are equal, and are not the same.
    """
    return _without_fault(cls, dict(plain))


def _field_from_plain(
    spec: FieldSpec,
    plain: Any,  # noqa: ANN401 (what a file held)
    path: str,
    problems: list[Problem],
) -> Any:  # noqa: ANN401
    if not spec.many:
        return value_from_plain(spec, plain, path, problems)
    if not isinstance(plain, list):
        problems.append(Problem(path, "expected a list"))
        return ()
    return tuple(
        value_from_plain(spec, part, f"{path}.{at}", problems) for at, part in enumerate(plain)
    )


def value_from_plain(
    spec: FieldSpec,
    plain: Any,  # noqa: ANN401 (what a file held)
    path: str,
    problems: list[Problem],
) -> Any:  # noqa: ANN401
    """One value of a field from plain text or number; a fault is added to `problems`."""
    if spec.kind == "record":
        return from_plain(spec.record, plain, path, problems)  # type: ignore[arg-type]
    try:
        return _READERS[spec.kind](spec, plain)
    except _WrongError as wrong:
        problems.append(Problem(path, str(wrong)))
        return None


def _text(spec: FieldSpec, plain: Any) -> str:  # noqa: ANN401
    if not isinstance(plain, str):
        raise _WrongError("expected text")
    if spec.required and not plain.strip():
        raise _WrongError("this is empty")
    if spec.name == "key" and (len(plain) > _KEY_LENGTH or plain != plain.strip()):
        raise _WrongError(f"a key is at most {_KEY_LENGTH} characters, with no space around it")
    if not plain.isascii():
        _refuse_half_a_character(plain)
    if "\x00" in plain:
        raise _WrongError("this text holds a null character and cannot be kept")
    return plain


def _refuse_half_a_character(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _WrongError("this text holds half a character and cannot be kept") from None


def _flag(_spec: FieldSpec, plain: Any) -> bool:  # noqa: ANN401
    if not isinstance(plain, bool):
        raise _WrongError("expected true or false")
    return plain


def _whole(_spec: FieldSpec, plain: Any) -> int:  # noqa: ANN401
    if not isinstance(plain, int) or isinstance(plain, bool) or abs(plain) > 10**12:
        raise _WrongError("expected a whole number")
    return plain


def _date(_spec: FieldSpec, plain: Any) -> date:  # noqa: ANN401
    if not isinstance(plain, str):
        raise _WrongError(_NO_DATE)
    return _day(plain)


_NO_DATE = 'expected a date such as "2027-03-31"'


def _day(plain: str) -> date:
    if not _DATE.fullmatch(plain):
        raise _WrongError(_NO_DATE)
    try:
        day = date.fromisoformat(plain)
    except ValueError:
        raise _WrongError(f'there is no such day as "{plain}"') from None
    if not _SMALLEST_YEAR <= day.year <= _LARGEST_YEAR:
        raise _WrongError(f"the year {day.year} is outside {_SMALLEST_YEAR} to {_LARGEST_YEAR}")
    return day


def _month(_spec: FieldSpec, plain: Any) -> date:  # noqa: ANN401
    found = _MONTH.fullmatch(plain) if isinstance(plain, str) else None
    if found is None or not 1 <= int(found[2]) <= 12:
        raise _WrongError('expected a month such as "2027-03"')
    if not _SMALLEST_YEAR <= int(found[1]) <= _LARGEST_YEAR:
        raise _WrongError(f"the year {found[1]} is outside {_SMALLEST_YEAR} to {_LARGEST_YEAR}")
    return date(int(found[1]), int(found[2]), 1)


def _decimal(_spec: FieldSpec, plain: Any) -> Decimal:  # noqa: ANN401
    if not isinstance(plain, str) or not _DECIMAL.fullmatch(plain):
        raise _WrongError('expected a decimal number in quotes, such as "33.33"')
    return Decimal(plain)


def _pence(_spec: FieldSpec, plain: Any) -> int:  # noqa: ANN401
    if not isinstance(plain, str) or not _DECIMAL.fullmatch(plain):
        raise _WrongError('expected pounds in quotes, such as "1200.00"')
    exact = Decimal(plain) * 100
    pence = int(exact)
    if exact != pence:
        raise _WrongError("pounds have at most two decimal places")
    return pence


def _choice(spec: FieldSpec, plain: Any) -> str:  # noqa: ANN401
    if plain not in spec.choices:
        raise _WrongError(f"expected one of: {', '.join(spec.choices)}")
    return str(plain)


def _json(_spec: FieldSpec, plain: Any) -> str:  # noqa: ANN401
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


_READERS = {
    "text": _text,
    "flag": _flag,
    "whole": _whole,
    "date": _date,
    "month": _month,
    "percent": _decimal,
    "number": _decimal,
    "pence": _pence,
    "choice": _choice,
    "json": _json,
}


def _change_from_plain(plain: dict[str, Any], path: str, problems: list[Problem]) -> Change | None:
    before = len(problems)
    name = plain.get("list")
    problems.extend(
        Problem(f"{path}.{field}", "unknown field")
        for field in plain
        if field not in ("list", "key", "before", "after", "at")
    )
    cls: type | None = Organisation if name == "organisation" else LISTS.get(str(name))
    if cls is None:
        problems.append(Problem(f"{path}.list", "expected the name of a list, such as awards"))
        return None
    key, at = plain.get("key"), plain.get("at")
    if not isinstance(key, str):
        problems.append(Problem(f"{path}.key", "this is required"))
        key = ""
    if at is not None and (not isinstance(at, int) or isinstance(at, bool) or at < 0):
        problems.append(Problem(f"{path}.at", "expected a whole number, 0 or more"))
    sides = {
        side: from_plain(cls, plain[side], f"{path}.{side}", problems)
        for side in ("before", "after")
        if plain.get(side) is not None
    }
    if not sides and len(problems) == before:
        problems.append(Problem(path, "expected a record before, after, or both"))
    if len(problems) > before:
        return None
    return Change(list=str(name), key=key, at=at, **sides)


def changes_from_plain(plains: Sequence[dict[str, Any]]) -> list[Change] | None:
    """Many changes read together, as `from_plain` reads each; None where one is at fault."""
    columns: dict[str, list[Any]] = {"before": [None] * len(plains), "after": [None] * len(plains)}
    places: dict[tuple[str, str], list[int]] = {}
    for at, plain in enumerate(plains):
        if not _is_plain_change(plain):
            return None
        for side in _SIDES.intersection(plain):
            places.setdefault((side, plain["list"]), []).append(at)
    for (side, name), ats in places.items():
        cls = Organisation if name == "organisation" else LISTS[name]
        made = many_from_plain(cls, [plains[at][side] for at in ats])
        if made is None:
            return None
        for at, record in zip(ats, made, strict=True):
            columns[side][at] = record
    return [
        Change(list=each["list"], key=each["key"], before=before, after=after, at=each.get("at"))
        for each, before, after in zip(plains, columns["before"], columns["after"], strict=True)
    ]


_SIDES = frozenset(("before", "after"))
_OF_A_CHANGE = frozenset(("list", "key", "at", *_SIDES))


def _is_plain_change(plain: Any) -> bool:  # noqa: ANN401
    """Whether a change is put together as one must be; its records are for others to read."""
    if type(plain) is not dict or not plain.keys() <= _OF_A_CHANGE:
        return False
    at, name = plain.get("at"), plain.get("list")
    sides = [plain[side] for side in _SIDES.intersection(plain)]
    return (
        (name == "organisation" or name in LISTS)
        and type(plain.get("key")) is str
        and (at is None or (type(at) is int and at >= 0))
        and bool(sides)
        and all(type(side) is dict for side in sides)
    )
