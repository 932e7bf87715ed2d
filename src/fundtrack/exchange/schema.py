"""The formats of FundTrack's two JSON files, written so that other programs can check them.

The book's schema is made here from the records themselves, so that it cannot say anything else
than they do; `python -m fundtrack.exchange.schema` prints it, and it is shipped beside the
outlook's schema, which is written by hand in `resources/schema/`.
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

from fundtrack import assets
from fundtrack.core.model import LISTS, Change, Organisation
from fundtrack.core.plain import FORMAT, FieldSpec, specs

BOOK_SCHEMA = "schema/fundtrack-1.schema.json"
OUTLOOK_SCHEMA = "schema/outlook-1.schema.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_YEAR = "(19[0-9]{2}|2[01][0-9]{2}|2200)"
_DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,12})?$"
_LARGEST_WHOLE = 10**12
_NO_NULL = r"^[^\u0000]*$"

_KINDS: dict[str, dict[str, Any]] = {
    "flag": {"type": "boolean"},
    "whole": {"type": "integer", "minimum": -_LARGEST_WHOLE, "maximum": _LARGEST_WHOLE},
    "date": {
        "type": "string",
        "format": "date",
        "pattern": f"^{_YEAR}-[0-9]{{2}}-[0-9]{{2}}$",
        "description": "A calendar date, included in what it bounds: 2027-03-31.",
    },
    "month": {
        "type": "string",
        "pattern": f"^{_YEAR}-(0[1-9]|1[0-2])$",
        "description": "A month: 2027-03.",
    },
    "pence": {
        "type": "string",
        "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,2}0{0,10})?$",
        "description": 'Pounds as a decimal string, to the penny: "1200.00".',
    },
    "percent": {
        "type": "string",
        "pattern": _DECIMAL,
        "description": 'Percent as a decimal string: "33.33".',
    },
    "number": {
        "type": "string",
        "pattern": _DECIMAL,
        "description": 'A number as a decimal string: "0.6".',
    },
    "json": {"description": "Any JSON value, kept as it is."},
}

_NOTES = {  # record.field -> what its name and unit leave unsaid
    "Organisation.giving_prefix": "The charity's own 360Giving prefix, such as 360G-Example.",
    "Organisation.year_start_month": "Month the financial year starts in, 1 to 12.",
    "Organisation.consultation_days": "Calendar days planned for consultation.",
    "Organisation.paper_days": "Days before a trustees' meeting that papers go out.",
    "Thresholds.silent_cliff": "The least excess over 12 months to warn of. Usually 500.",
    "Thresholds.evidence_fades": "Days after which what was only said counts less. Usually 60.",
    "Thresholds.writing_days": "Days it takes to write a bid. Usually 28.",
    "Thresholds.lottery_small_days": "Days a lottery funder takes, up to £20,000. Usually 84.",
    "Thresholds.lottery_days": "Days a lottery funder takes above that. Usually 280.",
    "Thresholds.trust_days": "Days a trust takes to decide. Usually 150.",
    "Thresholds.public_days": "Days a commissioner, council or public body takes. Usually 120.",
    "Thresholds.contract_days": "Days to tender a contract again. Usually 270.",
    "Thresholds.other_days": "Days any other funder takes to decide. Usually 90.",
    "Organisation.reminder_days": "Days before a deadline to be reminded.",
    "Organisation.board_meetings": "Dates of the trustees' meetings.",
    "Balances.as_at": "Balances stand at the start of this day.",
    "ReservesPolicy.value": "Months for months and exit-cost; pounds for amount.",
    "Funder.ultimate_source": "The funder whose money it really is.",
    "Funder.org_id": "Organisation identifier, such as GB-CHC-1234567.",
    "Funder.decision_days": "Calendar days this funder takes to decide.",
    "Service.people_supported": "People supported in a year.",
    "Service.people_waiting": "People waiting now.",
    "Award.reference": "The funder's own reference, or its 360Giving identifier.",
    "Award.ring_fenced": "Planned as if it were restricted.",
    "Award.probability": "The charity's own view of its chance.",
    "Award.amount": "For the whole term, start to end, at its first price.",
    "Award.break_months": "Months of notice with which it can be ended early.",
    "Award.opening_balance": "What is unspent of it at the start of balances.as_at.",
    "Award.payment_lag_days": "Days a payment comes after it is due.",
    "Award.overhead_cap": "Most of the award that may be overheads.",
    "Award.virement_limit": "Most that may move between lines without asking.",
    "Award.carry_forward": "Most of amount that may be kept at the end.",
    "Award.retention": "What the funder holds back to the end.",
    "Award.hours_per_return": "Hours of work that one return takes.",
    "Document.place": "A path, or a web address. Never fetched.",
    "Extension.amount": "For the extension's own days; final.",
    "Extension.notice_months": "Months before the end that it must be taken up.",
    "Bid.writing_days": "Calendar days the bid takes to write.",
    "Bid.hours": "Hours of work that the bid takes.",
    "Bid.cost": "What the bid costs to make.",
    "Reporting.due_days": "Days after the period's end that the return is due.",
    "Reporting.due_day": "Day of the month after the period's end that the return is due.",
    "Post.fte": "Full-time equivalent: 0.6 is three days of five.",
    "Post.salary": "A year's pay for full time, before fte.",
    "Post.weekly_hours": "Hours worked a week.",
    "Post.nic_category": "National Insurance category letter.",
    "Cost.amount": "On each occasion of frequency.",
    "Allocation.percent": "Share of the post or cost.",
    "Allocation.award": "Left out: unrestricted funds pay.",
    "Allocation.from": "Left out: from the award's own start.",
    "Allocation.to": "Left out: to the award's own end.",
    "Actual.budget_line": "Key of a budget line of the award.",
    "Evidence.grade": "0 nothing, 1 hint, 2 spoken, 3 e-mail, 4 published decision, "
    "5 offer letter, 6 signed, 7 first payment.",
    "Enhanced.multiplier": "Times the statutory weeks.",
    "Enhanced.uncapped": "A week's pay is not capped.",
    "Rate.value": "In the unit of the rate: pounds, percent or days.",
    "PayChange.percent": "Rise of the full-time salary.",
    "PayChange.amount": "Added to the full-time salary of a year.",
    "PayChange.salary": "The new full-time salary of a year.",
}


def book_schema() -> dict[str, Any]:
    """Return the JSON Schema of a book, as the records in `core.model` have it."""
    groups: dict[type, dict[str, Any]] = {}
    organisation = _group(Organisation, groups)
    lists = {name: {"type": "array", "items": _group(cls, groups)} for name, cls in LISTS.items()}
    return {
        "$schema": _DRAFT,
        "$id": "urn:fundtrack:schema:book:1",
        "title": "A FundTrack book",
        "description": "One charity's funders, awards, posts and costs. Money is pounds and shares "
        "are percent, both as decimal strings; dates are ISO and included in what they bound. A "
        "field without a value is left out. Within each list every key is used once, and every "
        "reference names a key of its list.",
        "type": "object",
        "required": ["format", "organisation"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "organisation": organisation,
            **lists,
        },
        "$defs": {cls.__name__: groups[cls] for cls in sorted(groups, key=lambda c: c.__name__)},
    }


def shipped(name: str) -> dict[str, Any]:
    """Return a schema shipped with FundTrack: `BOOK_SCHEMA` or `OUTLOOK_SCHEMA`."""
    read: dict[str, Any] = json.loads(assets.data(name))
    return read


def as_text(schema: dict[str, Any]) -> str:
    """Return a schema as the text that is shipped."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _group(cls: type, groups: dict[type, dict[str, Any]]) -> dict[str, Any]:
    """Return a reference to a record's schema, making it first if it is not made yet."""
    if cls not in groups:
        groups[cls] = {}  # known while it is made: a scenario's edits hold whole records
        groups[cls] = _change(groups) if cls is Change else _record(cls, groups)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _record(cls: type, groups: dict[type, dict[str, Any]]) -> dict[str, Any]:
    known = specs(cls)
    return {
        "description": (inspect.getdoc(cls) or "").split("\n\n")[0].replace("\n", " "),
        "type": "object",
        "required": [spec.name for spec in known if spec.required],
        "additionalProperties": False,
        "properties": {spec.name: _field(cls, spec, groups) for spec in known},
    }


def _field(cls: type, spec: FieldSpec, groups: dict[type, dict[str, Any]]) -> dict[str, Any]:
    value = _value(spec, groups)
    note = _NOTES.get(f"{cls.__name__}.{spec.name}")
    if note:
        value = {**value, "description": f"{note} {value.get('description', '')}".rstrip()}
    return {"type": "array", "items": value} if spec.many else value


def _value(spec: FieldSpec, groups: dict[type, dict[str, Any]]) -> dict[str, Any]:
    if spec.record is not None:
        return _group(spec.record, groups)
    if spec.kind == "choice":
        return {"enum": list(spec.choices)}
    return _text(spec) if spec.kind == "text" else dict(_KINDS[spec.kind])


def _text(spec: FieldSpec) -> dict[str, Any]:
    if spec.name == "key":
        return {
            "type": "string",
            "maxLength": 80,
            "pattern": r"^[^\s\u0000]([^\u0000]*[^\s\u0000])?$",
            "description": "Short text that stays the same, used once in its list.",
        }
    if spec.ref:
        return {
            "type": "string",
            "pattern": _not_blank(spec),
            "description": f"The key of one of the {spec.ref}.",
        }
    return {"type": "string", "pattern": _not_blank(spec)}


def _not_blank(spec: FieldSpec) -> str:
    return r"^[^\u0000]*[^\s\u0000][^\u0000]*$" if spec.required else _NO_NULL


def _change(groups: dict[type, dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of one step of a scenario: a record of any list, before and after."""
    records = {"organisation": Organisation, **LISTS}
    return {
        "description": "One record before and after. No before adds it, no after removes it.",
        "type": "object",
        "required": ["list", "key"],
        "anyOf": [{"required": ["before"]}, {"required": ["after"]}],
        "additionalProperties": False,
        "properties": {
            "list": {"enum": list(records)},
            "key": {"type": "string"},
            "before": {"type": "object"},
            "after": {"type": "object"},
            "at": {
                "type": "integer",
                "minimum": 0,
                "description": "Place in the list, 0 the first, of what is added or removed.",
            },
        },
        "allOf": [
            {
                "if": {"properties": {"list": {"const": name}}, "required": ["list"]},
                "then": {"properties": {side: _group(cls, groups) for side in ("before", "after")}},
            }
            for name, cls in records.items()
        ],
    }


if __name__ == "__main__":
    sys.stdout.write(as_text(book_schema()))
