"""A tracker of many rows: told how far, ended between two rows, and no other than row by row."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.importing import Said
from fundtrack.core.model import Balances, Organisation, Portfolio
from fundtrack.exchange.importing import TableFile
from fundtrack.exchange.tables import records
from fundtrack.exchange.tables.columns import Plan
from fundtrack.exchange.tables.gathering import Gathering
from fundtrack.exchange.tables.preview import Preview, plans_for, preview
from fundtrack.exchange.tables.rows import Outcome
from fundtrack.exchange.tables.sheets import Sheet, Spreadsheet, Value, trimmed

TODAY = date(2026, 12, 1)
TITLES = ("Funder", "Project", "Ref", "Amount", "Start date", "End date", "Status", "Reporting")
EMPTY = Portfolio(
    organisation=Organisation(
        name="Harbour", nation="scotland", balances=Balances(as_at=date(2026, 4, 1))
    )
)


def tracker(*rows: tuple[Value, ...]) -> Spreadsheet:
    return Spreadsheet("tracker.xlsx", (Sheet("Grants", trimmed([TITLES, *rows])),))


def row(at: int, funder: str = "Long Trust", amount: Value = 1200) -> tuple[Value, ...]:
    begins, ends = date(2026, 4, 1), date(2027, 3, 31)
    return (funder, f"Project {at}", f"{at:05}", amount, begins, ends, "Live", "Quarterly")


def brought_in(book: Portfolio, *rows: tuple[Value, ...]) -> tuple[Portfolio, list[Outcome]]:
    return taken(plans_for(tracker(*rows), book), book)


def taken(plans: Sequence[Plan], book: Portfolio) -> tuple[Portfolio, list[Outcome]]:
    seen = preview(plans, book, TODAY, name="tracker.xlsx")
    return (
        seen.edit.apply(book) if seen.edit else book,
        [each.outcome for each in seen.rows],
    )


ROWS = st.lists(
    st.tuples(
        st.sampled_from(("Quay Council", "The Long Trust", "Mill Foundation", "Deep Fund", None)),
        st.sampled_from(("Befriending", "Advice line", "Meals", "Families")),
        st.integers(0, 99_999),
        st.sampled_from((1200, 1200.5, "£8,000.50", "lots", None, True, 1, 1.0)),
        st.dates(date(2020, 1, 1), date(2028, 1, 1)),
        st.dates(date(2024, 1, 1), date(2030, 1, 1)),
        st.sampled_from(("Live", "Pending", "Won", None)),
        st.sampled_from(("Quarterly", "Annual", None)),
    ).map(lambda cells: (*cells[:2], f"{cells[2]:05}", *cells[3:])),
    min_size=1,
    max_size=12,
    unique_by=lambda cells: cells[2],
)


@settings(max_examples=40)
@given(ROWS)
def test_many_rows_at_once_bring_in_what_they_would_one_by_one(
    rows: list[tuple[Value, ...]],
) -> None:
    plans = plans_for(tracker(*rows), EMPTY)
    book: Portfolio = EMPTY
    alone: list[Outcome] = []
    for plan in plans:
        for at in range(len(plan.table.rows)):
            table = replace(plan.table, rows=plan.table.rows[at : at + 1])
            book, became = taken((replace(plan, table=table),), book)
            alone += became
    assert taken(plans, EMPTY) == (book, alone)


AGAIN = ROWS.flatmap(
    lambda rows: st.lists(st.sampled_from(rows), max_size=6).map(lambda more: [*rows, *more])
)


def together_and_apart(book: Portfolio, file: Spreadsheet) -> tuple[Preview, Preview]:
    plans = plans_for(file, book)
    together = preview(plans, book, TODAY, name="tracker.xlsx")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(records, "whole", lambda _rows, _run, _today: None)
        return together, preview(plans, book, TODAY, name="tracker.xlsx")


@settings(max_examples=60)
@given(AGAIN, AGAIN)
def test_awards_read_together_are_what_they_would_be_one_after_the_other(
    before: list[tuple[Value, ...]], rows: list[tuple[Value, ...]]
) -> None:
    book, _ = brought_in(EMPTY, *before)
    together, apart = together_and_apart(book, tracker(*rows))
    assert together == apart


MORE = ("Service", "Funder charity number", "Bid deadline", "Decision expected")
SAID = st.tuples(
    st.sampled_from(("Advice", "The Advice", "Advise", "Meals", None)),
    st.sampled_from(("1089893", "SC012345", None)),
    st.sampled_from((date(2026, 1, 9), "soon", None)),
    st.sampled_from((date(2026, 2, 20), None)),
    st.booleans(),
)


@settings(max_examples=60)
@given(AGAIN, st.data())
def test_so_are_those_that_name_a_service_a_funders_number_or_a_bid(
    rows: list[tuple[Value, ...]], data: st.DataObject
) -> None:
    said = data.draw(st.lists(SAID, min_size=len(rows), max_size=len(rows)))
    lines = [
        (*row[:2], row[2] if numbered else None, *row[3:], *more)
        for row, (*more, numbered) in zip(rows, said, strict=True)
    ]
    sheet = Sheet("Grants", trimmed([(*TITLES, *MORE), *lines]))
    book, _ = brought_in(EMPTY, *rows[: data.draw(st.integers(0, len(rows)))])
    together, apart = together_and_apart(book, Spreadsheet("tracker.xlsx", (sheet,)))
    assert together == apart


def test_a_long_tracker_tells_how_far_it_is_all_the_way() -> None:
    told: list[tuple[int, int]] = []
    file = tracker(*map(row, range(2_000)))
    preview(
        plans_for(file, EMPTY), EMPTY, TODAY, name="tracker.xlsx",
        tell=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert {total for _, total in told} == {4_000}
    done = [each for each, _ in told]
    assert done == sorted(done)
    assert max(later - earlier for earlier, later in itertools.pairwise(done)) <= 250
    assert done[-1] >= 3_750


class EnoughError(Exception):
    """Somebody pressed Cancel."""


@pytest.mark.parametrize("stage", ["Working out what comes in", "Laying out what comes in"])
def test_a_long_import_ends_between_two_rows_where_it_is_cancelled(stage: str) -> None:
    now: list[str] = []
    heard: list[int] = []

    def tell(done: int, total: int, doing: str) -> None:
        now[:] = [doing] if doing else now
        if now == [stage] and not doing:
            heard.append(done)
            if done > total // 3:
                raise EnoughError

    file = TableFile(tracker(*map(row, range(1_500))), EMPTY)
    with pytest.raises(EnoughError):
        file.offer(EMPTY, TODAY, Said(), tell)
    assert heard[-1] < 1_500


def test_funders_that_are_nearly_alike_are_asked_about_and_the_rest_is_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    once = Gathering.records

    def counted(self: Gathering, refused: frozenset[object]) -> object:
        made.append(len(refused))
        return once(self, refused)  # type: ignore[arg-type]

    monkeypatch.setattr(Gathering, "records", counted)
    file = tracker(row(1, "Harbourside Trust"), row(2, "Harboursyde Trust"), row(3))
    seen = preview(plans_for(file, EMPTY), EMPTY, TODAY, name=file.name)
    assert [each.outcome for each in seen.rows] == ["new", "problem", "new"]
    assert [each.key for each in seen.questions] == ["funders|harboursyde trust"]
    assert made == [0]
    assert seen.edit is not None
    assert [each.key for each in seen.edit.apply(EMPTY).awards] == ["00001", "00003"]


def test_what_a_row_with_a_fault_left_half_made_does_not_come_in() -> None:
    """Its funder is new and named in no other row, so without the award it is nobody's."""
    book, became = brought_in(EMPTY, row(1), row(2, "Deep Fund", None))
    assert became == ["new", "problem"]
    assert [funder.name for funder in book.funders] == ["Long Trust"]


def stop(_done: int, _total: int) -> NoReturn:
    raise EnoughError


def test_nothing_is_read_once_it_is_cancelled() -> None:
    file = tracker(row(1))
    with pytest.raises(EnoughError):
        preview(plans_for(file, EMPTY), EMPTY, TODAY, name=file.name, tell=stop)
