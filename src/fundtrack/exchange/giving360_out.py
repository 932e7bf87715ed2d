"""Writes the grants a charity holds as a 360Giving file, for whoever collects published grants.

Only grants that have been awarded are written, and of them only what the standard asks for: never
notes, contacts or people. What is decided here, and said to the person who exports:

- the identifier is the charity's 360Giving prefix and the award's reference, spaces and slashes as
  `_`; a reference that is a 360Giving identifier already stays as it is;
- the award date is the earliest evidence of a published decision, an offer letter or better; an
  award without one is left out, because a date would have to be made up;
- money that individuals gave is left out: a file for the public must not name them.

Source: 360Giving Data Standard 1.4, DOMAIN section 10.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from fundtrack.core.errors import KnownError, Problem
from fundtrack.core.model import Award, Organisation, Portfolio
from fundtrack.core.plain import pounds
from fundtrack.core.telling import Tell, untold
from fundtrack.core.words import day as day_in_words
from fundtrack.exchange import files
from fundtrack.exchange.giving360 import organisation_id

VERSION = "1.4"
_DECIDED = 4  # the least grade of evidence that is a decision: 4 published, 5 offer letter
_HELD = frozenset(("awarded", "live", "ended"))
_IDENTIFIER = re.compile(r"[A-Za-z0-9]{2,8}-[A-Za-z0-9]+-\S+")
_TITLES = (
    "Identifier",
    "Title",
    "Description",
    "Currency",
    "Amount Awarded",
    "Award Date",
    "Planned Dates:Start Date",
    "Planned Dates:End Date",
    "Recipient Org:Identifier",
    "Recipient Org:Name",
    "Recipient Org:Charity Number",
    "Recipient Org:Company Number",
    "Funding Org:Identifier",
    "Funding Org:Name",
)


@dataclass(frozen=True, slots=True)
class Published:
    """The grants to write, as the standard has them, and why others are left out."""

    grants: tuple[dict[str, Any], ...]
    problems: tuple[Problem, ...]


def publish(portfolio: Portfolio) -> Published:
    """Return the awarded grants of a book as 360Giving has them.

    Raises:
        KnownError: the charity lacks what every grant needs: a prefix, and a registered number.

    """
    recipient = _recipient(portfolio.organisation)
    prefix = portfolio.organisation.giving_prefix
    if not prefix:
        raise KnownError(
            "The charity has no 360Giving prefix, which begins every grant's identifier. Add it to "
            "the organisation's details, then try again"
        )
    decided = _decisions(portfolio)
    grants: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for at, award in enumerate(portfolio.awards):
        if award.stage not in _HELD or award.kind not in (None, "grant"):
            continue
        why = _why_not(portfolio, award, decided)
        if why:
            problems.append(Problem(f"awards.{at}", f"“{award.title}” was left out: {why}"))
        else:
            grants.append(_grant(portfolio, award, decided[award.key], prefix, recipient))
    return _once_each(grants, problems)


def _once_each(grants: list[dict[str, Any]], problems: list[Problem]) -> Published:
    used = Counter(grant["id"] for grant in grants)
    twice = [name for name, n in used.items() if n > 1]
    problems += [
        Problem("awards", f"{used[name]} awards have the identifier {name}, and were left out")
        for name in twice
    ]
    return Published(tuple(g for g in grants if g["id"] not in twice), tuple(problems))


def _decisions(portfolio: Portfolio) -> dict[str, date]:
    found: dict[str, date] = {}
    for evidence in portfolio.evidence:
        if evidence.award and (evidence.grade or 0) >= _DECIDED:
            found[evidence.award] = min(evidence.on, found.get(evidence.award, evidence.on))
    return found


def _why_not(portfolio: Portfolio, award: Award, decided: dict[str, date]) -> str:
    funder = portfolio.funders_by_key.get(award.funder or "")
    if funder is None:
        return "it has no funder. Give it one"
    if funder.kind == "individuals":
        return "individuals gave it, and they must not be published"
    if award.key not in decided:
        return "no evidence says when it was awarded. Add the offer letter to its evidence"
    return ""


def _recipient(organisation: Organisation) -> dict[str, str]:
    charity, company = organisation.charity_number, organisation.company_number
    if charity:
        scheme = "GB-NIC" if organisation.nation == "northern-ireland" else "GB-CHC"
        scheme = "GB-SC" if charity.strip().upper().startswith("SC") else scheme
        identifier = organisation_id(f"{scheme}-{charity}")
    elif company:
        identifier = organisation_id(f"GB-COH-{company}")
    else:
        raise KnownError(
            "The charity has neither a charity number nor a company number, and 360Giving asks for "
            "one. Add it to the organisation's details, then try again"
        )
    found = {"id": identifier, "name": organisation.name}
    found |= {"charityNumber": charity.strip()} if charity else {}
    return found | ({"companyNumber": company.strip()} if company else {})


def _grant(
    portfolio: Portfolio, award: Award, decided: date, prefix: str, recipient: dict[str, str]
) -> dict[str, Any]:
    funder = portfolio.funders_by_key[award.funder or ""]
    service = portfolio.services_by_key.get(award.service or "")
    about = f" for {service.name}" if service else ""
    end = max((award.end, *(each.end for each in award.extensions if each.exercised)))
    amount = award.amount + sum(each.amount for each in award.extensions if each.exercised)
    org_id = organisation_id(funder.org_id or "")
    if not _IDENTIFIER.fullmatch(org_id):  # what the standard advises where there is no register
        org_id = f"{prefix}-ORG:{_safe(funder.key)}"
    return {
        "id": _identifier(prefix, award),
        "title": award.title,
        "description": (
            f"{award.title}{about}, from {day_in_words(award.start)} to {day_in_words(end)}"
        ),
        "currency": "GBP",
        "amountAwarded": Decimal(pounds(amount)),
        "awardDate": decided.isoformat(),
        "plannedDates": [{"startDate": award.start.isoformat(), "endDate": end.isoformat()}],
        "recipientOrganization": [recipient],
        "fundingOrganization": [{"id": org_id, "name": funder.name}],
    }


def _identifier(prefix: str, award: Award) -> str:
    reference = award.reference or award.key
    if reference.startswith("360G-"):
        return _safe(reference)
    return f"{prefix}-{_safe(reference)}"


def _safe(text: str) -> str:
    return re.sub(r"[\s/\\]+", "_", text.strip())


# --- files -------------------------------------------------------------------------------------


def write(portfolio: Portfolio, path: Path, tell: Tell = untold) -> Published:
    """Write the grants as JSON, CSV or a workbook, by the file's name; return what was written.

    Raises:
        KnownError: there is nothing to write, or the file cannot be written.

    """
    published = publish(portfolio)
    if not published.grants:
        raise KnownError(
            "There is no grant to write: "
            + ("; ".join(each.says for each in published.problems) or "none has been awarded")
        )
    kind = path.suffix.casefold()
    if kind == ".csv":
        made = as_csv(published).encode()
    elif kind == ".xlsx":
        made = as_workbook(published)
    else:
        made = as_json(published).encode()
    tell(0, 0)
    files.write_whole(path, made)
    return published


def as_json(published: Published) -> str:
    """Return the grants as a 360Giving package."""
    package = {"version": VERSION, "grants": [_with_number(grant) for grant in published.grants]}
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _with_number(grant: dict[str, Any]) -> dict[str, Any]:
    """Return a grant with its amount as JSON writes it: 1200 or 1200.5, exact to the penny."""
    amount: Decimal = grant["amountAwarded"]
    whole = amount == amount.to_integral_value()
    return {**grant, "amountAwarded": int(amount) if whole else float(amount)}


def as_csv(published: Published) -> str:
    """Return the grants as CSV with the standard's titles."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(_TITLES)
    writer.writerows(_row(grant) for grant in published.grants)
    return made.getvalue()


def as_workbook(published: Published) -> bytes:
    """Return the grants as a workbook with the standard's titles."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("grants")
    sheet.append(_TITLES)
    for grant in published.grants:
        line = []
        for value in _row(grant):
            cell = WriteOnlyCell(sheet, None)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            line.append(cell)
        sheet.append(line)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _row(grant: dict[str, Any]) -> list[Any]:
    (planned,), (to,), (by,) = (
        grant["plannedDates"],
        grant["recipientOrganization"],
        grant["fundingOrganization"],
    )
    return [
        *(grant[name] for name in ("id", "title", "description", "currency", "amountAwarded")),
        grant["awardDate"],
        planned["startDate"],
        planned["endDate"],
        to["id"],
        to["name"],
        to.get("charityNumber", ""),
        to.get("companyNumber", ""),
        by["id"],
        by["name"],
    ]
