"""What it costs if nothing is renewed, and under which award it stands."""

from typing import Any

import pytest

from fundtrack.core.outlook import Outlook
from tests.core.world import Plain, award, charity, look, pays, pence, post, post_of

TODAY = "2026-11-22"
LAST = "2027-03-31"


def person(key: str, years: int, **fields: Any) -> Plain:
    """£500 a week, in their thirties: a week of pay for each year."""
    born = {"born": "1990-01-01"}
    return post(key, 26_000, f"{2027 - years}-04-01", person=born, **fields)


def money(key: str, until: str = LAST, **fields: Any) -> Plain:
    return award(key, f"2010-04-01..{until}", 900_000, **fields)


def told_of(*records: Plain, today: str = TODAY) -> Outlook:
    return look(charity(*records), today, 24)


def test_the_total_is_redundancy_and_lateness_worked() -> None:
    told = told_of(
        money("a"),
        person("x", 4),
        person("y", 6),
        pays("a", "x"),
        pays("a", "y"),
        today="2027-03-20",
    )
    found = told.exposure
    assert found.redundancy == pence(5000)
    late = [post_of(told, key).lateness for key in ("x", "y")]
    assert found.lateness == sum(each.worked for each in late if each is not None) > 0
    assert found.notice == sum(each.in_lieu for each in late if each is not None) > 0
    assert found.total == found.redundancy + found.lateness


def test_a_shared_post_stands_under_each_award_that_ends_with_it_and_once_in_the_total() -> None:
    told = told_of(
        money("a"),
        money("b"),
        money("c", "2035-03-31"),
        person("x", 4),
        person("y", 6),
        pays("a", "x", "50"),
        pays("b", "x", "30"),
        pays("c", "x", "20"),
        pays("b", "y"),
    )
    assert told.exposure.by_award == {"a": pence(2000), "b": pence(5000)}
    assert told.exposure.total == pence(5000)


def test_an_award_on_two_lines_of_one_post_stands_under_it_once() -> None:
    """Its salary at 60 % and its management at 40 %, both on one grant."""
    told = told_of(money("a"), person("x", 4), pays("a", "x", "60"), pays("a", "x", "40"))
    assert told.exposure.by_award == {"a": pence(2000)}
    assert post_of(told, "x").ending is not None
    moved = told_of(
        money("a", on_end="transfers"), person("x", 4), pays("a", "x", "60"), pays("a", "x", "40")
    )
    assert moved.exposure.total == 0


def test_an_award_that_ends_before_the_posts_last_day_has_no_part_in_it() -> None:
    """The post falls with the award in January; the one in March pays it no longer."""
    told = told_of(
        money("a", "2027-01-31"),
        money("b"),
        person("x", 4),
        pays("a", "x", "50"),
        pays("b", "x", "50"),
    )
    assert list(told.exposure.by_award) == ["a"]


def test_an_award_that_pays_on_the_last_day_alone_stands_under_it() -> None:
    told = told_of(
        money("a"),
        money("b"),
        person("x", 4),
        pays("a", "x", "50"),
        pays("b", "x", "50", **{"from": LAST}),
        pays(None, "x", "50", to="2027-03-30"),
    )
    assert told.exposure.by_award == {"a": pence(2000), "b": pence(2000)}


def test_an_agreed_end_owes_redundancy_alone() -> None:
    fixed = person("x", 4, contract="fixed-term") | {"end": LAST}
    told = told_of(money("a"), fixed, pays("a", "x"), today="2027-03-20")
    assert (told.exposure.redundancy, told.exposure.lateness) == (pence(2000), 0)
    assert told.exposure.by_award == {"a": pence(2000)}


def test_a_charity_whose_posts_are_all_paid_has_no_exposure() -> None:
    told = told_of(money("c", "2035-03-31"), person("x", 4), pays("c", "x"))
    assert (told.exposure.total, told.exposure.by_award) == (0, {})


def test_a_post_on_two_awards_that_both_move_has_no_exposure() -> None:
    told = told_of(
        money("a", on_end="transfers"),
        money("b", on_end="transfers"),
        person("x", 4),
        pays("a", "x", "50"),
        pays("b", "x", "50"),
    )
    assert told.exposure.total == 0
    assert told.exposure.do_nothing == pence(2000)


def test_ten_moving_among_fifty_is_counted_for_one_transfer_at_a_time() -> None:
    """Nine go with one contract and nine with another: each may be consulted directly."""
    records: list[Plain] = [money("lasting", "2035-03-31")]
    for key in ("a", "b"):
        records.append(money(key, on_end="transfers"))
        for at in range(9):
            records += [person(f"{key}{at}", 4), pays(key, f"{key}{at}")]
    for at in range(40):
        records += [person(f"stay{at}", 4), pays("lasting", f"stay{at}")]
    told = told_of(*records)
    moves = post_of(told, "a0").transfer
    assert moves is not None
    assert moves.direct_consultation
    ten = [*records, person("a9", 4), pays("a", "a9")]
    together = post_of(told_of(*ten), "a0").transfer
    assert together is not None
    assert not together.direct_consultation


@pytest.mark.parametrize(
    ("fields", "direct"),
    [
        ({}, False),
        ({"start": "2026-11-23"}, True),  # not begun
        ({"end": "2026-11-21"}, True),  # gone
        ({"end": "2026-11-22"}, False),
        ({"vacancies": [{"from": "2026-11-22", "to": "2026-11-30"}]}, True),
        ({"status": "agency"}, True),
        ({"status": "vacant"}, True),
    ],
)
def test_staff_are_those_in_post_today(fields: Plain, *, direct: bool) -> None:
    """Ten of fifty move; without the fiftieth they may be consulted directly."""
    records: list[Plain] = [money("lasting", "2035-03-31"), money("a", on_end="transfers")]
    for at in range(10):
        records += [person(f"a{at}", 4), pays("a", f"a{at}")]
    for at in range(39):
        records += [person(f"stay{at}", 4), pays("lasting", f"stay{at}")]
    fiftieth = person("fiftieth", 4) | fields
    moves = post_of(told_of(*records, fiftieth, pays("lasting", "fiftieth")), "a0").transfer
    assert moves is not None
    assert moves.direct_consultation is direct
