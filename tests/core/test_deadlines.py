from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.check import check
from fundtrack.core.deadlines import (
    Due,
    Snooze,
    deadlines,
    done,
    fell_due,
    given_to,
    group_of,
    reminders,
    reopened,
    snoozed,
)
from fundtrack.core.errors import RefusedError
from fundtrack.core.model import (
    Award,
    Bid,
    Deadline,
    Extension,
    Funder,
    Payment,
    Portfolio,
    Reporting,
)
from tests.core.harbour import TODAY, book, day, grant, post, told
from tests.strategies import portfolios

COUNCIL = Funder(key="council", name="Wharf Council", kind="council", decision_days=60)
QUARTERLY = Reporting(frequency="quarter", anchor="financial-year", due_days=30)


def core(**fields: Any) -> Award:
    return grant("core", "2026-04-01", "2027-03-31", **({"funder": "council"} | fields))


def harbour(*records: Any, **organisation: Any) -> Portfolio:
    return book(COUNCIL, core(), post("idva", on="core"), *records, **organisation)


def listed(portfolio: Portfolio, today: date = TODAY, **asked: Any) -> dict[str, Due]:
    found = deadlines(portfolio, told(portfolio, today), **asked)
    by_uid = {each.uid: each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


def renewal(**fields: Any) -> Award:
    usual = {"stage": "preparing", "funder": "council", "renewal_of": "core"}
    return grant("renewal", "2027-04-01", "2028-03-31", **(usual | fields))


def deadline(kind: str, due: str, **fields: Any) -> Deadline:
    usual: dict[str, Any] = {
        "key": f"own-{kind}",
        "title": f"Our own {kind}",
        "kind": kind,
        "due": day(due),
    }
    return Deadline(**(usual | fields))


# --- what is in the list -----------------------------------------------------------------------


def test_the_rungs_of_a_ladder_are_told_once_for_the_award_and_notice_for_each_post() -> None:
    portfolio = harbour(post("court", on="core", start=day("2026-01-05")))
    rungs = {uid: each for uid, each in listed(portfolio).items() if each.kind != "meeting"}
    assert set(rungs) == {
        "award:core:writing",
        "award:core:submit",
        "award:core:decision",
        "award:core:consultation",
        "award:core:end",
        "post:idva:notice",
        "post:court:notice",
    }
    assert rungs["post:idva:notice"].due < rungs["post:court:notice"].due
    assert rungs["post:idva:notice"].title == "The idva worker: give notice"
    assert rungs["award:core:end"].due == date(2027, 3, 31)
    assert rungs["post:idva:notice"].because == ("posts.idva", "awards.core")


def test_a_post_that_stands_on_no_award_has_a_ladder_of_its_own() -> None:
    ending = post("cook", end=day("2027-03-31"), contract="fixed-term")
    found = listed(book(ending))
    assert "post:cook:end" in found


def test_returns_payments_bids_decisions_extensions_and_meetings_are_all_there() -> None:
    option = Extension(key="x", end=day("2028-03-31"), amount=100, notice_months=2)
    paid = Payment(due=day("2027-01-04"), amount=15_000_00)
    bid = Bid(deadline=day("2027-01-22"), decision_expected=day("2027-03-12"))
    portfolio = book(
        COUNCIL,
        core(reporting=QUARTERLY, payment_basis="arrears", payments=(paid,), extensions=(option,)),
        renewal(bid=bid),
        deadline("other", "2026-12-24", title="Insurance falls due"),
        board_meetings=(day("2026-12-10"),),
        paper_days=5,
    )
    found = listed(portfolio)
    assert found["award:core:return:2026-10-01"].kind == "claim"
    assert found["award:core:payment:1"].amount == 15_000_00
    assert found["award:core:payment:1"].title == (
        "The core grant: payment 1 of 1 from Wharf Council"
    )
    assert found["award:renewal:bid"].due == date(2027, 1, 22)
    assert found["award:renewal:expected"].due == date(2027, 3, 12)
    assert found["award:core:extension:x"].due == date(2027, 1, 31)
    assert found["organisation:meeting:2026-12-10"].title == "Trustees meet"
    assert found["organisation:papers:2026-12-10"].due == date(2026, 12, 4)  # the 5th, a Saturday
    assert found["deadline:own-other"].title == "Insurance falls due"
    assert [each.due for each in found.values()] == sorted(each.due for each in found.values())


def test_what_will_never_be_money_asks_for_nothing() -> None:
    bid = Bid(deadline=day("2027-01-22"), decision_expected=day("2027-03-12"))
    lost = renewal(stage="unsuccessful", bid=bid)
    option = Extension(key="x", end=day("2028-03-31"), amount=100)
    withdrawn = grant("w", "2026-04-01", "2027-03-31", stage="withdrawn", extensions=(option,))
    found = listed(book(COUNCIL, core(), lost, withdrawn))
    assert {each.award for each in found.values()} == {"core"}


def test_a_bid_that_is_in_is_done_and_its_decision_is_still_expected() -> None:
    bid = Bid(deadline=day("2026-10-22"), decision_expected=day("2027-03-12"))
    found = listed(book(COUNCIL, core(), renewal(stage="submitted", bid=bid)))
    assert found["award:renewal:bid"].group == "Done"
    assert found["award:renewal:expected"].group == "Later"


def test_payments_before_the_balances_are_in_them_and_later_ones_are_chased() -> None:
    earlier = Payment(due=day("2026-10-01"), amount=100)
    late = Payment(due=day("2026-11-02"), amount=200)
    found = listed(book(COUNCIL, core(payments=(earlier, late))))
    assert "award:core:payment:1" not in found
    assert found["award:core:payment:2"].group == "Overdue"


def test_an_extension_whose_day_has_passed_is_overdue_until_the_money_has_ended() -> None:
    option = Extension(key="x", end=day("2028-03-31"), amount=100, notice_months=6)
    portfolio = book(COUNCIL, core(extensions=(option,)))
    assert listed(portfolio)["award:core:extension:x"].group == "Overdue"
    assert "award:core:extension:x" not in listed(portfolio, day("2027-04-01"))


def test_papers_for_a_meeting_that_is_over_are_no_longer_wanted() -> None:
    portfolio = book(board_meetings=(day("2026-11-20"), day("2026-11-25")))
    found = listed(portfolio)
    assert found["organisation:meeting:2026-11-20"].group == "Done"
    assert "organisation:papers:2026-11-20" not in found
    assert found["organisation:papers:2026-11-25"].group == "Overdue"


def test_what_was_done_over_a_year_ago_is_left_out_and_what_is_overdue_never_is() -> None:
    old = deadline("other", "2024-01-10", done_on=day("2024-01-09"))
    forgotten = deadline("return", "2024-01-10")
    assert set(listed(book(old, forgotten))) == {"deadline:own-return"}


def test_a_deadline_of_our_own_is_there_however_far_ahead_and_what_is_implied_is_not() -> None:
    long = grant("long", "2026-04-01", "2040-03-31", reporting=QUARTERLY)
    found = listed(book(long, deadline("other", "2041-01-10")))
    assert "deadline:own-other" in found
    assert max(each.due for each in found.values() if each.kind == "return") < date(2029, 12, 1)


# --- groups ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "group"),
    [
        ("2026-11-22", "Overdue"),
        ("2026-11-23", "This week"),
        ("2026-11-29", "This week"),
        ("2026-11-30", "This month"),
        ("2026-12-01", "Later"),
    ],
)
def test_a_week_ends_on_sunday_and_a_month_on_its_last_day(due: str, group: str) -> None:
    assert group_of(day(due), TODAY, done=False) == group
    assert group_of(day(due), TODAY, done=True) == "Done"


def test_days_away_are_counted_from_today() -> None:
    found = listed(book(deadline("other", "2026-11-30"), deadline("claim", "2026-11-20")))
    assert found["deadline:own-other"].away == 7
    assert found["deadline:own-claim"].away == -3
    assert found["deadline:own-claim"].status == "overdue"
    assert found["deadline:own-other"].status == "act now"


# --- nothing twice -----------------------------------------------------------------------------


def test_a_deadline_for_a_return_stands_in_its_place_with_its_owner() -> None:
    own = deadline("return", "2027-01-30", award="core", owner="Finance manager")
    found = listed(book(COUNCIL, core(reporting=QUARTERLY), own))
    assert "deadline:own-return" not in found
    third = found["award:core:return:2026-10-01"]
    assert (third.title, third.owner) == ("Our own return", "Finance manager")
    assert third.stored == "own-return"
    assert "deadlines.own-return" in third.because


def test_a_return_the_funder_gave_more_time_for_is_due_on_the_new_day() -> None:
    own = deadline("return", "2027-02-12", award="core")
    third = listed(book(COUNCIL, core(reporting=QUARTERLY), own))["award:core:return:2026-10-01"]
    assert third.due == date(2027, 2, 12)
    assert third.note == "By the terms: 30 January 2027."


def test_a_deadline_of_our_own_may_be_sooner_than_a_rung_and_never_later() -> None:
    safe = listed(harbour())["award:core:submit"].due
    early, late = safe - timedelta(days=7), safe + timedelta(days=7)
    sooner = harbour(deadline("submit", early.isoformat(), award="core"))
    later = harbour(deadline("submit", late.isoformat(), award="core"))
    assert listed(sooner)["award:core:submit"].due == early
    assert "The last safe day is" in listed(sooner)["award:core:submit"].note
    assert listed(later)["award:core:submit"].due == safe
    assert "deadline:own-submit" not in listed(sooner)


def test_a_deadline_for_another_award_stays_by_itself() -> None:
    own = deadline("submit", "2026-12-01")
    assert "deadline:own-submit" in listed(harbour(own))


def test_papers_already_in_the_book_are_not_asked_for_again() -> None:
    own = deadline("meeting", "2026-12-03", title="Papers about the core grant")
    found = listed(book(own, board_meetings=(day("2026-12-10"),)))
    assert found["organisation:papers:2026-12-10"].title == "Papers about the core grant"
    assert "deadline:own-meeting" not in found


def test_a_ticked_return_keeps_its_name_and_is_done() -> None:
    portfolio = book(COUNCIL, core(reporting=QUARTERLY))
    third = listed(portfolio)["award:core:return:2026-10-01"]
    after = done(portfolio, third, TODAY).apply(portfolio)
    again = listed(after)["award:core:return:2026-10-01"]
    assert (again.done, again.done_on, again.group) == (True, TODAY, "Done")
    assert len(listed(after)) == len(listed(portfolio)) - 2  # the two before are presumed


# --- done, owner, snooze -----------------------------------------------------------------------


def a_full_book() -> Portfolio:
    option = Extension(key="x", end=day("2028-03-31"), amount=100, notice_months=2)
    paid = Payment(due=day("2027-01-04"), amount=15_000_00)
    bid = Bid(deadline=day("2027-01-22"), decision_expected=day("2027-03-12"))
    return book(
        COUNCIL,
        core(reporting=QUARTERLY, payments=(paid,), extensions=(option,)),
        renewal(bid=bid),
        post("idva", on="core"),
        deadline("other", "2026-12-24"),
        board_meetings=(day("2026-12-10"),),
    )


def test_everything_that_can_be_ticked_is_then_done_once_and_under_its_own_name() -> None:
    portfolio = a_full_book()
    before = listed(portfolio)
    assert {each.kind for each in before.values() if each.can_be_done} == {
        "return", "accounts", "payment", "bid", "expected", "extension", "writing", "submit",
        "decision", "consultation", "notice", "papers", "other",
    }  # fmt: skip
    for uid, each in before.items():
        if not each.can_be_done:
            continue
        edit = done(portfolio, each, TODAY)
        after = edit.apply(portfolio)
        assert check(after) == ()
        assert listed(after)[uid].done_on == TODAY, uid
        assert set(listed(after)) <= set(before), uid
        back = reopened(after, listed(after)[uid]).apply(after)
        assert not listed(back)[uid].done, uid


def test_a_decision_awaited_from_a_funder_is_not_the_trustees_own() -> None:
    portfolio = a_full_book()
    after = done(portfolio, listed(portfolio)["award:renewal:expected"], TODAY).apply(portfolio)
    assert after.deadlines[-1].kind == "other"
    assert not listed(after)["award:core:decision"].done


def test_notice_given_to_one_post_leaves_the_others_to_be_given() -> None:
    portfolio = harbour(post("court", on="core"))
    after = done(portfolio, listed(portfolio)["post:idva:notice"], TODAY).apply(portfolio)
    assert listed(after)["post:idva:notice"].done
    assert not listed(after)["post:court:notice"].done


def test_a_payment_marked_done_has_been_received_in_full() -> None:
    portfolio = a_full_book()
    after = done(portfolio, listed(portfolio)["award:core:payment:1"], TODAY).apply(portfolio)
    assert after.awards[0].payments[0].received_on == TODAY
    assert after.awards[0].payments[0].received == 15_000_00


def test_nobody_ticks_a_meeting_or_the_end_of_money() -> None:
    found = listed(a_full_book())
    for uid in ("organisation:meeting:2026-12-10", "award:core:end"):
        with pytest.raises(RefusedError, match="by itself"):
            done(a_full_book(), found[uid], TODAY)
        with pytest.raises(RefusedError, match="by itself"):
            given_to(a_full_book(), found[uid], "Ada")


def test_what_a_stage_says_is_done_is_not_reopened_here() -> None:
    bid = Bid(deadline=day("2026-10-22"))
    portfolio = book(COUNCIL, core(), renewal(stage="submitted", bid=bid))
    with pytest.raises(RefusedError, match="stage"):
        reopened(portfolio, listed(portfolio)["award:renewal:bid"])


def test_anything_open_can_be_given_to_someone_and_stays_one_thing() -> None:
    portfolio = a_full_book()
    for uid, each in listed(portfolio).items():
        if not each.can_be_done:
            continue
        after = given_to(portfolio, each, "Finance manager").apply(portfolio)
        found = listed(after)
        assert found[uid].owner == "Finance manager", uid
        assert (found[uid].due, found[uid].done) == (each.due, False), uid
        assert set(found) == set(listed(portfolio)), uid


def test_a_snooze_needs_a_reason_and_a_day_to_come_and_hides_nothing() -> None:
    portfolio = book(deadline("other", "2026-11-20"))
    late = listed(portfolio)["deadline:own-other"]
    with pytest.raises(RefusedError, match="why"):
        snoozed((), late, day("2026-12-01"), "  ", TODAY)
    with pytest.raises(RefusedError, match="after today"):
        snoozed((), late, TODAY, "waiting", TODAY)
    kept = snoozed((), late, day("2026-12-01"), "waiting for the auditor", TODAY)
    found = listed(portfolio, snoozes=kept)["deadline:own-other"]
    assert found.snooze == Snooze(
        "deadline:own-other", day("2026-12-01"), "waiting for the auditor"
    )
    assert found.overdue
    over = listed(portfolio, day("2026-12-01"), snoozes=kept)["deadline:own-other"]
    assert over.snooze is None


def test_snoozing_again_takes_the_place_of_the_first_and_old_ones_go() -> None:
    item = listed(book(deadline("other", "2026-11-20")))["deadline:own-other"]
    old = Snooze("gone", day("2026-11-01"), "over")
    first = snoozed((old,), item, day("2026-12-01"), "one", TODAY)
    second = snoozed(first, item, day("2026-12-09"), "two", TODAY)
    assert [each.reason for each in second] == ["two"]


# --- what has come up --------------------------------------------------------------------------


def test_while_you_were_away_tells_what_fell_due_and_was_not_done() -> None:
    portfolio = book(
        deadline("other", "2026-11-20"),
        deadline("claim", "2026-11-21", done_on=day("2026-11-21")),
        deadline("return", "2026-11-16"),
        deadline("bid", "2026-11-24"),
    )
    found = deadlines(portfolio, told(portfolio))
    away = fell_due(found, day("2026-11-16"), TODAY)
    assert [each.uid for each in away] == ["deadline:own-other"]


def remind(portfolio: Portfolio, since: str, until: str, **asked: Any) -> list[tuple[str, Any]]:
    found = deadlines(portfolio, told(portfolio, day(until)), **asked)
    return [(each.item.uid, each.days) for each in reminders(found, day(since), day(until))]


def test_reminders_come_on_the_days_the_charity_chose_and_on_the_day_after() -> None:
    portfolio = book(deadline("other", "2026-12-24"), reminder_days=(10, 3))
    due = day("2026-12-24")
    reminded = [
        due - today
        for today in (due - timedelta(days=n) for n in range(-5, 30))
        if remind(portfolio, (today - timedelta(days=1)).isoformat(), today.isoformat())
    ]
    assert sorted(each.days for each in reminded) == [-1, 3, 10]


def test_without_a_choice_reminders_come_four_two_and_one_week_and_a_day_before() -> None:
    portfolio = book(deadline("other", "2026-12-24"))
    assert remind(portfolio, "2026-11-25", "2026-11-26") == [("deadline:own-other", 28)]
    assert remind(portfolio, "2026-12-23", "2026-12-24") == [("deadline:own-other", 0)]
    assert remind(portfolio, "2026-11-26", "2026-12-09") == []


def test_a_long_absence_brings_one_reminder_of_each_thing_the_latest() -> None:
    portfolio = book(deadline("other", "2026-12-24"), deadline("claim", "2026-12-10"))
    assert remind(portfolio, "2026-11-01", "2026-12-20") == [
        ("deadline:own-claim", -1),
        ("deadline:own-other", 7),
    ]


def test_a_snoozed_reminder_waits_and_comes_when_its_day_has_come() -> None:
    portfolio = book(deadline("other", "2026-12-24"))
    nap = Snooze("deadline:own-other", day("2026-12-21"), "the auditor is away")
    assert remind(portfolio, "2026-12-16", "2026-12-17", snoozes=(nap,)) == []
    found = deadlines(portfolio, told(portfolio, day("2026-12-20")), snoozes=(nap,))
    assert reminders(found, day("2026-12-19"), day("2026-12-20")) == ()
    (woken,) = reminders(found, day("2026-12-20"), day("2026-12-21"))
    assert (woken.on, woken.days) == (day("2026-12-21"), None)


def test_what_is_done_is_not_reminded_of() -> None:
    portfolio = book(deadline("other", "2026-12-24", done_on=day("2026-11-25")))
    assert remind(portfolio, "2026-11-25", "2026-11-26") == []


# --- laws --------------------------------------------------------------------------------------


def _is_over(portfolio: Portfolio, each: Deadline) -> bool:
    """Ticked, or a bid that its award's stage says has gone in."""
    award = portfolio.awards_by_key.get(each.award or "")
    gone_in = award is not None and award.stage not in ("idea", "preparing")
    return each.done_on is not None or (each.kind == "bid" and gone_in)


@given(portfolios(most=14), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_in_any_book_every_name_is_used_once_and_every_deadline_open_is_there(
    portfolio: Portfolio, today: date
) -> None:
    found = deadlines(portfolio, told(portfolio, today, 24))
    names = [each.uid for each in found]
    assert len(set(names)) == len(names)
    stored = {each.stored for each in found}
    assert {each.key for each in portfolio.deadlines if not _is_over(portfolio, each)} <= stored
    assert all(each.group == "Overdue" for each in found if each.due < today and not each.done)


@settings(max_examples=15)
@given(st.integers(1, 400))
def test_names_stay_when_dates_move(days: int) -> None:
    portfolio = a_full_book()
    award = portfolio.awards[0]
    moved = replace(award, end=award.end + timedelta(days=days), extensions=())
    after = replace(portfolio, awards=(moved, *portfolio.awards[1:]))
    kinds = ("submit", "notice", "return")
    assert {uid for uid, each in listed(portfolio).items() if each.kind in kinds} <= set(
        listed(after)
    )
