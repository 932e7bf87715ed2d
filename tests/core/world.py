"""A small plain notation: a few lines of records become a charity's book that may be saved.

Records are written as in the interchange format, so a test shows the world it needs in the words
of the trade. A run of days is "2026-04-01..2027-03-31", both days included; money is pounds.

    book = charity(
        award("refuge", "2026-04-01..2027-03-31", 24_000, fund="restricted"),
        post("worker", 30_000, "2024-04-01"),
        pays("refuge", "worker"),
    )
"""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from fundtrack import assets
from fundtrack.core.check import check
from fundtrack.core.cliffs import Cliff
from fundtrack.core.forecast import AwardForecast, Forecast
from fundtrack.core.ladder import Ladder, Rung
from fundtrack.core.model import Certainty, Portfolio
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.plain import portfolio_from_plain
from fundtrack.core.posts import PostOutlook
from fundtrack.core.rates import Rates, Statutory

Plain = dict[str, Any]
Pounds = int | float | str
FOR_GOOD = "1990-01-01"


@cache
def statutory() -> Statutory:
    """The shipped rates and bank holidays."""
    return Statutory.read(assets.rates_json(), assets.bank_holidays_json())


def rates(nation: str = "england-and-wales") -> Rates:
    return Rates(statutory(), nation)


def day(text: str) -> date:
    return date.fromisoformat(text)


def pence(amount: Pounds) -> int:
    """Pounds as written, in pence."""
    exact = Decimal(str(amount)) * 100
    assert exact == int(exact)
    return int(exact)


def _money(amount: Pounds) -> str:
    return f"{Decimal(pence(amount)) / 100:.2f}"


def _span(text: str) -> Plain:
    start, _, end = text.partition("..")
    return {"start": start} | ({"end": end} if end else {})


# --- records -----------------------------------------------------------------------------------


def award(key: str, span: str, amount: Pounds, **fields: Any) -> Plain:
    """An award, live and unrestricted if nothing else is said."""
    usual = {"title": f"Award {key}", "stage": "live", "fund": "unrestricted"}
    return {"list": "awards", "key": key, "amount": _money(amount)} | usual | _span(span) | fields


def grant(key: str, span: str, amount: Pounds, **fields: Any) -> Plain:
    """A restricted grant."""
    return award(key, span, amount, kind="grant", fund="restricted", **fields)


def post(key: str, salary: Pounds, span: str = FOR_GOOD, fte: str = "1", **fields: Any) -> Plain:
    """A filled, permanent, full-time post without a pension, if nothing else is said."""
    usual = {"title": f"Post {key}", "fte": fte, "salary": _money(salary), "status": "filled"}
    return {"list": "posts", "key": key} | usual | _span(span) | fields


def worker(key: str, month: Pounds, span: str = FOR_GOOD, **fields: Any) -> Plain:
    """A sessional (agency) worker who costs exactly so much a month: no on-costs, no rights."""
    return post(key, str(Decimal(str(month)) * 12), span, status="agency", **fields)


def cost(
    key: str, amount: Pounds, span: str = FOR_GOOD, every: str = "month", **fields: Any
) -> Plain:
    usual = {"title": f"Cost {key}", "amount": _money(amount), "frequency": every}
    return {"list": "costs", "key": key} | usual | _span(span) | fields


def pays(award_key: str | None, bearer: str, percent: str = "100", **fields: Any) -> Plain:
    """A share of a post (`worker`) or a cost (`cost:rent`); no award means unrestricted funds."""
    kind, _, key = bearer.rpartition(":")
    about = {"cost" if kind == "cost" else "post": key, "percent": percent}
    paid_by = {} if award_key is None else {"award": award_key}
    return {"list": "allocations"} | about | paid_by | fields


def funder(key: str, kind: str, **fields: Any) -> Plain:
    return {"list": "funders", "key": key, "name": f"Funder {key}", "kind": kind} | fields


def service(key: str, people: int = 0, **fields: Any) -> Plain:
    usual = {"name": f"Service {key}", "people_supported": people}
    return {"list": "services", "key": key} | usual | fields


def deadline(kind: str, due: str, **fields: Any) -> Plain:
    return {"list": "deadlines", "title": f"{kind} due", "kind": kind, "due": due} | fields


def rate(code: str, value: str, from_: str, **fields: Any) -> Plain:
    """A statutory figure of the charity's own."""
    usual = {"nation": "united-kingdom", "from": from_}
    return {"list": "rates", "code": code, "value": value} | usual | fields


# --- the book and what it says -----------------------------------------------------------------


def charity(
    *records: Plain,
    as_at: str = "2026-04-01",
    reserves: Pounds = 0,
    balances: Plain | None = None,
    nation: str = "england-and-wales",
    **organisation: Any,
) -> Portfolio:
    """A book that may be saved: free reserves at the start of a day, and the records."""
    plain, problems = portfolio_from_plain(
        plain_charity(
            *records,
            as_at=as_at,
            reserves=reserves,
            balances=balances,
            nation=nation,
            **organisation,
        )
    )
    assert plain is not None, problems
    assert check(plain) == ()
    return plain


def plain_charity(
    *records: Plain,
    as_at: str = "2026-04-01",
    reserves: Pounds = 0,
    balances: Plain | None = None,
    nation: str = "england-and-wales",
    **organisation: Any,
) -> Plain:
    """The same in the interchange format, whether it may be saved or not."""
    held = {"free_reserves": _money(reserves)} if balances is None else balances
    book: Plain = {
        "format": "fundtrack/1",
        "organisation": {"name": "Harbour", "nation": nation, "balances": {"as_at": as_at} | held}
        | organisation,
    }
    for record in records:
        fields = dict(record)
        listed = book.setdefault(fields.pop("list"), [])
        if "code" not in fields:
            fields.setdefault("key", f"{len(listed) + 1}")
        listed.append(fields)
    return book


def look(book: Portfolio, today: str = "2026-04-01", horizon: int = 12) -> Outlook:
    """What the book says on a day."""
    return outlook(book, statutory(), day(today), horizon)


def post_of(told: Outlook, key: str) -> PostOutlook:
    return next(found for found in told.posts if found.key == key)


def award_of(told: Outlook, key: str, certainty: Certainty = "secured") -> AwardForecast:
    return next(found for found in told.forecast[certainty].awards if found.key == key)


def cliff_of(told: Outlook, kind: str, key: str) -> Cliff:
    return next(found for found in told.cliffs if (found.kind, found.key) == (kind, key))


def cliff_names(told: Outlook) -> list[str]:
    """Every cliff as `post:worker`, in order."""
    return [f"{found.kind}:{found.key}" for found in told.cliffs]


def ladder_of(told: Outlook, name: str) -> Ladder:
    return next(found for found in told.ladders if found.cliff == name)


def rung_of(told: Outlook, name: str, kind: str) -> Rung:
    return next(rung for rung in ladder_of(told, name).rungs if rung.kind == kind)


def by_month(told: Outlook, figures: Any) -> dict[str, int]:
    """An array of the forecast as pence by month (`2026-04`), without the months of nought."""
    rows = zip(told.months, figures, strict=True)
    return {f"{month:%Y-%m}": int(figure) for month, figure in rows if figure}


def in_month(told: Outlook, figures: Any, month: str) -> int:
    """One month's figure, in pence."""
    return by_month(told, figures).get(month, 0)


def secured(told: Outlook) -> Forecast:
    return told.forecast["secured"]
