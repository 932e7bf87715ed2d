from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from fundtrack import app
from fundtrack.core.glance import Glance, glance
from fundtrack.core.outlook import outlook

if TYPE_CHECKING:
    from fundtrack.core.model import Portfolio

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def sample() -> Portfolio:
    return app.sample(TODAY)


def seen(portfolio: Portfolio, today: date = TODAY) -> Glance:
    return glance(portfolio, outlook(portfolio, app.statutory(), today))


def test_every_post_that_loses_money_stands_in_a_row_of_what_to_do(sample: Portfolio) -> None:
    found = seen(sample)
    told = {post for step in found.steps for post in step.posts}
    assert {risk.key for risk in found.at_risk} <= told


def test_a_post_whose_money_ends_with_an_award_has_no_row_of_its_own(sample: Portfolio) -> None:
    steps = {step.key: step for step in seen(sample).steps}
    assert "idva-courts" in steps["award:mopac-core"].posts
    assert "post:idva-courts" not in steps


def test_rows_stand_by_the_day_to_act(sample: Portfolio) -> None:
    days = [step.act_by for step in seen(sample).steps if step.cliff.kind != "silent"]
    assert days == sorted(days)


def test_the_trustees_meeting_in_time_is_the_day_to_decide(sample: Portfolio) -> None:
    steps = {step.key: step for step in seen(sample).steps}
    step = steps["award:saltmarch-isva"]
    assert step.next_kind == "decision"
    assert step.act_by in sample.organisation.board_meetings
    assert step.ladder is not None
    decision = next(rung for rung in step.ladder.rungs if rung.kind == "decision")
    assert step.act_by <= decision.date


def test_the_answer_is_as_urgent_as_the_most_urgent_of_its_posts(sample: Portfolio) -> None:
    told = seen(sample).answer
    assert told.status == "act now"
    assert told.step == "award:mopac-core"
    assert all(part in told.text for part in told.strong)


def test_an_empty_book_says_where_to_begin() -> None:
    empty = app.empty_portfolio("New Charity", "scotland", date(2026, 11, 1))
    told = seen(empty)
    assert told.answer.text.startswith("No posts yet.")
    assert not told.steps
    assert not told.endings
    assert not told.at_risk


def test_an_award_with_a_secured_successor_is_shown_to_be_safe(sample: Portfolio) -> None:
    awards = tuple(
        replace(award, stage="awarded") if award.key == "mopac-core-renewal" else award
        for award in sample.awards
    )
    endings = {ending.key: ending for ending in seen(replace(sample, awards=awards)).endings}
    assert endings["mopac-core"].certainty == "secured"
    assert endings["mopac-core"].renewal == "mopac-core-renewal"


def test_money_that_would_come_out_of_restricted_funds_is_said_in_those_words(
    sample: Portfolio,
) -> None:
    figures = {figure.name: figure for figure in seen(sample).figures}
    assert figures["Free cash, lowest"].basis.endswith("you would be spending restricted money")
    assert figures["Free cash, lowest"].status == "act now"


def test_three_funders_with_one_purse_are_one_source(sample: Portfolio) -> None:
    figures = {figure.name: figure for figure in seen(sample).figures}
    assert figures["Largest source"].basis == "Ministry of Justice"


def test_runway_is_told_by_how_soon_it_ends(sample: Portfolio) -> None:
    figures = {figure.name: figure for figure in seen(sample).figures}
    assert figures["Runway"].status in ("soon", "act now")
    assert figures["Runway"].value.endswith("months")


def test_what_is_not_typed_yet_is_said_and_never_taken_for_nothing(sample: Portfolio) -> None:
    assert not [doubt for doubt in seen(sample).doubts if "yet" in doubt.says]
    posts = tuple(
        replace(post, salary=0) if post.key in ("idva-courts", "administrator") else post
        for post in sample.posts
    )
    awards = tuple(
        replace(award, amount=0) if award.key == "alder-core" else award for award in sample.awards
    )
    told = seen(replace(sample, posts=posts, awards=awards))
    missing = [(doubt.record, doubt.says) for doubt in told.doubts if "yet" in doubt.says]
    assert missing == [
        (
            "posts.idva-courts",
            "No salary yet, so it costs nothing in any figure. Show salaries, and type it",
        ),
        ("awards.alder-core", "No amount yet, so it brings nothing in any figure"),
    ], "a vacant post costs nothing rightly"
    figures = {figure.name: figure for figure in told.figures}
    assert figures["If nothing is renewed"].basis == "1 post without a salary yet"
