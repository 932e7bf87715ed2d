"""Every word a commissioner's workbook may be filled with, and the figure that answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from fundtrack.core.errors import RefusedError
from fundtrack.core.returns.vocabulary import FAMILIES, Answer, Answers, field, fields, nearest
from tests.core.filled_in import layout, second_quarter
from tests.core.returning import adviser, returned, share, spent


@cache
def asked() -> Answers:
    book = second_quarter()
    return Answers(book, returned(book, layout=layout("t2-half-yearly")))


def value(name: str, of: str = "", month: int | None = None) -> object:
    return asked().answer(name, of, month=month).value


def test_every_word_has_a_name_a_kind_and_words_of_its_own() -> None:
    names = [one.name for one in fields()]
    assert len(names) == len(set(names)) > 150
    for one in fields():
        assert field(one.name) == one
        assert one.says.partition(" · ")[0]
    for family in FAMILIES:
        said = [one.says for one in fields() if one.name.startswith(f"{family.name}.")]
        assert len(said) == len(set(said))


def test_what_is_not_a_word_is_none_and_the_nearest_is_offered() -> None:
    assert field("line.salary") is None
    assert field("line") is None
    assert field("cover.") is None
    assert field("narrative.anything_a_charity_likes") is not None
    assert nearest("line.actul") == "line.actual"
    with pytest.raises(RefusedError, match=r"no field “line.actul”. Is “line.actual” meant"):
        asked().answer("line.actul")


def test_one_figure_of_each_sort_is_the_return_s_own() -> None:
    figures = asked().figures
    assert value("cover.organisation") == "Harbour Advice"
    assert value("cover.prepared_by") == "Ade Fenn"
    assert value("cover.claimed") == figures.claimed
    assert value("total.outturn") == figures.finance.total.outturn
    assert value("heading.actual", "Staff") == 2_250_00
    assert value("line.profile", "activities") == 750_00
    assert value("line.line", "activities") == "Activities"
    assert value("post.cost", "adviser") == figures.posts[0].cost
    assert value("posts.cost") == sum(row.cost for row in figures.posts)
    assert value("claim.advance") == 500_00
    assert value("indicator.actual", "supported") == 34
    assert asked().answer("indicator.actual", "safer") == Answer(
        Decimal(80), "percent", "outputs/safer/actual"
    )
    assert asked().answer("indicator.actual", "wait").kind == "number"
    assert value("flow.actual", "referrals") == 30
    assert value("narrative.progress") == "Twenty people began.\nMost of them stayed."
    assert (
        value("narrative.reason") == "A room has become free."
    )  # in no layout: typed all the same


def test_lists_outcomes_and_answers_are_known_by_their_keys() -> None:
    book = second_quarter()
    whole = Answers(book, returned(book, layout=layout("t8-final")))
    assert whole.answer("outcome.improved", "cope").value == 7
    assert whole.answer("answer.count", "age/Not known").value == 20
    assert whole.answer("answer.count", "age/total").value == 20
    assert whole.answer("asset.cost", "1").value == 612_50
    assert whole.answer("asset.cost", "2").value is None  # a list may be shorter the next time
    assert [item.key for item in whole.items("asset")] == ["1"]
    assert whole.items("answer")[0].key == "age/Under 13"


def test_months_are_those_of_the_period_of_its_year_and_of_the_award() -> None:
    book = second_quarter()
    whole = Answers(book, returned(book, layout=layout("t1-quarterly")))
    assert [item.title for item in whole.items("month")] == [
        "July 2026",
        "August 2026",
        "September 2026",
    ]
    assert len(whole.items("year_month")) == 12
    assert whole.answer("month.month", "2").value == date(2026, 8, 1)
    with pytest.raises(RefusedError, match=r"no month “4”. There are: “1”, “2”, “3”"):
        whole.answer("month.month", "4")


def test_a_line_s_months_add_up_to_its_period() -> None:
    extra = (spent("staff", "2026-07-09", "33.33"), spent("staff", "2026-08-31", "0.01"))
    usual = second_quarter()
    book = replace(usual, actuals=(*usual.actuals, *extra))
    whole = Answers(book, returned(book))
    for name in ("profile", "actual", "variance"):
        for key in ("staff", "activities"):
            months = [whole.answer(f"line.{name}", key, month=at).value for at in (1, 2, 3)]
            assert sum(map(int, map(str, months))) == whole.answer(f"line.{name}", key).value
        total = [whole.answer(f"total.{name}", month=at).value for at in (1, 2, 3)]
        assert sum(map(int, map(str, total))) == whole.answer(f"total.{name}").value
    with pytest.raises(RefusedError, match="had by month"):
        whole.answer("line.outturn", "staff", month=1)


def test_a_post_with_two_shares_has_two_rows() -> None:
    usual = second_quarter()
    halves = (
        share("40", key="a", from_=date(2026, 7, 1), to=date(2026, 7, 31)),
        share("20", key="b", from_=date(2026, 8, 1)),
    )
    book = replace(usual, posts=(adviser(),), allocations=halves)
    whole = Answers(book, returned(book))
    assert [item.key for item in whole.items("post")] == ["adviser", "adviser/2"]
    assert whole.answer("post.share", "adviser/2").value == 20
    assert whole.answer("posts.count").value == 1
    assert whole.answer("posts.fte").value == 1


def test_a_key_that_is_missing_or_wrong_names_those_there_are() -> None:
    for name, thing in (("line.actual", "budget line"), ("heading.actual", "heading")):
        with pytest.raises(RefusedError, match=f"say which {thing} is meant. There are: “"):
            asked().answer(name)
    with pytest.raises(RefusedError, match=r"no indicator “x”. There are: “supported”, “safer”"):
        asked().answer("indicator.actual", "x")


def test_each_figure_can_say_where_it_came_from() -> None:
    spend = asked().source(asked().answer("line.actual", "staff"))
    assert spend is not None
    assert spend.records == ("actuals: staff-2026-09-30-2250",)
    typed = asked().source(asked().answer("narrative.progress"))
    assert typed is not None
    assert "typed by a person" in typed.says
    assert asked().source(asked().answer("cover.period")) is None
