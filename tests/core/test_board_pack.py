from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fundtrack import app
from fundtrack.core import words
from fundtrack.core.board_pack import BoardPack, board_pack, compared_on, more
from fundtrack.core.model import (
    Balances,
    Bid,
    Cost,
    Evidence,
    Extension,
    Funder,
    Person,
    Portfolio,
    Reporting,
    ReservesPolicy,
    Return,
    Service,
)
from fundtrack.core.outlook import Outlook
from tests.core.harbour import TODAY, book, day, grant, post, told

NEXT, AFTER = date(2026, 12, 3), date(2027, 2, 4)
LAST = date(2026, 9, 24)
MEETINGS = {"board_meetings": (LAST, NEXT, AFTER)}
PCC = Funder(key="pcc", name="Eastmere PCC", kind="commissioner", decision_days=90)
CORE = grant("core", "2024-04-01", "2027-03-31", 180_000, funder="pcc", service="help")
HELP = Service(key="help", name="Help", people_supported=412)


def pack(portfolio: Portfolio, earlier: Outlook | None = None, today: date = TODAY) -> BoardPack:
    return board_pack(portfolio, told(portfolio, today), earlier, version="FundTrack")


def charity(*records: Any, **organisation: Any) -> Portfolio:
    """A book with a funder and a service, and these records."""
    return book(PCC, HELP, *records, **organisation)


def renewal(stage: str, **fields: Any) -> Any:
    return grant(
        "next",
        "2027-04-01",
        "2030-03-31",
        190_000,
        funder="pcc",
        stage=stage,
        renewal_of="core",
        **fields,
    )


def figure(found: BoardPack, name: str) -> Any:
    return next(
        each for line in found.key_lines for each in line.figures if each.name.startswith(name)
    )


def scenario(found: BoardPack, name: str) -> Any:
    return next(each for each in found.scenarios if each.name == name)


# --- what is asked of trustees -------------------------------------------------------------------


def test_trustees_are_asked_about_consultation_before_the_choice_is_lost() -> None:
    found = pack(charity(CORE, post("idva", on="core"), post("isva", on="core"), **MEETINGS))
    # Seven complete years: seven weeks' notice, by 10 February; consultation 30 days before.
    assert found.decisions[0].said == (
        "Agree whether consultation starts by Mon 11 January on the 2 posts (2 FTE) unfunded, "
        "wholly or partly, from 1 April 2027. Lost after 11 Jan; notice by 10 Feb."
    )


def test_what_can_wait_for_a_later_meeting_is_counted_and_not_asked() -> None:
    later = replace(CORE, end=date(2028, 3, 31))
    found = pack(charity(later, post("idva", on="core"), **MEETINGS))
    assert found.decisions == ()
    assert found.later.startswith("Nothing to decide before ")


def test_a_consultation_that_should_have_begun_is_overdue() -> None:
    soon = replace(CORE, end=date(2026, 12, 31))
    (first, *_) = pack(charity(soon, post("idva", on="core"), **MEETINGS)).decisions
    assert "no consultation is marked as begun" in first.text
    assert first.lost.startswith("Overdue since ")


def test_a_bid_to_write_is_lost_when_it_closes() -> None:
    bid = Bid(deadline=date(2027, 1, 22))
    found = pack(charity(CORE, renewal("preparing", bid=bid), **MEETINGS))
    assert [each.said for each in found.decisions] == [
        "Agree the bid to Eastmere PCC: The next grant, £190,000. Lost after 22 Jan."
    ]


def test_a_funder_that_answers_too_late_is_to_be_asked_for_a_written_decision() -> None:
    bid = Bid(decision_expected=date(2027, 2, 12))
    asked = [
        each
        for each in pack(
            charity(CORE, renewal("submitted", bid=bid), post("idva", on="core"), **MEETINGS)
        ).decisions
        if each.text.startswith("Ask Eastmere PCC for a written decision")
    ]
    (one,) = asked
    assert one.by is not None
    assert f"{(date(2027, 2, 12) - one.by).days} days too late" in one.text


def test_an_option_of_a_contract_is_asked_about_before_its_notice_day() -> None:
    option = Extension(key="year", end=date(2028, 3, 31), amount=6_000_000, notice_months=3)
    found = pack(charity(replace(CORE, extensions=(option,)), **MEETINGS))
    assert "Decide whether to take up the extension of The core grant to 31 March 2028. " in [
        f"{each.text} " for each in found.decisions
    ]


def test_reserves_below_policy_are_for_this_meeting() -> None:
    policy = ReservesPolicy(kind="amount", value=Decimal(90_000))
    found = pack(charity(reserves_policy=policy, **MEETINGS))
    assert found.decisions[0].said == (
        "Agree how free reserves get back to policy: £60,000, against £90,000. "
        "Decide at this meeting."
    )


# --- private things stay private -----------------------------------------------------------------


def test_no_person_no_salary_and_no_owner_is_in_it() -> None:
    sample = app.sample(TODAY)
    named = tuple(
        replace(
            each,
            title=f"Iris Vane's post {at}",
            salary=31_415_92,
            person=replace(each.person or Person(), reference="Iris Vane"),
        )
        for at, each in enumerate(sample.posts)
    )
    sample = replace(
        sample,
        posts=named,
        deadlines=tuple(
            replace(each, owner="Iris Vane", title=f"Iris Vane: {each.kind}")
            for each in sample.deadlines
        ),
        evidence=tuple(replace(each, who="Iris Vane", note="Iris") for each in sample.evidence),
    )
    said = str(asdict(pack(sample, told(sample, LAST))))
    assert "Iris" not in said
    for private in ("31,415", "31,416", "604.15", "£604", "3141592"):
        assert private not in said


# --- figures -------------------------------------------------------------------------------------


def test_three_commissioners_with_one_ministry_are_one_risk() -> None:
    moj = Funder(key="moj", name="Ministry of Justice")
    passing = Funder(key="gm", name="Greater Mere", ultimate_source="moj")
    below = Funder(key="fund", name="Mere Fund", ultimate_source="gm")
    own = Funder(key="trust", name="Ash Trust")
    term = ("2026-04-01", "2028-03-31", 24_000)
    awards = [grant(key, *term, funder=key) for key in ("moj", "gm", "fund", "trust")]
    found = pack(charity(moj, passing, below, own, *awards))
    assert figure(found, "Largest funder").now.value == 25
    assert figure(found, "Largest ultimate source: Ministry of Justice").now.value == 75
    assert figure(found, "Largest ultimate source").status == "watch"


def test_an_award_is_new_income_once_whole_when_it_is_agreed() -> None:
    three_years = grant("three", "2027-01-01", "2029-12-31", 90_000)
    before = told(charity(replace(three_years, stage="submitted"), CORE), LAST)
    assert figure(pack(charity(three_years, CORE), before), "New income").now.value == 90_000_00
    agreed = told(charity(three_years, CORE), LAST)
    none = figure(pack(charity(three_years, CORE), agreed), "New income")
    assert (none.now.text, none.status) == ("£0", "watch")


def test_what_is_earned_and_not_yet_paid_is_lent_to_the_funder() -> None:
    """£1,000 a month, claimed half-yearly: by the end of March the funder owes five months."""
    arrears = grant(
        "arrears",
        "2026-11-01",
        "2027-10-31",
        12_000,
        fund="unrestricted",
        payment_basis="arrears",
        reporting=Reporting(frequency="half", anchor="financial-year", due_days=30),
    )
    lent = figure(pack(charity(arrears)), "Lent to funders")
    # Nothing is paid for October to March before 30 April; by 30 September six more have gone by.
    assert (lent.now.value, lent.now.note) == (6_000_00, "Sep 2027")


def test_overheads_that_no_grant_bears_are_a_shortfall() -> None:
    rent = Cost(
        key="rent",
        title="Rent",
        kind="overhead",
        amount=500_00,
        frequency="month",
        start=date(2026, 1, 1),
    )
    assert figure(pack(charity(rent)), "Overheads").now.value == 12 * 500_00
    unmarked = replace(rent, kind=None)
    assert figure(pack(charity(unmarked)), "Overheads").now.text == "not recorded"


def test_the_secured_share_is_of_all_income_of_the_whole_financial_year() -> None:
    sure = grant("sure", "2026-04-01", "2028-03-31", 72_000)
    hoped = grant("hoped", "2027-04-01", "2028-03-31", 12_000, stage="idea")
    found = pack(charity(sure, hoped))
    assert figure(found, "Secured share of income, 2026-27").now.text == "100%"
    assert figure(found, "Secured share of income, 2027-28").now.text == "75%"


def test_reserves_below_nought_beside_restricted_money_are_said_in_words() -> None:
    balances = Balances(
        as_at=date(2026, 11, 1), cash=20_000_00, total_funds=10_000_00, restricted=18_000_00
    )
    found = pack(charity(post("idva"), balances=balances))
    assert "The charity is solvent only by using restricted money." in [
        each.text for each in found.sentences
    ]
    assert figure(found, "of which free").now.value == 2_000_00


def test_free_cash_below_nought_is_said_in_those_words() -> None:
    spent = charity(post("idva"), post("isva"))  # £5,000 a month and on-costs, from £60,000
    said = pack(spent).sentences[-1].text
    assert said.startswith("On secured money alone, you would be spending restricted money in ")
    assert "restricted" not in " ".join(each.text for each in pack(charity()).sentences)


def test_the_change_since_the_last_meeting_carries_its_sign() -> None:
    now = charity(post("idva"), cash_only := CORE)
    then = replace(
        now,
        organisation=replace(
            now.organisation,
            balances=Balances(as_at=date(2026, 9, 1), cash=75_000_00, free_reserves=61_000_00),
        ),
    )
    found = pack(now, told(then, LAST))
    assert cash_only in now.awards
    assert figure(found, "Cash at bank").change.text == "−£15,000"
    assert figure(found, "Free reserves").last.text == "£61,000"


# --- posts, scenarios, returns -------------------------------------------------------------------


def test_the_fte_of_each_quarter_adds_up_to_all_posts() -> None:
    found = pack(app.sample(TODAY)).posts
    assert len(found.months) == 6
    for at, total in enumerate(found.total):
        parts = [row.fte[at].value for row in found.rows]
        assert sum(parts) == total.value  # type: ignore[arg-type]  # each is a Decimal


def test_every_bar_and_scenario_counts_one_certainty_and_never_a_blend() -> None:
    sample = app.sample(TODAY)
    outlook = told(sample)
    found = board_pack(sample, outlook)
    for bar in found.runway.bars:
        forecast = outlook.forecast[bar.certainty]
        assert bar.below == forecast.floor_breach_month
        assert bar.gone == forecast.reserves_exhausted_month
    for name, certainty in (("Secured only", "secured"), ("Probable too", "probable")):
        row = scenario(found, name)
        assert row.counting == certainty
        assert row.gone.value == outlook.forecast[row.counting].reserves_exhausted_month


def test_losing_the_largest_source_is_worse_than_secured_money_alone() -> None:
    found = pack(app.sample(TODAY))
    secured, lost = scenario(found, "Secured only"), scenario(found, "Largest source lost")
    assert lost.gone.value < secured.gone.value
    assert lost.lowest.value < secured.lowest.value
    assert lost.fte.value > secured.fte.value
    assert any("Ministry of Justice" in said for said in found.basis)


def test_a_renewal_three_months_late_leaves_its_posts_unfunded_in_between() -> None:
    agreed = renewal("agreed-in-principle")
    found = pack(charity(CORE, agreed, post("idva", on="core")))
    assert scenario(found, "Probable too").fte.text == "0.00"
    assert scenario(found, "All 3 months late").fte.text == "1.00"


def test_money_that_ends_shows_what_hangs_on_it_and_how_sure_its_renewal_is() -> None:
    heard = Evidence(key="e", award="next", on=date(2026, 11, 12), who="An officer", grade=3)
    bid = Bid(decision_expected=date(2027, 1, 29))
    found = pack(
        charity(
            CORE,
            renewal("agreed-in-principle", bid=bid),
            post("idva", on="core", fte=Decimal("0.6")),
            heard,
        )
    )
    (core,) = found.endings
    assert core.renewal == "Probable: e-mail, 12 Nov"
    assert (core.a_year.text, core.fte.text, core.people.text) == ("£60,000", "0.60", "412")
    assert core.decision.value == date(2027, 1, 29)


def test_a_stage_that_claims_more_than_was_said_is_shown_up() -> None:
    hint = Evidence(key="e", award="next", on=date(2026, 11, 12), grade=1)
    found = pack(charity(CORE, renewal("agreed-in-principle"), hint))
    assert found.endings[0].renewal == "Probable: only a hint, 12 Nov"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (date(2026, 10, 30), "Returns on time in 12 months: 1 of 1. "),
        (date(2026, 10, 31), "Returns on time in 12 months: 0 of 1. "),
        (None, "Returns on time in 12 months: 0 of 1; 1 overdue (The core grant, due 30 Oct). "),
    ],
)
def test_a_return_is_on_time_on_its_day_and_not_the_day_after(sent: date | None, said: str) -> None:
    reporting = Reporting(frequency="quarter", anchor="financial-year", due_days=30)
    begun = replace(CORE, start=day("2026-07-01"), reporting=reporting)
    record = Return(
        key="q2",
        award="core",
        period="2026-27 Q2",
        status="submitted" if sent else "draft",
        submitted_on=sent,
    )
    assert pack(charity(begun, record)).returns.says.startswith(said)


# --- since the last report -----------------------------------------------------------------------


def test_what_was_agreed_lost_or_moved_is_told_and_what_was_forecast_wrongly() -> None:
    before = charity(
        CORE,
        renewal("submitted"),
        grant("lost", "2027-01-01", "2027-12-31", 20_000, stage="submitted"),
        balances=Balances(as_at=date(2026, 9, 1), cash=50_000_00, free_reserves=50_000_00),
    )
    now = charity(
        replace(CORE, end=date(2027, 6, 30)),
        renewal("agreed-in-principle"),
        grant("lost", "2027-01-01", "2027-12-31", 20_000, stage="unsuccessful"),
        grant("new", "2027-01-01", "2027-12-31", 9_000),
    )
    said = pack(now, told(before, LAST)).changes
    assert said[:2] == (
        "Agreed: The new grant, £9,000.",
        "Lost: The lost grant, £20,000, was possible.",
    )
    assert "The core grant ends 30 Jun 2027, not 31 Mar 2027." in said
    assert "The next grant is now probable, was possible." in said
    # Nothing was spent in that book, and the core grant's £10,000 for two months came in.
    assert "We said cash of £60,000 at 31 Oct 2026; it is £60,000." not in said
    assert "At 31 Oct 2026 cash is £60,000, as forecast." in said
    assert "We said free reserves of £50,000 at 31 Oct 2026; they are £60,000." in said


def test_a_book_that_has_not_changed_says_so() -> None:
    same = charity(CORE)
    assert pack(same, told(same, LAST)).changes == ("Nothing has changed.",)


def test_the_day_to_compare_with_is_the_last_meeting_before_today() -> None:
    portfolio = charity(**MEETINGS)
    assert compared_on(portfolio, TODAY) == LAST
    assert compared_on(portfolio, NEXT) == LAST
    assert compared_on(portfolio, LAST) is None


# --- what is missing -----------------------------------------------------------------------------


def test_what_is_not_in_the_book_is_said_and_never_guessed() -> None:
    found = pack(app.empty_portfolio("Us", "scotland", date(2026, 11, 1)))
    assert found.purpose == "For the trustees. The book has no date for their next meeting."
    assert found.sentences[-1].text == "The book has no balances, so free reserves are not known."
    assert found.runway.bars == ()
    assert {figure(found, name).now.text for name in ("Cash at bank", "Free reserves")} == {
        "not recorded"
    }
    assert {row.gone.text for row in found.scenarios} == {"not known"}
    assert found.posts.rows == ()
    assert any(said.startswith("Not in the book: balances, cash at bank") for said in found.basis)


def test_without_an_earlier_book_nothing_is_compared_and_that_is_said() -> None:
    found = pack(charity(CORE))
    assert (found.since, found.changes) == (None, ())
    assert "Not compared: the book keeps nothing from before the last meeting." in found.basis
    assert figure(found, "Cash at bank").last.text == "not kept"


def test_every_report_asks_for_advice_and_for_the_going_concern_note() -> None:
    for portfolio in (app.sample(TODAY), charity()):
        found = pack(portfolio)
        assert found.basis[-1] == words.PLANNING
        assert found.going_concern == ("Period looked at", "Material uncertainty", "Basis")


def test_a_list_that_is_cut_says_how_much_more_there_is() -> None:
    assert [more(5, 5), more(6, 5), more(17, 5)] == ["", "and 1 more", "and 12 more"]
