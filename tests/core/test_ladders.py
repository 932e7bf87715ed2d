"""By when to act: the rungs before a cliff, what is done, and how near the next one is."""

from typing import Any

import pytest

from fundtrack.core.outlook import Outlook, to_plain
from tests.core.world import (
    Plain,
    award,
    charity,
    cliff_of,
    day,
    deadline,
    funder,
    ladder_of,
    look,
    pays,
    post,
    rung_of,
    worker,
)

TODAY = "2026-06-10"
LAST = "2027-03-31"
JOB = post("job", 26_000, "2012-04-01")
"""Twelve weeks' notice: by 6 January 2027; consultation thirty days before, by 7 December."""


def told_of(*records: Plain, today: str = TODAY, **fields: Any) -> Outlook:
    """A post wholly on an award of a trust that ends on 31 March 2027."""
    money = award("a", f"2020-04-01..{LAST}", 90_000, funder="payer") | fields
    book = {key: fields.pop(key) for key in ("board_meetings", "paper_days") if key in fields}
    money = {key: value for key, value in money.items() if key not in book}
    payers = (
        [] if any(each["list"] == "funders" for each in records) else [funder("payer", "trust")]
    )
    return look(charity(*payers, money, JOB, pays("a", "job"), *records, **book), today, 24)


def dates(told: Outlook, name: str = "post:job") -> dict[str, str]:
    return {rung.kind: str(rung.date) for rung in ladder_of(told, name).rungs}


def test_the_rungs_of_a_post_from_right_to_left() -> None:
    """150 days before 7 December is 10 July; 28 days before that 12 June."""
    told = told_of()
    assert dates(told) == {
        "writing": "2026-06-12",
        "submit": "2026-07-10",
        "decision": "2026-12-07",
        "consultation": "2026-12-07",
        "notice": "2027-01-06",
        "end": "2027-03-31",
    }
    kinds = [rung.kind for rung in ladder_of(told, "post:job").rungs]
    assert kinds == ["writing", "submit", "decision", "consultation", "notice", "end"]


def test_an_award_has_the_same_rungs_from_the_posts_it_pays() -> None:
    told = told_of()
    assert dates(told, "award:a") == dates(told)


def test_each_step_rolls_back_before_the_next_is_taken() -> None:
    """Submit by 28 November (a Saturday) becomes the 27th, and writing counts from there."""
    told = told_of(funder("payer", "trust", decision_days=9))
    assert str(rung_of(told, "post:job", "submit").date_unrolled) == "2026-11-28"
    assert dates(told)["submit"] == "2026-11-27"
    assert dates(told)["writing"] == "2026-10-30"


def test_the_last_day_itself_never_moves() -> None:
    told = told_of(today="2026-11-01", end="2027-02-28")  # a Sunday
    assert dates(told)["end"] == "2027-02-28"


@pytest.mark.parametrize(
    ("payer", "fields", "days"),
    [
        (funder("payer", "trust"), {}, 150),
        (funder("payer", "lottery"), {"amount": "20000.00"}, 84),
        (funder("payer", "lottery"), {"amount": "20000.01"}, 280),
        (funder("payer", "commissioner"), {}, 120),
        (funder("payer", "council"), {}, 120),
        (funder("payer", "government"), {}, 120),
        (funder("payer", "health"), {}, 120),
        (funder("payer", "company"), {}, 90),
        (funder("payer", "individuals"), {}, 90),
        (funder("payer", "council"), {"kind": "contract"}, 270),
        (funder("payer", "council", decision_days=11), {"kind": "contract"}, 11),
        (funder("payer", "trust", decision_days=0), {}, 0),
    ],
)
def test_how_long_a_funder_takes_to_decide(payer: Plain, fields: Plain, days: int) -> None:
    told = told_of(payer, today="2026-01-10", **fields)
    submit = rung_of(told, "post:job", "submit")
    assert (rung_of(told, "post:job", "decision").date - submit.date_unrolled).days == days


def test_beside_it_when_to_submit_to_avoid_only_a_gap() -> None:
    """150 days before 1 April 2027 is 2 November 2026."""
    assert str(ladder_of(told_of(), "post:job").submit_by_gap_only) == "2026-11-02"


def test_writing_days_are_the_renewals_then_the_awards_own_then_twenty_eight() -> None:
    def writing(*records: Plain, **fields: Any) -> int:
        told = told_of(*records, **fields)
        submit, start = (rung_of(told, "post:job", kind) for kind in ("submit", "writing"))
        return (submit.date - start.date_unrolled).days

    new = award("new", "2027-04-01..2028-03-31", 1, stage="idea", renewal_of="a")
    assert writing() == 28
    assert writing(bid={"writing_days": 10}) == 10
    assert writing(new | {"bid": {"writing_days": 5}}, bid={"writing_days": 10}) == 5
    assert writing(new | {"bid": {"hours": "5"}}, bid={"writing_days": 10}) == 10


def test_trustees_decide_at_their_last_meeting_by_then_with_papers_before() -> None:
    meetings = ["2026-12-08", "2026-09-15", "2026-12-07"]
    rung = rung_of(told_of(board_meetings=meetings, paper_days=9), "post:job", "decision")
    assert (str(rung.meeting), str(rung.papers)) == ("2026-12-07", "2026-11-27")  # 28th a Saturday
    usual = rung_of(told_of(board_meetings=["2026-09-15"]), "post:job", "decision")
    assert (str(usual.meeting), str(usual.papers)) == ("2026-09-15", "2026-09-08")
    none = rung_of(told_of(board_meetings=["2026-12-08"]), "post:job", "decision")
    assert (none.meeting, none.papers) == (None, None)


def test_an_award_without_posts_needs_a_decision_by_its_end_rolled_back() -> None:
    lone = award("lone", "2020-04-01..2027-02-28", 1)
    told = told_of(lone)
    assert dates(told, "award:lone")["decision"] == "2027-02-26"
    assert {"notice", "consultation"}.isdisjoint(dates(told, "award:lone"))


def test_an_award_takes_the_earliest_notice_and_consultation_of_its_posts() -> None:
    told = told_of(
        post("newer", 26_000, "2022-04-01"),
        post("slow", 26_000, "2022-04-01", notice={"months": 6}),
        pays("a", "newer"),
        pays("a", "slow"),
    )
    assert dates(told, "award:a")["notice"] == dates(told, "post:slow")["notice"] == "2026-09-30"
    assert dates(told, "award:a")["consultation"] == "2026-08-28"  # 31 August is a holiday


def test_a_post_whose_own_end_is_planned_does_not_hurry_its_award() -> None:
    """It has no cliff the next day: nothing that was paid for stops."""
    told = told_of(
        award("b", f"2020-04-01..{LAST}", 1),
        post("planned", 26_000, f"2012-04-01..{LAST}"),
        pays("b", "planned"),
    )
    assert "notice" not in dates(told, "award:b")


def test_a_post_that_rests_on_no_ending_award_has_no_bid_to_write() -> None:
    told = told_of(post("alone", 26_000, "2022-04-01"), pays(None, "alone", to=LAST))
    assert set(dates(told, "post:alone")) == {"decision", "consultation", "notice", "end"}
    assert ladder_of(told, "post:alone").submit_by_gap_only is None


def test_an_agency_workers_cliff_has_no_ladder() -> None:
    told = told_of(worker("temp", 100), pays("a", "temp"))
    assert [each.cliff for each in told.ladders] == ["post:job", "award:a"]
    # Where there is no ladder, the cliff's own date says how near it is.
    assert told.status(cliff_of(told, "post", "temp")) == "watch"


# --- done --------------------------------------------------------------------------------------


def done(told: Outlook, name: str = "post:job") -> set[str]:
    return {rung.kind for rung in ladder_of(told, name).rungs if rung.done}


@pytest.mark.parametrize("kind", ["writing", "submit", "decision", "consultation", "notice"])
def test_a_rung_is_done_when_its_deadline_is(kind: str) -> None:
    told = told_of(deadline(kind, "2026-07-01", award="a", done_on="2026-06-09"))
    assert done(told) == done(told, "award:a") == {kind}
    assert rung_of(told, "post:job", kind).done_on == day("2026-06-09")


def test_a_deadline_of_the_post_is_of_its_own_ladder_alone() -> None:
    told = told_of(deadline("consultation", "2026-07-01", post="job", done_on="2026-06-09"))
    assert (done(told), done(told, "award:a")) == ({"consultation"}, set())


def test_a_deadline_not_done_or_of_another_kind_or_award_does_nothing() -> None:
    told = told_of(
        award("b", "2020-04-01..2035-03-31", 1),
        deadline("submit", "2026-06-01", award="a"),
        deadline("return", "2026-06-01", award="a", done_on="2026-06-01"),
        deadline("submit", "2026-06-01", award="b", done_on="2026-06-01"),
        deadline("submit", "2026-06-01", done_on="2026-06-01"),
    )
    assert done(told) == set()


@pytest.mark.parametrize(
    ("stage", "past"),
    [
        ("idea", set()),
        ("preparing", set()),
        ("submitted", {"writing", "submit"}),
        ("agreed-in-principle", {"writing", "submit", "decision"}),
        ("unsuccessful", set()),
    ],
)
def test_what_the_renewals_stage_has_passed(stage: str, past: set[str]) -> None:
    told = told_of(award("new", "2027-04-01..2028-03-31", 1, stage=stage, renewal_of="a"))
    assert done(told) == done(told, "award:a") == past
    assert all(rung.done_on is None for rung in ladder_of(told, "post:job").rungs)


def test_notice_served_is_done() -> None:
    served = post("leaver", 26_000, "2022-04-01", notice_served_on="2026-06-01")
    told = told_of(served, pays("a", "leaver"))
    assert done(told, "post:leaver") == {"notice"}
    assert rung_of(told, "post:leaver", "notice").done_on == day("2026-06-01")
    assert done(told) == set()


# --- status ------------------------------------------------------------------------------------


def lone(today: str, *records: Plain) -> tuple[str, str]:
    """An award of a company that ends on Wednesday 31 March: write by 2 December, 2026."""
    told = look(
        charity(
            funder("payer", "company"),
            award("a", f"2020-04-01..{LAST}", 1, funder="payer"),
            *records,
        ),
        today,
        36,
    )
    ladder = ladder_of(told, "award:a")
    cliff = cliff_of(told, "award", "a")
    assert told.status(cliff) == ladder.status
    assert to_plain(told)["cliffs"][-1]["status"] == ladder.status
    return ladder.status, f"{ladder.next_kind} {ladder.act_by}"


@pytest.mark.parametrize(
    ("today", "status"),
    [
        ("2026-12-04", "overdue"),
        ("2026-12-03", "act now"),
        ("2026-11-03", "act now"),  # 30 days
        ("2026-11-02", "soon"),
        ("2026-09-04", "soon"),  # 90 days
        ("2026-09-03", "watch"),
        ("2025-12-03", "watch"),  # 365 days
        ("2025-12-02", "clear"),
    ],
)
def test_how_near_the_first_rung_not_yet_done_is(today: str, status: str) -> None:
    assert lone(today) == (status, "writing 2026-12-03")


def test_what_is_done_is_no_longer_waited_for() -> None:
    finished = [
        deadline(kind, "2026-12-01", award="a", done_on="2026-11-01")
        for kind in ("writing", "submit")
    ]
    assert lone("2026-12-20", *finished) == ("watch", "decision 2027-03-31")
    assert lone("2027-01-01", *finished) == ("soon", "decision 2027-03-31")
