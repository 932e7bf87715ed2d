import re
from dataclasses import replace
from datetime import date

import pytest

from fundtrack import app
from fundtrack.core import words
from fundtrack.core.model import CERTAINTIES, Certainty, Portfolio
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.report import text

TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def charity() -> Portfolio:
    return app.sample(TODAY)


@pytest.fixture(scope="module")
def told(charity: Portfolio) -> Outlook:
    return outlook(charity, app.statutory(), TODAY, 24)


def part(said: str, heading: str) -> str:
    """What stands under a heading."""
    return said.partition(f"\n{heading}\n")[2].partition("\n\n\n")[0]


def test_the_answer_and_the_three_sentences_come_first(charity: Portfolio, told: Outlook) -> None:
    opening = " ".join(text(charity, told).partition("\nAct by\n")[0].split())
    assert told.headline.text in opening
    for sentence in told.sentences:
        assert sentence.text in opening


def test_what_to_do_is_listed_by_the_first_day_to_act(charity: Portfolio, told: Outlook) -> None:
    act_by = part(text(charity, told), "Act by")
    numbers = [int(found) for found in re.findall(r"^(\d+)\. ", act_by, flags=re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    near = [int(found) for found in re.findall(r", in (\d+) days?\.", act_by)]
    assert len(near) > 3
    assert near == sorted(near)


def test_every_award_that_ends_and_every_post_is_in_it(charity: Portfolio, told: Outlook) -> None:
    said = " ".join(text(charity, told).split())
    for cliff in told.cliffs:
        if cliff.kind == "award":
            assert charity.awards_by_key[cliff.key].title in said
    for post in charity.posts:
        assert f"{post.title} (" in said


def test_wherever_redundancy_is_told_advice_is_asked_for(charity: Portfolio, told: Outlook) -> None:
    said = text(charity, told)
    for heading in ("Posts", "If nothing is renewed"):
        card = said.partition(f"\n{heading}\n")[2].partition("\n\n\n")[0]
        assert "Redundancy pay" in card
        assert card.splitlines()[1] == words.PLANNING


def test_no_person_and_no_salary_is_in_it(charity: Portfolio, told: Outlook) -> None:
    named = tuple(
        replace(post, person=replace(post.person, reference="Iris Vane"), salary=31_415_92)
        if post.person
        else post
        for post in charity.posts
    )
    charity = replace(charity, posts=named)
    said = text(charity, outlook(charity, app.statutory(), told.today, 24))
    assert "Iris Vane" not in said
    for private in ("31,415", "31,416", "604.15", "£604"):  # the salary, and a week of it
        assert private not in said


def test_the_certainties_stand_side_by_side_and_are_never_blended(
    charity: Portfolio, told: Outlook
) -> None:
    said = text(charity, told)
    for name, field in (("Income, and cost", "income"), ("Surplus: income less cost", "surplus")):
        table = said.partition(f"\n{name}\n")[2].splitlines()
        assert table[0].split()[:3] == list(CERTAINTIES)
        figures = [getattr(told.forecast[certainty], field)[0] for certainty in CERTAINTIES]
        assert table[1].split()[2:5] == [words.whole_pounds(int(pence)) for pence in figures]


@pytest.mark.parametrize("certainty", CERTAINTIES)
def test_one_certainty_alone_shows_every_figure_of_its_months(
    certainty: Certainty, charity: Portfolio, told: Outlook
) -> None:
    said = text(charity, told, (certainty,))
    (months,) = re.findall(r"\nMonth by month.*\n-+\n((?:.+\n)+)", said)
    assert len(months.splitlines()) == 1 + len(told.months)
    last = told.forecast[certainty]
    assert months.splitlines()[-1].split()[-1] == words.whole_pounds(int(last.free_cash[-1]))


def test_a_new_book_s_outlook_is_short_and_says_what_to_add() -> None:
    empty = app.empty_portfolio("Us", "scotland", date(2026, 4, 1))
    said = text(empty, outlook(empty, app.statutory(), TODAY))
    assert "Nothing stops between today and the horizon." in said
    assert "No posts yet." in said


def test_no_line_of_prose_is_wider_than_a_page(charity: Portfolio, told: Outlook) -> None:
    lines = text(charity, told).splitlines()
    assert [line for line in lines if len(line) > 100 and "£" not in line] == []
    assert [line for line in lines if line != line.rstrip()] == []
