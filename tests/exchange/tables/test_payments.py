"""Many payments to one award: each row costs the same, and is what it would be alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.model import Award, Balances, Organisation, Payment, Portfolio
from fundtrack.exchange.tables.columns import Plan
from fundtrack.exchange.tables.preview import plans_for, preview
from fundtrack.exchange.tables.rows import Outcome
from fundtrack.exchange.tables.sheets import Sheet, Spreadsheet, Value, trimmed

TODAY = date(2026, 12, 1)
FIRST = date(2026, 4, 1)
GRANTS = (
    ("Funder", "Project", "Ref", "Amount", "Start date", "End date"),
    ("The Long Trust", "Befriending", "LT1", 12000, FIRST, date(2027, 3, 31)),
    ("The Long Trust", "Advice line", "LT2", 8000, FIRST, date(2027, 3, 31)),
)
TITLES = ("Grant ref", "Due date", "Amount", "Received on", "Amount received")
Line = tuple[Value, ...]


def brought_in(
    book: Portfolio, *lines: Line, name: str = "Payments", titles: Line = TITLES
) -> tuple[Portfolio, list[Outcome]]:
    file = Spreadsheet("tracker.xlsx", (Sheet(name, trimmed([titles, *lines])),))
    return taken(plans_for(file, book), book)


def taken(plans: Sequence[Plan], book: Portfolio) -> tuple[Portfolio, list[Outcome]]:
    seen = preview(plans, book, TODAY, name="tracker.xlsx")
    return seen.edit.apply(book) if seen.edit else book, [row.outcome for row in seen.rows]


@pytest.fixture(scope="module")
def book() -> Portfolio:
    balances = Balances(as_at=FIRST)
    empty = Portfolio(
        organisation=Organisation(name="Harbour", nation="scotland", balances=balances)
    )
    return brought_in(empty, *GRANTS[1:], name="Grants", titles=GRANTS[0])[0]


def daily(count: int) -> list[Line]:
    return [("LT1", FIRST + timedelta(days=at), 10, None, None) for at in range(count)]


def counted(cls: type, made: dict[type, int]) -> Callable[..., None]:
    """Return how a class sets its records up, which counts them besides."""
    init: Callable[..., None] = vars(cls)["__init__"]

    def set_up(self: object, **values: object) -> None:
        made[cls] += 1
        init(self, **values)

    return set_up


def test_an_award_paid_every_day_is_made_anew_once_and_each_payment_as_often_as_it_is_said(
    book: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[type, int] = {Award: 0, Payment: 0}
    for cls in made:
        monkeypatch.setattr(cls, "__init__", counted(cls, made))
    after, became = brought_in(book, *daily(400))
    assert became == ["new"] * 400
    assert len(after.awards[0].payments) == 400
    assert made == {Award: 1, Payment: 400}


LINES = st.lists(
    st.tuples(
        st.sampled_from(("LT1", "LT2", "LT3")),
        st.dates(FIRST, date(2026, 12, 31)),
        st.sampled_from((100, 200.5, "soon", None, 10**16)),
        st.sampled_from((date(2026, 5, 5), None)),
        st.sampled_from((100, None)),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda line: line[:2],
)


@settings(max_examples=40)
@given(LINES)
def test_payments_brought_in_together_are_what_they_would_be_one_after_the_other(
    book: Portfolio, lines: list[Line]
) -> None:
    file = Spreadsheet("tracker.xlsx", (Sheet("Payments", trimmed([TITLES, *lines])),))
    plans = plans_for(file, book)
    after, alone = book, list[Outcome]()
    for plan in plans:
        for row in plan.table.rows:
            table = replace(plan.table, rows=(row,))
            after, became = taken((replace(plan, table=table),), after)
            alone += became
    assert taken(plans, book) == (after, alone)


def test_of_two_payments_of_one_day_the_second_row_fills_in_the_second(book: Portfolio) -> None:
    before, _ = brought_in(book, *[("LT1", FIRST, amount, None, None) for amount in (50, 50, 60)])
    came = date(2026, 4, 9)
    after, became = brought_in(
        before, ("LT1", FIRST, 50, None, None), ("LT1", FIRST, 50, came, 50),
        ("LT1", FIRST, 65, None, None), ("LT1", FIRST, 70, None, None),
    )  # fmt: skip
    assert became == ["unchanged", "changed", "changed", "new"]
    fifty = Payment(due=FIRST, amount=5000)
    assert after.awards[0].payments == (
        fifty,
        replace(fifty, received_on=came, received=5000),
        Payment(due=FIRST, amount=6500),
        Payment(due=FIRST, amount=7000),
    )


def test_a_payment_whose_amount_has_changed_is_not_taken_for_one_of_its_old_amount(
    book: Portfolio,
) -> None:
    before, _ = brought_in(book, ("LT1", FIRST, 50, None, None))
    after, became = brought_in(before, *[("LT1", FIRST, amount, None, None) for amount in (55, 50)])
    assert became == ["changed", "new"]
    assert [each.amount for each in after.awards[0].payments] == [5500, 5000]
