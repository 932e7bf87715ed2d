"""Why: each figure the pages show has lines that add up, and the records it rests on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from fundtrack import app
from fundtrack.core.comparison import compare
from fundtrack.core.deadlines import deadlines
from fundtrack.core.glance import glance
from fundtrack.core.model import CERTAINTIES, Allocation, Bid, Certainty, Funder
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.pipeline import pipeline
from fundtrack.core.why import Line, Why
from fundtrack.core.why_figures import explained, rule_of, without_salaries
from fundtrack.core.why_sentences import SENTENCES
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


def test_one_post_among_other_lines_cannot_be_worked_out_from_them() -> None:
    rent = Line("Rent", 1_000_00, ("costs.rent",))
    found = lines(("a", 2_000_00))
    told = without_salaries(replace(found, lines=(*found.lines, rent), total=3_000_00))
    assert [(line.says, line.pence) for line in told.lines] == [("a", None), ("Rent", None)]
    assert told.total == 3_000_00, "the whole stands on the page as well"


def test_each_of_the_three_sentences_is_explained(sample: Outlook) -> None:
    for sentence, figure in zip(sample.sentences, SENTENCES, strict=True):
        found = explained(sample, figure)
        assert found.lines, figure
        assert rule_of(figure)[0], figure
        assert set(sentence.because) <= set(found.records), figure


def test_the_day_in_the_first_sentence_is_the_earliest_that_a_post_goes_short(
    sample: Outlook,
) -> None:
    found = explained(sample, "sentences.secured")
    assert found.says == "Secured money pays for every post until 31 March 2027."
    said = [line.says for line in found.lines]
    assert said[0] == "Finance and office manager: 80% paid from 1 April 2027"
    assert "From then, no longer pays 5 posts: Victims' core grant" in said
    assert "Next: 1 post from 1 June 2027" in said


def test_the_pounds_in_the_third_sentence_are_what_its_lines_add_up_to(sample: Outlook) -> None:
    found = explained(sample, "sentences.reserves")
    secured = sample.forecast["secured"]
    assert found.total == secured.free_reserves
    assert sum(line.pence or 0 for line in found.lines) == secured.free_reserves
    spent = int(secured.cost[:12].sum())
    assert f"Spending of 12 months from November 2026: £{round(spent / 100):,}" in [
        line.says for line in found.lines
    ]
    assert secured.months_cover == round(Decimal(secured.free_reserves) * 12 / spent, 1)
    assert found.lines[-1].says == "Reserves policy: £116,414, so £32,199 above it"


def test_a_book_without_posts_or_policy_still_answers_its_sentences() -> None:
    empty = told(book())
    for figure in SENTENCES:
        assert explained(empty, figure).lines or figure == "sentences.reserves"


def test_every_month_of_cover_is_split_among_those_who_pay_it(sample: Outlook) -> None:
    for job in sample.posts:
        for at, month in enumerate(sample.months):
            found = explained(sample, f"cover.{job.key}.{month:%Y-%m}")
            assert (found.total or 0) == int(job.month_cost[at]), (job.key, month)
            for certainty in CERTAINTIES:
                shown = int(job.cover[certainty][at])
                assert shares(found, certainty) * 100 == shown, (job.key, month, certainty)
            assert f"posts.{job.key}" in found.records


def pays(post_key: str, award: str, percent: int) -> Allocation:
    key = f"{post_key}-on-{award}"
    return Allocation(key=key, post=post_key, award=award, percent=Decimal(percent))


def shares(found: Why, certainty: str) -> Decimal:
    """What the lines of a month say of a certainty, together, in percent."""
    said = (line.says.partition(f"% {certainty}: ") for line in found.lines)
    return sum((Decimal(share) for share, mark, _ in said if mark), Decimal())


def test_a_month_of_cover_names_each_payer_and_what_nobody_pays() -> None:
    agreed = grant("core", "2026-04-01", "2027-03-31")
    hoped = grant("next", "2026-04-01", "2027-03-31", stage="agreed-in-principle")
    worker = post("idva")
    seen = told(book(agreed, hoped, worker, pays("idva", "core", 60), pays("idva", "next", 15)))
    found = explained(seen, "cover.idva.2027-01")
    assert [line.says for line in found.lines] == [
        "60% secured: The core grant",
        "15% probable: The next grant",
        "25% unfunded: nobody is allocated",
    ]
    cost = int(seen.posts[0].month_cost[seen.months.index(date(2027, 1, 1))])
    assert found.total == cost
    assert [round(Decimal(line.pence or 0) * 100 / cost) for line in found.lines] == [60, 15, 25]
    hidden = without_salaries(found)
    assert hidden.total is None
    assert [line.says for line in hidden.lines] == [line.says for line in found.lines]
    assert all(line.pence is None for line in hidden.lines)


def test_a_month_claimed_twice_says_so() -> None:
    core, other = (grant(key, "2026-04-01", "2027-03-31") for key in ("core", "other"))
    shared = (pays("idva", "core", 80), pays("idva", "other", 40))
    found = explained(told(book(core, other, post("idva"), *shared)), "cover.idva.2027-01")
    assert [line.says for line in found.lines] == [
        "80% secured: The core grant",
        "20% secured: The other grant",
        "120% claimed: what is above 100% is not counted",
    ]


def test_a_month_in_which_a_post_does_not_exist_says_so() -> None:
    seen = told(
        book(grant("core", "2026-04-01", "2027-03-31"), post("idva", start=date(2027, 6, 1)))
    )
    found = explained(seen, "cover.idva.2027-01")
    assert (found.lines[0].says, found.total) == ("Not in post this month", None)


@pytest.mark.parametrize("certainty", CERTAINTIES)
def test_reserves_at_each_certainty_say_what_is_counted_and_add_up(
    sample: Outlook, certainty: Certainty
) -> None:
    closing = sample.forecast[certainty].unrestricted_closing
    for at, month in enumerate(sample.months):
        found = explained(sample, f"forecast.{certainty}.{month:%Y-%m}.unrestricted_closing")
        assert found.total == int(closing[at])
        assert certainty in found.says
