import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundtrack import assets
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.outlook import Outlook, outlook, to_plain
from fundtrack.core.plain import portfolio_from_plain, pounds
from fundtrack.core.rates import Statutory
from fundtrack.core.why import why

BOOKS = Path(__file__).parent.parent / "data" / "books"
STATUTORY = Statutory.read(assets.rates_json(), assets.bank_holidays_json())
_MONTHLY = (
    "income",
    "cost",
    "surplus",
    "unrestricted_movement",
    "unrestricted_closing",
    "restricted_closing",
    "cash",
    "free_cash",
)


def figures(plain: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Every figure in pounds of an outlook's JSON, by the name `why` knows it by."""
    for certainty in CERTAINTIES:
        yield from of_forecast(f"forecast.{certainty}", plain["forecast"][certainty])
    for post in plain["posts"]:
        yield from of_post(f"posts.{post['key']}", post)
    for cliff in plain["cliffs"]:
        for field in ("per_month", "over_12_months"):
            yield f"cliffs.{cliff['kind']}:{cliff['key']}.{field}", cliff[field]
    for field in ("redundancy", "notice", "lateness", "protective_award", "total", "do_nothing"):
        yield f"exposure.{field}", plain["exposure"][field]
    for key, pence in plain["exposure"]["by_award"].items():
        yield f"exposure.by_award.{key}", pence


def of_forecast(path: str, found: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for field in ("free_reserves", "floor"):
        yield f"{path}.{field}", found[field]
    for month in found["months"]:
        for field in _MONTHLY:
            yield f"{path}.{month['month']}.{field}", month[field]
    for award in found["awards"]:
        yield f"{path}.awards.{award['key']}.repayable", award["repayable"]
        for month in award["by_month"]:
            for field in ("income", "charged", "headroom", "balance", "cash_held"):
                yield f"{path}.awards.{award['key']}.{month['month']}.{field}", month[field]


def of_post(path: str, post: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for month, pence in post["unfunded_cost_by_month"].items():
        yield f"{path}.unfunded_cost_by_month.{month}", pence
    if post["redundancy"] is not None:
        for field in ("weeks_pay", "cap", "weeks_pay_used", "srp", "payable"):
            yield f"{path}.redundancy.{field}", post["redundancy"][field]


def told(name: str) -> Outlook:
    portfolio, _ = portfolio_from_plain(json.loads((BOOKS / f"{name}.book.json").read_text()))
    published = json.loads((BOOKS / f"{name}.outlook.json").read_text())
    assert portfolio is not None
    return outlook(
        portfolio, STATUTORY, date.fromisoformat(published["today"]), published["horizon"]
    )


@pytest.mark.parametrize("name", ["1009", "1040", "1061"])
def test_the_lines_behind_every_figure_add_up_to_it(name: str) -> None:
    shown = told(name)
    asked = 0
    for figure, value in figures(to_plain(shown)):
        if value is None:
            continue
        explained = why(shown, figure)
        total = explained.total if explained.lines else 0
        assert pounds(total or 0) == value, figure
        asked += 1
    assert asked > 1000


def test_every_figure_that_is_not_nought_names_the_records_it_rests_on() -> None:
    shown = told("1061")
    portfolio = shown.workings.portfolio
    for figure, value in figures(to_plain(shown)):
        if value in (None, "0.00"):
            continue
        explained = why(shown, figure)
        assert explained.records, figure
        for record in explained.records:
            name, _, key = record.partition(".")
            assert portfolio.find(name, key) is not None, (figure, record)


def test_a_date_names_the_post_and_what_pays_for_it() -> None:
    shown = told("1009")
    explained = why(shown, "posts.p0.latest_notice_working")
    assert "posts.p0" in explained.records
    assert "awards.a9" in explained.records
    rungs = why(shown, "ladders.post:p0.submit")
    assert {"posts.p0", "awards.a9"} <= set(rungs.records)
    assert any(record.startswith("funders.") for record in rungs.records)


@pytest.mark.parametrize(
    "figure",
    ["", "nothing", "forecast.secured.1999-01.cost", "posts.nobody.funded_to", "exposure.luck"],
)
def test_a_figure_that_does_not_exist_is_said_not_to(figure: str) -> None:
    with pytest.raises(KeyError):
        why(told("1033"), figure)
