from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import icalendar
import pytest

from fundtrack.cli import main
from fundtrack.core.deadlines import Snooze, deadlines, done
from fundtrack.core.edit import Edit, change
from fundtrack.core.errors import KnownError
from fundtrack.core.model import (
    Bid,
    Contact,
    Deadline,
    Funder,
    Person,
    Portfolio,
    Reporting,
)
from fundtrack.exchange.calendar import calendar, write_calendar
from tests.core.harbour import TODAY, book, day, grant, post, told

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
COUNCIL = Funder(
    key="council", name="Wharf Council", decision_days=60, contacts=(Contact(name="Ada Marsh"),)
)
QUARTERLY = Reporting(frequency="quarter", anchor="financial-year", due_days=30)
CORE = grant("core", "2026-04-01", "2027-03-31", funder="council", reporting=QUARTERLY)


def harbour(*records: Any, **organisation: Any) -> Portfolio:
    return book(COUNCIL, CORE, post("idva", on="core"), *records, **organisation)


def own(title: str, due: str = "2026-12-24", **fields: Any) -> Deadline:
    return Deadline(key="own", kind="other", title=title, due=day(due), **fields)


def written(portfolio: Portfolio, *, at: datetime = NOW, **asked: Any) -> bytes:
    today = asked.pop("today", TODAY)
    snoozes = asked.pop("snoozes", ())
    found = deadlines(portfolio, told(portfolio, today), snoozes=snoozes)
    return calendar(found, portfolio, today=today, at=at, **({"book": "harbour"} | asked))


def events(data: bytes) -> dict[str, Any]:
    """Every event of a calendar by its summary."""
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found}


def triggers(event: Any) -> list[timedelta]:
    return [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]


# --- what it holds -----------------------------------------------------------------------------


def test_a_return_is_a_whole_day_that_ends_the_day_after() -> None:
    event = events(written(harbour()))["The core grant: return for 2026-27 Q3"]
    assert event["DTSTART"].dt == date(2027, 1, 30)
    assert event["DTEND"].dt == date(2027, 1, 31)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert "the one before is Fri 29 January" in event["DESCRIPTION"]


def test_reminders_ring_at_nine_on_the_days_the_charity_chose() -> None:
    event = events(written(book(own("Insurance"), reminder_days=(7, 0))))["Insurance"]
    assert triggers(event) == [timedelta(hours=9) - timedelta(days=7), timedelta(hours=9)]


def test_a_snoozed_deadline_rings_when_its_snooze_is_over_and_not_before() -> None:
    nap = Snooze("deadline:own", day("2026-12-20"), "the auditor is away")
    event = events(written(book(own("Insurance")), snoozes=(nap,)))["Insurance"]
    days = [(timedelta(hours=9) - each).days for each in triggers(event)]
    assert days == [4, 1, 0]


def test_what_is_done_says_so_and_rings_no_more() -> None:
    portfolio = harbour(own("Insurance"))
    found = {each.uid: each for each in deadlines(portfolio, told(portfolio))}
    after = done(portfolio, found["deadline:own"], TODAY).apply(portfolio)
    assert triggers(events(written(after))["Done: Insurance"]) == []


def test_what_fell_due_long_ago_is_left_out() -> None:
    assert events(written(book(own("Insurance", "2026-10-01")))) == {}
    assert "Insurance" in events(written(book(own("Insurance", "2026-10-23"))))


def test_notice_and_consultation_are_confidential_and_carry_the_planning_sentence() -> None:
    found = events(written(harbour()))
    for title in ("The idva worker: give notice", "The core grant: start consultation"):
        assert found[title]["CLASS"] == "CONFIDENTIAL"
        assert "Take advice before you act or tell anyone" in found[title]["DESCRIPTION"]
    assert "CLASS" not in found["The core grant: return for 2026-27 Q3"]


def test_nobody_named_and_nobodys_pay_is_in_a_calendar() -> None:
    worker = post(
        "idva", salary=31_234_00, person=Person(reference="Bea Stone", born=day("1980-02-03"))
    )
    titles = {
        "Appraisal of Bea Stone": "Deadline: The idva worker",
        "Ring ada marsh": "Deadline: The idva worker",
        "Raise £31,234 by April": "Deadline: The idva worker",
        "Call Cy Reed back": "Deadline: The idva worker",
        "The idva worker's induction": "The idva worker's induction",
    }
    for title, shown in titles.items():
        portfolio = book(COUNCIL, worker, own(title, post="idva", owner="Cy Reed"))
        text = written(portfolio).decode()
        assert shown in events(text.encode())
        for secret in ("Bea Stone", "Ada Marsh", "ada marsh", "31,234", "31234", "Cy Reed", "1980"):
            assert secret not in text


def test_a_post_title_is_no_name_even_when_it_owns_a_deadline() -> None:
    portfolio = harbour(own("Papers for The idva worker", owner="The idva worker"))
    assert "Papers for The idva worker" in events(written(portfolio))


def test_long_and_awkward_titles_are_folded_and_read_back_whole() -> None:
    title = "Réunion; déjà vu, «pièce jointe» \\ " + "é" * 90
    data = written(book(own(title)))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert title in events(data)
    assert data.endswith(b"END:VCALENDAR\r\n")


# --- a second export ---------------------------------------------------------------------------


def numbers(data: bytes) -> dict[str, int]:
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return {str(event["UID"]): int(event["SEQUENCE"]) for event in found}  # type: ignore[arg-type]


def test_nothing_changed_gives_the_same_bytes_however_much_later() -> None:
    first = written(harbour())
    assert written(harbour(), at=NOW + timedelta(days=3), earlier=first) == first


def test_what_moved_keeps_its_name_and_takes_a_higher_number_and_nothing_else_does() -> None:
    start = harbour(own("Insurance"))
    moved = Edit("", (change("deadlines", start.deadlines[0], own("Insurance", "2026-12-31")),))
    first = written(start)
    second = written(moved.apply(start), at=NOW + timedelta(seconds=5), earlier=first)
    before, after = numbers(first), numbers(second)
    uid = str(events(first)["Insurance"]["UID"])
    assert set(before) == set(after)
    assert after[uid] == before[uid] + 1
    assert {name for name in before if before[name] != after[name]} == {uid}
    assert events(second)["Insurance"]["DTSTART"].dt == date(2026, 12, 31)


def test_a_file_written_elsewhere_is_still_the_higher_one() -> None:
    first, later = written(harbour()), written(harbour(), at=NOW + timedelta(minutes=1))
    before, after = numbers(first), numbers(later)
    assert set(before) == set(after)
    assert all(after[uid] > before[uid] for uid in before)


def test_what_is_no_more_is_sent_once_more_as_cancelled() -> None:
    first = written(harbour(own("Insurance")))
    second = written(harbour(), at=NOW + timedelta(days=1), earlier=first)
    event = events(second)["Insurance"]
    assert event["STATUS"] == "CANCELLED"
    assert triggers(event) == []
    assert event["SEQUENCE"] > events(first)["Insurance"]["SEQUENCE"]
    third = written(harbour(), at=NOW + timedelta(days=2), earlier=second)
    assert third == second
    later = day("2026-12-25")
    assert "Insurance" not in events(written(harbour(), earlier=second, today=later))


def test_what_comes_back_is_no_longer_cancelled() -> None:
    first = written(harbour(own("Insurance")))
    second = written(harbour(), earlier=first)
    third = written(harbour(own("Insurance")), earlier=second)
    assert "STATUS" not in events(third)["Insurance"]
    assert events(third)["Insurance"]["SEQUENCE"] > events(second)["Insurance"]["SEQUENCE"]


def test_two_books_in_one_calendar_do_not_take_each_others_events() -> None:
    one, other = written(harbour()), written(harbour(), book="another")
    assert not set(numbers(one)) & set(numbers(other))


def test_an_award_extended_moves_its_events_and_doubles_none() -> None:
    bid = Bid(deadline=day("2027-01-22"))
    renewal = grant("next", "2027-04-01", "2028-03-31", stage="preparing", bid=bid)
    start = harbour(renewal)
    longer = replace(start.awards[0], end=day("2027-06-30"))
    after = Edit("", (change("awards", start.awards[0], longer),)).apply(start)
    before, moved = events(written(start)), events(written(after))
    ends = "The core grant: money ends"
    assert before[ends]["UID"] == moved[ends]["UID"]
    assert moved[ends]["DTSTART"].dt == date(2027, 6, 30)


# --- the file ----------------------------------------------------------------------------------


def write(path: Path, portfolio: Portfolio, at: datetime = NOW) -> int:
    found = deadlines(portfolio, told(portfolio))
    return write_calendar(path, found, portfolio, book="harbour", today=TODAY, at=at)


def test_a_file_written_again_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "harbour.ics"
    count = write(path, harbour(own("Insurance")))
    first = path.read_bytes()
    assert count == len(events(first))
    assert write(path, harbour(), NOW + timedelta(days=1)) == count - 1
    assert events(path.read_bytes())["Insurance"]["STATUS"] == "CANCELLED"
    assert [each.name for each in tmp_path.iterdir()] == ["harbour.ics"]


def test_another_programs_calendar_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mine.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//Someone//Else//EN\r\nEND:VCALENDAR\r\n")
    kept = path.read_bytes()
    with pytest.raises(KnownError, match="did not write"):
        write(path, harbour())
    assert path.read_bytes() == kept


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not a calendar",
        b"BEGIN:VCALENDAR\r\nPRODID:-//FundTrack//x//EN\r\nBEGIN:VEVENT\r\n",
        (
            b"BEGIN:VCALENDAR\r\nPRODID:-//FundTrack//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            b"SEQUENCE:many\r\nDTSTART:soon\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        ),
        b"BEGIN:VCALENDAR\r\nPRODID:-//FundTrack//x//EN\r\n\xff\xfe\r\nEND:VCALENDAR\r\n",
    ],
)
def test_a_damaged_calendar_of_ours_is_simply_written_anew(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "harbour.ics"
    path.write_bytes(broken)
    write(path, harbour())
    assert events(path.read_bytes()).keys() == events(written(harbour())).keys()


def test_a_post_of_half_a_week_has_no_pay_in_its_calendar_either() -> None:
    portfolio = harbour(
        post("court", fte=Decimal("0.5"), salary=28_000_00), own("Pay 28000 to all")
    )
    assert "28000" not in written(portfolio).decode()


def test_the_sample_charitys_dates_reach_a_calendar_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out, copy = (tmp_path / name for name in ("a.fundtrack", "a.ics", "b.fundtrack"))
    assert main(["new", str(path), "--sample"]) == 0
    assert main(["calendar", str(path), "--out", str(out)]) == 0
    first = out.read_bytes()
    assert f"Wrote {out}: {len(numbers(first))} dates" in capsys.readouterr().out
    assert main(["calendar", str(path), "--out", str(out)]) == 0
    assert out.read_bytes() == first
    assert main(["backup", str(path), "--out", str(copy)]) == 0
    assert main(["calendar", str(copy), "--out", str(out)]) == 0
    assert out.read_bytes() == first


def test_no_calendar_takes_the_place_of_a_book(tmp_path: Path) -> None:
    path = tmp_path / "a.fundtrack"
    assert main(["new", str(path), "--sample"]) == 0
    kept = path.read_bytes()
    assert main(["calendar", str(path), "--out", str(path)]) == 1
    assert path.read_bytes() == kept
