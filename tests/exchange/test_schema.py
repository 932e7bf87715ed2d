import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from fundtrack import app
from fundtrack.core.model import LISTS, Change, Organisation
from fundtrack.core.outlook import outlook, to_plain
from fundtrack.core.plain import portfolio_from_plain, specs
from fundtrack.exchange.schema import BOOK_SCHEMA, OUTLOOK_SCHEMA, as_text, book_schema, shipped
from tests.peers import shared

BOOKS = sorted((Path(__file__).parents[1] / "data" / "books").glob("*.book.json"))
SCHEMAS = Path(__file__).parents[2] / "resources"


def faults(name: str, value: Any) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(shipped(name), validate_formats=True)
    return [f"{fault.instance_path}: {fault.message}" for fault in validator.iter_errors(value)]


def test_the_shipped_schema_of_a_book_is_what_the_records_say() -> None:
    """If not: `python -m fundtrack.exchange.schema > resources/schema/fundtrack-1.schema.json`."""
    assert (SCHEMAS / BOOK_SCHEMA).read_text(encoding="utf-8") == as_text(book_schema())


@pytest.mark.parametrize("name", [BOOK_SCHEMA, OUTLOOK_SCHEMA])
def test_a_schema_is_itself_as_the_draft_has_it(name: str) -> None:
    jsonschema_rs.meta.validate(shipped(name))


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_every_whole_book_is_as_the_schema_has_it(book: Path) -> None:
    assert faults(BOOK_SCHEMA, json.loads(book.read_bytes())) == []


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_an_independent_engine_s_outlook_is_as_the_schema_has_it(book: Path) -> None:
    told = shared(f"books/{book.name.replace('.book.', '.outlook.')}")
    assert faults(OUTLOOK_SCHEMA, json.loads(told.read_bytes())) == []


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_our_own_outlook_is_as_the_schema_has_it(book: Path) -> None:
    portfolio, _ = portfolio_from_plain(json.loads(book.read_bytes()))
    assert portfolio is not None
    told = outlook(portfolio, app.statutory(), date(2026, 12, 1), 24)
    assert faults(OUTLOOK_SCHEMA, to_plain(told)) == []


def test_the_outlook_s_schema_names_every_field_we_write() -> None:
    schema = shipped(OUTLOOK_SCHEMA)
    told = to_plain(outlook(app.sample(date(2026, 12, 1)), app.statutory(), date(2026, 12, 1), 24))
    assert sorted(_unnamed(told, schema, schema["$defs"], "")) == []


def test_every_sum_share_and_date_of_the_book_s_schema_says_its_unit() -> None:
    units = {
        "pence": "Pounds as a decimal string",
        "percent": "Percent as a decimal string",
        "number": "A number as a decimal string",
        "date": "A calendar date",
        "month": "A month",
    }
    groups = shipped(BOOK_SCHEMA)["$defs"]
    records: set[type] = {Organisation, *LISTS.values()}
    while inner := {s.record for cls in records for s in specs(cls) if s.record} - records:
        records |= inner
    fields = [
        (cls, spec) for cls in records - {Change} for spec in specs(cls) if spec.kind in units
    ]
    for cls, spec in fields:
        field = groups[cls.__name__]["properties"][spec.name]
        assert units[spec.kind] in field.get("items", field)["description"]
    assert len(fields) > 70


def _unnamed(value: Any, schema: dict[str, Any], known: dict[str, Any], path: str) -> list[str]:
    """Where a value has a field that its schema does not name."""
    if "$ref" in schema:
        return _unnamed(value, known[schema["$ref"].rpartition("/")[2]], known, path)
    if "anyOf" in schema and value is not None:
        return _unnamed(value, schema["anyOf"][0], known, path)
    if isinstance(value, list):
        return [
            name for part in value for name in _unnamed(part, schema["items"], known, f"{path}[]")
        ]
    if not isinstance(value, dict) or isinstance(schema.get("additionalProperties"), dict):
        return []
    named = schema["properties"]
    unnamed = {f"{path}.{name}" for name in value if name not in named}
    inner = [
        _unnamed(part, named[name], known, f"{path}.{name}")
        for name, part in value.items()
        if name in named
    ]
    return [*unnamed, *(name for names in inner for name in names)]
