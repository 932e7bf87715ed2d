"""Why: each figure the pages show has lines that add up, and the records it rests on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from fundtrack import app
from fundtrack.core.comparison import compare
from fundtrack.core.deadlines import deadlines
from fundtrack.core.glance import glance
from fundtrack.core.model import Bid, Funder
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.pipeline import pipeline
from fundtrack.core.why import Line, Why
from fundtrack.core.why_figures import explained, rule_of, without_salaries
from tests.core.harbour import STATUTORY, book, grant, post, told

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def sample() -> Outlook:
    return outlook(app.sample(TODAY), STATUTORY, TODAY, 36)


def test_every_key_figure_is_explained_and_its_lines_add_up(sample: Outlook) -> None:
    for figure in glance(sample.workings.portfolio, sample).figures:
        found = explained(sample, f"figures.{figure.name}")
        assert found.lines, figure.name
        assert found.records, figure.name
        money = [line.pence for line in found.lines if line.pence is not None]
        if found.total is not None:
            assert sum(money) == found.total, figure.name


def test_every_figure_side_by_side_is_explained_and_has_a_rule(sample: Outlook) -> None:
    for row in compare(sample, sample).rows:
        found = explained(sample, f"compare.{row.name}")
        assert found.lines, row.name
        assert rule_of(f"compare.{row.name}")[0], row.name


def test_what_side_by_side_adds_up_is_what_it_says(sample: Outlook) -> None:
    now = compare(sample, sample).now["secured"]
    names = {row.name: row for row in compare(sample, sample).rows}
    for name, pence in (
        ("Lowest reserves in 12 months", now.lowest_reserves),
        ("Lowest free cash in 12 months", now.lowest_free_cash),
        (next(each for each in names if "rest of" in each), now.income_this_year),
        ("If nothing is renewed", sample.exposure.total),
    ):
        assert explained(sample, f"compare.{name}").total == pence, name
    short = explained(sample, "compare.Posts unfunded, wholly or partly")
    assert len(short.lines) == now.unfunded


def test_every_card_of_the_pipeline_is_explained(sample: Outlook) -> None:
    found = pipeline(sample.workings.portfolio, sample)
    for card in found.cards:
        for field in ("amount", "first_safe"):
            why = explained(sample, f"pipeline.{card.key}.{field}")
            assert why.lines, (card.key, field)
            assert why.records
        assert explained(sample, f"pipeline.{card.key}.amount").total == card.amount
        if card.aid is not None:
            assert explained(sample, f"pipeline.{card.key}.worth").total == card.aid.worth
    for total in found.totals:
        why = explained(sample, f"pipeline.total.{total.certainty}")
        assert why.total == total.amount


def test_a_new_award_is_counted_back_from_its_start() -> None:
    funder = Funder(key="f", name="F", kind="trust")
    new = grant("new", "2028-01-01", "2028-12-31", stage="idea", funder="f")
    new = replace(new, probability=Decimal(40), bid=Bid(writing_days=10, cost=500_00))
    seen = told(book(funder, new, post("idva")))
    lines = [line.says for line in explained(seen, "pipeline.new.first_safe").lines]
    assert lines[:3] == [
        "It starts on 1 January 2028",
        "Less 150 days for the funder to decide",
        "Less 10 days to write the bid",
    ]
    worth = explained(seen, "pipeline.new.worth")
    assert [line.pence for line in worth.lines] == [24_000_00, -500_00]
    assert "never in a forecast" in worth.says


def test_everything_with_a_due_date_is_explained_and_rests_on_a_record(sample: Outlook) -> None:
    found = deadlines(sample.workings.portfolio, sample)
    assert len(found) > 20
    for due in found:
        why = explained(sample, f"deadlines.{due.uid}")
        assert why.lines[0].says, due.uid
        assert why.records or due.kind in ("meeting", "papers", "accounts"), due.uid


def test_each_kind_of_figure_has_its_rule(sample: Outlook) -> None:
    for figure in (
        "pipeline.x.first_safe",
        "pipeline.total.probable",
        "deadlines.x",
        "cliffs.organisation:income.over_12_months",
        "figures.Cash at bank",
    ):
        assert rule_of(figure)[0], figure
    assert rule_of("nonsense") == ("", "")
    assert sample.today == TODAY


@pytest.mark.parametrize(
    "name",
    ["figures.Nothing", "pipeline.x.worth", "deadlines.x", "compare.x", "nonsense", "posts.x.y"],
)
def test_what_is_not_a_figure_is_not_explained(sample: Outlook, name: str) -> None:
    with pytest.raises(KeyError):
        explained(sample, name)


def lines(*posts: tuple[str, int]) -> Why:
    made = tuple(Line(key, pence, (f"posts.{key}",)) for key, pence in posts)
    return Why("forecast.secured.2027-04.cost", "", sum(line.pence or 0 for line in made), made)


def test_posts_stand_in_one_line_while_salaries_are_hidden() -> None:
    rent = Line("Rent", 1_000_00, ("costs.rent",))
    found = lines(("a", 2_000_00), ("b", 3_000_00))
    told = without_salaries(replace(found, lines=(*found.lines, rent)))
    assert [(line.says, line.pence) for line in told.lines] == [
        ("2 posts", 5_000_00),
        ("Rent", 1_000_00),
    ]
    assert told.records == ("posts.a", "posts.b", "costs.rent")


def test_the_pounds_of_one_post_alone_go_and_its_name_stays() -> None:
    told = without_salaries(lines(("a", 2_000_00)))
    assert told.total is None
    assert [(line.says, line.pence) for line in told.lines] == [("a", None)]
