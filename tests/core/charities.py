"""Charities as they might be: a few awards, posts and costs with everything that can befall them.

Denser than `tests.strategies`, which tries every field there is: here dates lie close together, so
that shares overlap, renewals follow, pools run short and notice is late.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from fundtrack.core.model import Portfolio
from tests.core.world import Plain, award, charity, cost, pays, post

FIRST, LAST = date(2025, 10, 1), date(2028, 6, 30)
DAYS = st.dates(FIRST, LAST)
MONTH_STARTS = st.integers(0, 32).map(lambda at: f"{2025 + (9 + at) // 12}-{(9 + at) % 12 + 1:02d}")
PERCENTS = st.sampled_from(["100", "50", "60", "40", "33.33", "12.5", "0"])
STAGES = st.sampled_from(["live", "live", "awarded", "ended", "agreed-in-principle", "submitted"])
FREQUENCIES = ["month", "quarter", "half", "year", "once"]


def pounds(most: int, least: int = 0) -> st.SearchStrategy[str]:
    return st.integers(least * 100, most * 100).map(lambda pence: f"{Decimal(pence) / 100:.2f}")


def sometimes(draw: DrawFn, **fields: st.SearchStrategy[Any]) -> Plain:
    """Some of these fields, each as often as not."""
    return {name: draw(found) for name, found in fields.items() if draw(st.booleans())}


@st.composite
def spans(draw: DrawFn) -> str:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return f"{first}..{last}"


@st.composite
def awards(draw: DrawFn, key: str, others: list[str]) -> Plain:
    record = award(key, draw(spans()), draw(pounds(60_000)), stage=draw(STAGES))
    record |= sometimes(
        draw,
        fund=st.sampled_from(["restricted", "unrestricted", "designated"]),
        ring_fenced=st.booleans(),
        spread=st.sampled_from(["months", "days", "profile"]),
        opening_balance=pounds(3_000),
        carry_forward=PERCENTS,
        on_end=st.sampled_from(["stops", "transfers", "unknown"]),
        payment_basis=st.sampled_from(["advance", "arrears", "milestone"]),
        reporting=reportings(),
    )
    if "payment_basis" in record:
        record |= sometimes(draw, payment_lag_days=st.integers(0, 60))
    if draw(st.booleans()):
        record["uplifts"] = [_uplift(draw) for _ in range(draw(st.integers(1, 2)))]
    if draw(st.integers(0, 3)) == 0:
        months = draw(st.lists(MONTH_STARTS, min_size=1, max_size=4))
        record["profile"] = [{"month": month, "amount": draw(pounds(9_000))} for month in months]
    if draw(st.integers(0, 2)) == 0:
        record["extensions"] = _extensions(draw, record["end"])
    if others and draw(st.integers(0, 2)) == 0:
        record["renewal_of"] = draw(st.sampled_from(others))
    return record


def _uplift(draw: DrawFn) -> Plain:
    rise: Plain = {"from": f"{draw(DAYS)}", "percent": draw(st.sampled_from(["3.8", "-5", "0.5"]))}
    return rise | sometimes(draw, cap=st.sampled_from(["3", "2.5"]))


def _extensions(draw: DrawFn, end: str) -> list[Plain]:
    found, last = [], date.fromisoformat(end)
    for at in range(draw(st.integers(1, 2))):
        last += timedelta(days=draw(st.integers(1, 400)))
        option = {"key": f"x{at}", "end": f"{last}", "amount": draw(pounds(20_000))}
        found.append(option | {"exercised": draw(st.booleans())})
    return found


@st.composite
def reportings(draw: DrawFn) -> Plain:
    found: Plain = {"frequency": draw(st.sampled_from(FREQUENCIES))}
    anchor = draw(st.sampled_from(["start", "financial-year", "calendar", "custom"]))
    found |= {"anchor": anchor, "first_period_end": f"{draw(DAYS)}"}
    due = draw(st.sampled_from(["due_days", "due_day", None]))
    return found | ({} if due is None else {due: draw(st.integers(1, 31))})


@st.composite
def posts(draw: DrawFn, key: str) -> Plain:
    start = draw(st.dates(date(2008, 1, 1), date(2026, 12, 31)))
    record = post(
        key, draw(pounds(60_000, 1_000)), f"{start}", fte=draw(st.sampled_from(["1", "0.6"]))
    )
    record |= sometimes(
        draw,
        status=st.sampled_from(["filled", "vacant", "agency"]),
        contract=st.sampled_from(["permanent", "fixed-term"]),
        pension=st.sampled_from(
            [{"basis": "salary", "percent": "6"}, {"basis": "qualifying", "percent": "3"}]
        ),
        notice=st.sampled_from([{"weeks": 8}, {"months": 3}, {"months": 1}]),
        nic_category=st.sampled_from(["A", "M"]),
        establishment=st.sampled_from(["hull", "york"]),
    )
    if draw(st.booleans()):
        person = {"born": f"{draw(st.dates(date(1958, 1, 1), date(2004, 1, 1)))}"}
        record["person"] = person | sometimes(
            draw, enhanced=st.sampled_from([{"multiplier": "1.5"}, {"uncapped": True}])
        )
    if draw(st.integers(0, 2)) == 0:
        record["end"] = f"{max(start, draw(DAYS))}"
    if draw(st.integers(0, 2)) == 0:
        record["notice_served_on"] = f"{draw(DAYS)}"
    if draw(st.integers(0, 2)) == 0:
        first, _, last = draw(spans()).partition("..")
        record["vacancies"] = [{"from": first, "to": last}]
    if draw(st.booleans()):
        change = draw(
            st.sampled_from([{"percent": "3.5"}, {"amount": "-750.00"}, {"salary": "31337.00"}])
        )
        record["pay_changes"] = [{"from": f"{draw(DAYS)}"} | change]
    return record


@st.composite
def charities(draw: DrawFn) -> Portfolio:
    """A book that may be saved."""
    records: list[Plain] = []
    keys: list[str] = []
    for at in range(draw(st.integers(1, 4))):
        records.append(draw(awards(f"a{at}", list(keys))))
        keys.append(f"a{at}")
    bearers = [f"p{at}" for at in range(draw(st.integers(1, 3)))]
    records += [draw(posts(key)) for key in bearers]
    for at in range(draw(st.integers(0, 2))):
        every = draw(st.sampled_from(["month", "quarter", "year", "once"]))
        records.append(cost(f"c{at}", draw(pounds(2_000)), draw(spans()), every=every))
        bearers.append(f"cost:c{at}")
    for _ in range(draw(st.integers(1, 7))):
        share = pays(
            draw(st.sampled_from([*keys, *keys, None])),
            draw(st.sampled_from(bearers)),
            draw(PERCENTS),
        )
        if draw(st.integers(0, 2)) == 0:
            first, _, last = draw(spans()).partition("..")
            share |= {"from": first, "to": last}
        records.append(share)
    return _saved(draw, records)


def _saved(draw: DrawFn, records: list[Plain]) -> Portfolio:
    book: Plain = {
        "as_at": f"{draw(DAYS)}",
        "nation": draw(st.sampled_from(["england-and-wales", "scotland", "northern-ireland"])),
        "employment_allowance": draw(st.booleans()),
        "reserves": draw(pounds(90_000)),
    }
    if draw(st.booleans()):
        held = {"as_at": book["as_at"], "total_funds": "90000.00", "restricted": "12000.00"}
        book["balances"] = held | sometimes(draw, cash=pounds(50_000))
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["months", "amount", "exit-cost"]))
        book["reserves_policy"] = {"kind": kind, "value": draw(pounds(9))}
    return charity(*records, **book)
