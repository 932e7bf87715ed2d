from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from fundtrack.core.check import check
from fundtrack.core.errors import RefusedError
from fundtrack.core.model import Allocation, Award, Bid, Evidence, Funder, Portfolio
from fundtrack.core.pipeline import (
    Card,
    aid,
    lateness,
    moved,
    pipeline,
    said,
    wants_evidence,
)
from tests.core.harbour import TODAY, book, day, grant, post, told
from tests.strategies import portfolios

COUNCIL = Funder(key="council", name="Wharf Council", kind="council", decision_days=60)
CORE = grant("core", "2026-04-01", "2027-03-31", funder="council")


def hoped(key: str = "renewal", **fields: Any) -> Award:
    usual = {"stage": "submitted", "funder": "council", "renewal_of": "core"}
    return grant(key, "2027-04-01", "2028-03-31", 48_000, **(usual | fields))


def harbour(*records: Any) -> Portfolio:
    return book(COUNCIL, CORE, post("idva", on="core"), *records)


def card(portfolio: Portfolio, key: str = "renewal") -> Card:
    cards = pipeline(portfolio, told(portfolio)).cards
    return next(each for each in cards if each.key == key)


def evidence(on: str, grade: int | None, award: str = "renewal") -> Evidence:
    return Evidence(key=f"{award}-{on}-{grade}", award=award, on=day(on), grade=grade)


# --- the board ---------------------------------------------------------------------------------


def test_every_award_not_secured_stands_once_under_its_stage() -> None:
    stages = ["idea", "preparing", "submitted", "agreed-in-principle", "awarded", "unsuccessful"]
    portfolio = harbour(*(hoped(stage, stage=stage) for stage in stages))
    board = pipeline(portfolio, told(portfolio))
    assert [(column.stage, [each.key for each in column.cards]) for column in board.columns] == [
        (stage, [stage]) for stage in stages[:4]
    ]
    assert board.lost == {"unsuccessful": 1, "withdrawn": 0}


def test_probable_and_possible_are_totalled_apart_and_never_weighted() -> None:
    portfolio = harbour(
        hoped("a", stage="idea", probability=Decimal(10)),
        hoped("b", stage="submitted", probability=Decimal(50)),
        hoped("c", stage="agreed-in-principle", probability=Decimal(90)),
    )
    totals = pipeline(portfolio, told(portfolio)).totals
    assert [(each.certainty, each.count, each.amount) for each in totals] == [
        ("probable", 1, 48_000_00),
        ("possible", 2, 96_000_00),
    ]


def test_a_renewal_is_as_urgent_as_the_ladder_of_what_it_would_renew() -> None:
    found = card(harbour(hoped(stage="preparing")))
    ladder = next(each for each in told(harbour()).ladders if each.cliff == "award:core")
    assert found.first_safe == ladder.rungs[0].date
    assert (found.next_kind, found.next_by) == ("writing", ladder.act_by)
    assert found.status == ladder.status


def test_a_bid_that_is_in_waits_for_the_decision() -> None:
    found = card(harbour(hoped(stage="submitted")))
    assert found.next_kind == "decision"


def test_something_new_must_be_decided_by_its_start() -> None:
    # 60 days before 1 April 2027 is 31 January, a Sunday; 10 days before the 29th is the 19th.
    new = hoped(renewal_of=None, stage="idea", bid=Bid(writing_days=10))
    idea = card(harbour(new))
    assert (idea.first_safe, idea.next_kind, idea.next_by) == (
        date(2027, 1, 19),
        "writing",
        date(2027, 1, 19),
    )
    preparing = card(harbour(replace(new, stage="preparing")))
    assert (preparing.next_kind, preparing.next_by) == ("submit", date(2027, 1, 29))
    submitted = card(harbour(replace(new, stage="submitted")))
    assert (submitted.next_kind, submitted.next_by) == ("decision", date(2027, 4, 1))


def test_a_decision_that_comes_after_consultation_must_start_says_by_how_long() -> None:
    ladder = next(each for each in told(harbour()).ladders if each.cliff == "award:core")
    consult = next(rung.date for rung in ladder.rungs if rung.kind == "consultation")
    expected = date(2027, 2, 26)
    late = card(harbour(hoped(bid=Bid(decision_expected=expected))))
    assert late.decided_late == (expected - consult).days > 0
    assert card(harbour(hoped(bid=Bid(decision_expected=consult)))).decided_late is None


def test_a_renewal_keeps_the_posts_of_what_it_renews_and_a_share_of_them() -> None:
    half = Allocation(key="h", post="court", award="core", percent=Decimal(50))
    ended = Allocation(
        key="e", post="past", award="core", percent=Decimal(50), to=day("2026-12-31")
    )
    portfolio = harbour(hoped(), post("court", fte=Decimal("0.8")), post("past"), half, ended)
    found = card(portfolio)
    assert found.posts == ("idva", "court")
    assert found.fte == Decimal("1.4")


def test_an_award_with_shares_of_its_own_counts_those_of_its_first_day() -> None:
    first = Allocation(
        key="a", post="idva", award="renewal", percent=Decimal(40), to=day("2027-09-30")
    )
    then = Allocation(
        key="b", post="idva", award="renewal", percent=Decimal(60), from_=day("2027-10-01")
    )
    found = card(harbour(hoped(), first, then))
    assert (found.posts, found.fte) == (("idva",), Decimal("0.4"))


def test_the_first_to_act_on_stands_at_the_top() -> None:
    later = replace(hoped("later", renewal_of=None), start=day("2028-04-01"), end=day("2029-03-31"))
    portfolio = harbour(later, hoped("sooner"))
    column = pipeline(portfolio, told(portfolio)).columns[2]
    assert [each.key for each in column.cards] == ["sooner", "later"]


# --- what people have said ---------------------------------------------------------------------


def standing(*found: Evidence, today: date = TODAY) -> tuple[int, int] | None:
    best = said(found, today)
    return None if best is None else (best.grade, best.counts)


def test_the_best_that_was_said_counts() -> None:
    assert standing() is None
    assert standing(evidence("2026-11-01", None)) is None
    assert standing(evidence("2026-11-01", 3), evidence("2026-11-10", 1)) == (3, 3)


def test_words_fade_after_sixty_days_and_paper_does_not() -> None:
    for grade in (1, 2, 3):
        assert standing(evidence("2026-09-24", grade)) == (grade, grade)
        assert standing(evidence("2026-09-23", grade)) == (grade, grade - 1)
    for grade in (4, 5, 6, 7):
        assert standing(evidence("2025-01-01", grade)) == (grade, grade)


def test_an_older_e_mail_that_has_faded_gives_way_to_a_fresh_word_as_good() -> None:
    best = said([evidence("2026-06-01", 3), evidence("2026-11-01", 2)], TODAY)
    assert best is not None
    assert (best.grade, best.on) == (2, date(2026, 11, 1))


def test_a_contrary_word_takes_back_what_was_said_before_it() -> None:
    mail, nothing, hint = (
        evidence("2026-10-01", 3),
        evidence("2026-10-20", 0),
        evidence("2026-11-02", 1),
    )
    assert standing(mail, nothing) == (0, 0)
    assert standing(hint, mail, nothing) == (1, 1)


def test_what_will_be_said_does_not_count_yet() -> None:
    assert standing(evidence("2026-11-24", 5)) is None


@pytest.mark.parametrize(
    ("grade", "suggests"),
    [(0, "possible"), (2, "possible"), (3, "probable"), (4, "probable"), (5, "secured")],
)
def test_a_grade_suggests_a_certainty(grade: int, suggests: str) -> None:
    best = said([evidence("2026-11-20", grade)], TODAY)
    assert best is not None
    assert best.suggests == suggests


def test_a_stage_that_claims_more_or_less_than_was_said_is_told() -> None:
    agreed = hoped(stage="agreed-in-principle")
    old = card(harbour(agreed, evidence("2026-06-01", 3)))
    assert old.suggests == "possible"
    assert old.doubt == (
        "Evidence of grade 3 on 1 Jun 2026, counting one less with time, suggests possible: "
        "the stage claims more."
    )
    fresh = card(harbour(agreed, evidence("2026-11-01", 3)))
    assert (fresh.suggests, fresh.doubt) == (None, "")
    offer = card(harbour(agreed, evidence("2026-11-01", 5)))
    assert offer.suggests == "secured"
    assert offer.doubt.endswith("the stage claims less.")
    assert card(harbour(agreed)).suggests == "possible"
    assert card(harbour(agreed)).doubt.startswith("No evidence is recorded")
    assert card(harbour(hoped())).suggests is None


# --- bid or no bid, and late funders -----------------------------------------------------------


def test_a_bid_is_worth_its_value_times_its_chance_less_what_it_costs() -> None:
    found = aid(hoped(probability=Decimal(60), bid=Bid(cost=350_00, hours=Decimal(38))))
    assert found is not None
    assert (found.expected, found.cost, found.worth) == (28_800_00, 350_00, 28_450_00)


def test_without_a_chance_there_is_no_figure_and_without_a_cost_nothing_is_taken_off() -> None:
    assert aid(hoped()) is None
    free = aid(hoped(probability=Decimal(50)))
    assert free is not None
    assert (free.cost, free.worth) == (None, 24_000_00)


def test_a_funder_is_as_late_as_its_offer_letters_were() -> None:
    def decided(key: str, stated: str, *given: tuple[str, int]) -> list[Any]:
        award = grant(
            key,
            "2025-04-01",
            "2026-03-31",
            funder="council",
            bid=Bid(decision_expected=day(stated)),
        )
        return [award, *(evidence(on, grade, key) for on, grade in given)]

    portfolio = book(
        COUNCIL,
        *decided("c", "2024-02-01", ("2024-02-22", 5), ("2024-03-01", 6)),
        *decided("a", "2022-02-01", ("2022-01-10", 4), ("2022-01-28", 5)),
        *decided("b", "2023-02-01", ("2023-02-11", 6)),
        *decided("undecided", "2026-12-01", ("2026-11-01", 3)),
    )
    found = lateness(portfolio, "council")
    assert found is not None
    assert [(each.award, each.late) for each in found.decisions] == [
        ("a", -4),
        ("b", 10),
        ("c", 21),
    ]
    assert (found.median, found.worst, found.latest.late) == (10, 21, 21)
    assert lateness(portfolio, "nobody") is None


def test_halfway_between_two_decisions_is_rounded_to_the_later_day() -> None:
    records: list[Any] = [COUNCIL]
    for key, on in (("a", "2024-02-02"), ("b", "2024-02-05")):
        bid = Bid(decision_expected=day("2024-02-01"))
        records += [grant(key, "2024-04-01", "2025-03-31", funder="council", bid=bid)]
        records += [evidence(on, 5, key)]
    found = lateness(book(*records), "council")
    assert found is not None
    assert found.median == 3


# --- moving ------------------------------------------------------------------------------------


def test_a_card_moved_to_a_firmer_stage_brings_what_was_said() -> None:
    assert wants_evidence("submitted", "agreed-in-principle")
    assert wants_evidence("agreed-in-principle", "awarded")
    assert not wants_evidence("idea", "submitted")
    assert not wants_evidence("agreed-in-principle", "submitted")
    word = Evidence(key="", on=TODAY, who="The officer", channel="e-mail", grade=3)
    portfolio = harbour(hoped())
    edit = moved(portfolio, "renewal", "agreed-in-principle", word)
    after = edit.apply(portfolio)
    assert edit.label == "Move The renewal grant to agreed in principle"
    assert check(after) == ()
    assert card(after).certainty == "probable"
    assert card(after).said is not None
    assert after.evidence[0].award == "renewal"
    assert edit.placed(portfolio).inverse.apply(after) == portfolio


def test_a_card_left_where_it_was_is_no_change() -> None:
    assert moved(harbour(hoped()), "renewal", "submitted").changes == ()
    with pytest.raises(RefusedError, match="not in the book"):
        moved(harbour(), "renewal", "idea")


@settings(max_examples=40)
@given(portfolios(most=10))
def test_in_any_book_the_totals_are_those_of_its_cards(portfolio: Portfolio) -> None:
    board = pipeline(portfolio, told(portfolio, horizon=12))
    hopeful = [each for each in portfolio.awards if each.stage in ("idea", "preparing")]
    assert {each.key for each in hopeful} <= {each.key for each in board.cards}
    assert sum(each.amount for each in board.totals) == sum(each.amount for each in board.cards)
    assert all(each.first_safe <= each.start or each.renews for each in board.cards)
