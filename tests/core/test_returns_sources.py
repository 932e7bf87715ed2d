"""Where a figure of a return came from."""

from __future__ import annotations

from fundtrack.core.returns.sources import source_of
from tests.core.filled_in import layout, second_quarter
from tests.core.returning import returned


def said(figure: str) -> tuple[str, tuple[str, ...]]:
    book = second_quarter()
    found = source_of(book, returned(book, layout=layout("t8-final")), figure)
    assert found is not None
    return found.says, found.records


def test_spending_names_its_transactions() -> None:
    says, records = said("finance/line/staff/actual_ytd")
    assert says == "2 transactions of £4,500.00, 30 June 2026 to 30 September 2026"
    assert records == ("actuals: staff-2026-06-30-2250", "actuals: staff-2026-09-30-2250")
    assert said("finance/line/staff/earlier") == ("no transactions", ())


def test_a_budget_a_post_an_indicator_and_a_typed_count_say_where_they_are_from() -> None:
    assert said("finance/line/staff/profile")[1] == ("awards: next-step, budget_lines: staff",)
    assert said("posts/0/cost")[1] == ("posts: adviser",)
    assert said("outputs/supported/actual")[1] == ("indicators: supported",)
    assert said("outputs/new/actual")[0] == "typed by a person for this return"
    assert said("outcomes/cope/both")[0] == "typed by a person for this return"


def test_a_figure_that_is_not_there_has_no_source() -> None:
    book = second_quarter()
    figures = returned(book, layout=layout("t5-contract-kpi"))
    assert source_of(book, figures, "outputs/gone/actual") is None
