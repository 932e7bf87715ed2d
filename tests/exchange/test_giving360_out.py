import json
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.errors import KnownError
from fundtrack.core.model import Award, Balances, Evidence, Funder, Organisation, Portfolio
from fundtrack.exchange import giving360
from fundtrack.exchange.giving360_out import publish, write
from tests.peers import shared

DAY = date(2026, 4, 1)


@pytest.fixture
def book() -> Portfolio:
    return Portfolio(
        organisation=Organisation(
            name="Harbour and Hope",
            nation="england-and-wales",
            balances=Balances(as_at=DAY),
            charity_number="1000001",
            giving_prefix="360G-harbour",
        ),
        funders=(
            Funder(key="trust", name="The Long Trust", org_id="gb-chc-2000002"),
            Funder(key="people", name="Mrs A. Donor", kind="individuals"),
            Funder(key="odd", name="A Club"),
        ),
        awards=(
            Award(key="a", title="Befriending", reference="LT 1/26", funder="trust", kind="grant",
                  stage="live", amount=1200050, start=DAY, end=date(2027, 3, 31), notes="secret"),
            Award(key="b", title="A gift", funder="people", kind="grant", stage="live",
                  amount=5, start=DAY, end=DAY),
            Award(key="c", title="Advice", funder="odd", kind="grant", stage="awarded",
                  amount=500, start=DAY, end=DAY),
            Award(key="d", title="Hoped for", funder="trust", kind="grant", stage="submitted",
                  amount=500, start=DAY, end=DAY),
            Award(key="e", title="No letter", funder="trust", kind="grant", stage="live",
                  amount=500, start=DAY, end=DAY),
        ),
        evidence=tuple(
            Evidence(key=key, award=key, on=date(2026, 3, 1), grade=5) for key in ("a", "b", "c")
        ),
    )  # fmt: skip


def test_the_official_schema_has_nothing_against_what_is_written(
    book: Portfolio, tmp_path: Path
) -> None:
    grant = json.loads(shared("360giving/360-giving-schema.json").read_text("utf-8"))
    package = json.loads(shared("360giving/360-giving-package-schema.json").read_text("utf-8"))
    package["properties"]["grants"]["items"] = grant
    write(book, tmp_path / "grants.json")
    written = json.loads((tmp_path / "grants.json").read_text("utf-8"))
    validator = jsonschema_rs.Draft202012Validator(package, validate_formats=True)
    assert [str(fault) for fault in validator.iter_errors(written)] == []
    written["grants"][0]["awardDate"] = "1 March 2026"
    assert not validator.is_valid(written)


def test_identifiers_are_made_as_the_standard_says_and_nothing_private_is_written(
    book: Portfolio,
) -> None:
    first, second = publish(book).grants
    assert first["id"] == "360G-harbour-LT_1_26"
    assert first["recipientOrganization"][0]["id"] == "GB-CHC-1000001"
    assert first["fundingOrganization"][0]["id"] == "GB-CHC-2000002"
    assert second["fundingOrganization"][0]["id"] == "360G-harbour-ORG:odd"
    assert "secret" not in str(first)


def test_individuals_and_undated_awards_are_left_out_with_the_reason(book: Portfolio) -> None:
    told = [problem.says for problem in publish(book).problems]
    assert len(told) == 2
    assert "individuals gave it" in told[0]
    assert "offer letter" in told[1]


@pytest.mark.parametrize("name", ["grants.csv", "grants.json", "grants.xlsx"])
def test_what_is_written_can_be_brought_in_by_somebody_else(
    book: Portfolio, tmp_path: Path, name: str
) -> None:
    write(book, tmp_path / name)
    empty = replace(book, funders=(), awards=(), evidence=())
    found = giving360.offer(tmp_path / name, ["GB-CHC-1000001"], empty, date(2026, 12, 1))
    assert not found.problems
    assert [(award.amount, award.end) for award in found.awards] == [
        (1200050, date(2027, 3, 31)),
        (500, DAY),
    ]


def test_a_charity_without_a_prefix_or_a_number_is_told_what_to_add(book: Portfolio) -> None:
    for lacking in (
        replace(book.organisation, giving_prefix=None),
        replace(book.organisation, charity_number=None),
    ):
        with pytest.raises(KnownError, match="organisation's details"):
            publish(replace(book, organisation=lacking))


_LINE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1).map(
    lambda text: " ".join(text.split())
)
_WORDS = _LINE.filter(lambda text: any(letter.isalpha() for letter in text))
_DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@st.composite
def granted(draw: st.DrawFn) -> Portfolio:
    """A charity's awards as far as 360Giving has words for them, each with its offer letter."""
    awards, letters = [], []
    for at in range(draw(st.integers(1, 4))):
        start = draw(_DAYS)
        awards.append(
            Award(
                key=f"a{at}",
                title=draw(_WORDS),
                reference=f"R{at}/{draw(st.integers(0, 99))}",
                funder="trust",
                kind="grant",
                stage="live",
                amount=draw(st.integers(1, 10**10)),
                start=start,
                end=start + timedelta(days=draw(st.integers(0, 2000))),
            )
        )
        letters.append(Evidence(key=f"e{at}", award=f"a{at}", on=draw(_DAYS), grade=5))
    return Portfolio(
        organisation=Organisation(
            name="Harbour and Hope",
            nation="england-and-wales",
            balances=Balances(as_at=DAY),
            charity_number="1000001",
            giving_prefix="360G-harbour",
        ),
        funders=(Funder(key="trust", name=draw(_WORDS), org_id="GB-CHC-2000002"),),
        awards=tuple(awards),
        evidence=tuple(letters),
    )


@given(granted(), st.sampled_from(["csv", "json", "xlsx"]))
@settings(max_examples=40, deadline=None)
def test_any_grants_leave_as_360giving_and_come_back_with_all_it_can_hold(
    book: Portfolio, ending: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"grants.{ending}"
        write(book, path)
        empty = replace(book, funders=(), awards=(), evidence=())
        found = giving360.offer(path, ["GB-CHC-1000001"], empty, date(2026, 12, 1))
        assert found.problems == ()
        assert found.edit is not None
        after = found.edit.apply(empty)
        assert [(each.title, each.amount, each.start, each.end) for each in after.awards] == [
            (each.title, each.amount, each.start, each.end) for each in book.awards
        ]
        assert [each.on for each in after.evidence] == [each.on for each in book.evidence]
        assert [(each.name, each.org_id) for each in after.funders] == [
            (each.name, each.org_id) for each in book.funders
        ]
        assert giving360.offer(path, ["GB-CHC-1000001"], after, date(2026, 12, 1)).edit is None
