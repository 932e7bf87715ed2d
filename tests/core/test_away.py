"""While you were away: what is worth a word, and what is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fundtrack.core.away import Away, Change, away, seen, unseen
from fundtrack.core.deadlines import deadlines
from fundtrack.core.model import Deadline, Portfolio
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.rates import Statutory
from tests.core.harbour import STATUTORY, TODAY, book, day, grant, post, told

WEEK = timedelta(7)


def harbour(end: str = "2027-03-31", *records: Any) -> Portfolio:
    return book(grant("core", "2026-04-01", end), post("idva", on="core"), *records)


def since(then: Outlook, now: Outlook, *changes: Change, fresh: tuple[Any, ...] = ()) -> Away:
    dues = deadlines(now.workings.portfolio, now)
    return away(then, now, dues, changes, fresh)


def said(found: Away, kind: str) -> list[str]:
    return [news.says for news in found.news if news.kind == kind]


def test_a_week_in_which_nothing_happened_says_nothing() -> None:
    found = since(told(harbour(), TODAY), told(harbour(), TODAY + WEEK))
    assert found.news == ()
    assert found.said == ""


def test_what_fell_due_meanwhile_and_is_not_done_is_told_with_where_it_stands() -> None:
    owed = Deadline(key="form", kind="other", title="Send the form", due=TODAY + timedelta(2))
    done = replace(owed, key="done", title="Sent already", done_on=TODAY)
    later = replace(owed, key="later", title="Later", due=TODAY + timedelta(30))
    now = told(harbour("2027-03-31", owed, done, later), TODAY + WEEK)
    found = since(told(harbour(), TODAY), now)
    assert said(found, "due") == ["Send the form"]
    assert found.news[0].record.startswith("deadlines.")
    assert found.said == "While you were away since Mon 23 November: 1 date fell due."


def test_a_warning_that_moved_says_from_when_to_when_and_how_far() -> None:
    found = since(told(harbour(), TODAY), told(harbour("2026-12-31"), TODAY + WEEK))
    assert said(found, "cliff")[0] == (
        "The core grant: from 1 January 2027, not 1 April 2027: 90 days earlier"
    )
    assert found.news[0].record == "awards.core"


def test_a_warning_that_went_away_and_one_that_is_new_are_told() -> None:
    calm = book(grant("core", "2026-04-01", "2035-03-31", 900_000), post("idva", on="core"))
    gone = since(told(harbour(), TODAY), told(calm, TODAY + WEEK))
    assert "The core grant: no warning any more; it stood on 1 April 2027" in said(gone, "cliff")
    new = since(told(calm, TODAY), told(harbour(), TODAY + WEEK))
    assert "The core grant: a new warning, from 1 April 2027" in said(new, "cliff")


def test_money_that_ended_meanwhile_is_told_once_and_only_then() -> None:
    last = day("2027-03-30")
    over = since(told(harbour(), last), told(harbour(), last + WEEK))
    assert "The core grant: the day has come, 1 April 2027" in said(over, "cliff")
    after = since(told(harbour(), last + WEEK), told(harbour(), last + 2 * WEEK))
    assert said(after, "cliff") == []


def test_what_comes_into_sight_as_the_months_pass_has_not_moved() -> None:
    far = harbour("2029-12-31")
    found = since(told(far, TODAY), told(far, TODAY + timedelta(120)))
    assert [news for news in found.news if news.record == "awards.core"] == []


def test_others_changes_are_told_by_name_in_the_order_they_were_made() -> None:
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    first = Change(at, "jo", "Move end date", ("awards.core",))
    then = Change(at + timedelta(hours=1), None, "Add a post")
    found = since(told(harbour(), TODAY), told(harbour(), TODAY + WEEK), then, first)
    assert said(found, "change") == ["jo: Move end date", "Somebody else: Add a post"]
    assert [news.record for news in found.news] == ["awards.core", ""]
    assert found.said.endswith("2 changes made by others.")


def test_a_rate_that_came_into_force_and_one_that_lost_its_figure_are_told() -> None:
    then, now = told(harbour(), day("2026-12-20")), told(harbour(), day("2027-04-20"))
    rates = said(since(then, now), "rate")
    assert "Service before unfair dismissal counts: 6 months, was 24 months" in rates
    assert any("is provisional: nothing newer is published" in each for each in rates)
    assert said(since(then, then), "rate") == []


def test_a_rate_published_for_later_is_told_to_who_did_not_have_it() -> None:
    cap = next(
        row
        for row in reversed(STATUTORY.rates)
        if row.code == "redundancy.weekly_cap" and row.nation == "great-britain"
    )
    newer = replace(cap, from_=day("2027-04-06"), to=day("2028-04-05"), value=cap.value + 20)
    table = Statutory((*STATUTORY.rates, newer), STATUTORY.holidays)
    fresh = unseen(table.rates, seen(STATUTORY.rates))
    assert fresh == (newer,)
    assert unseen(table.rates, "") == ()
    now = outlook(harbour(), table, TODAY, 36)
    found = since(told(harbour(), TODAY), now, fresh=fresh)
    assert said(found, "rate") == [
        f"Redundancy, most for a week's pay: £{newer.value:.0f} a week is now published, from then"
    ]
