"""The mapping is a file a person can read and change; every fault in it is named with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack import assets
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.returns.vocabulary import FAMILIES, fields
from fundtrack.exchange.workbook.own.labels import Anchor
from fundtrack.exchange.workbook.own.mapping import (
    Fill,
    Mapping,
    mapping_from_toml,
    mapping_to_toml,
    read_mapping,
)
from fundtrack.exchange.workbook.own.places import Area, Place, area_of, areas_of, place_of
from fundtrack.exchange.workbook.own.template import RememberedSheet, Template

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'format = "return-mapping/1"\nname = "Q"\n'


def problems(text: str) -> dict[str, str]:
    mapping, found = mapping_from_toml(HEAD + text)
    assert (mapping is None) == bool(found)
    return {problem.path: problem.says for problem in found}


def fill_with(**parts: Any) -> dict[str, str]:
    """What is wrong with a fill that differs in some parts from a good one."""
    usual = {"sheet": '"Form"', "cells": '"D8:D9"', "field": '"line.actual"'} | parts
    lines = [f"{name} = {value}" for name, value in usual.items() if value is not None]
    return problems("\n".join(["[[fill]]", *lines]))


def test_a_mapping_written_by_hand_is_read() -> None:
    mapping, found = mapping_from_toml(
        HEAD
        + """
        layout = "t2-half-yearly"

        [[fill]]
        sheet = "Q2 return"
        cells = "D8:D9"
        field = "line.actual"
        of = ["staff", "travel"]
        rows = ["Salaries", "Travel"]
        row_at = "B8"
        column = "Actual"
        column_at = "D7"
        seen = ["1 of 2", "1 of 1"]
        under = ["Grant", ""]
        month = 2
        money = "thousands"

        [[fill]]
        sheet = "Q2 return"
        cell = "B3"
        fixed = "Bank transfer"

        [[fill]]
        sheet = "Q2 return"
        cell = "B4"
        field = "post.status"
        of = "adviser"
        words = { "In post" = "Filled" }
        """
    )
    assert found == ()
    assert mapping is not None
    block, fixed, words = mapping.fills
    assert block == Fill(
        sheet="Q2 return",
        area=Area(8, 4, 9, 4),
        field="line.actual",
        of=("staff", "travel"),
        month=2,
        money="thousands",
        anchors=(
            Anchor(
                row="Salaries",
                row_at=Place(8, 2),
                column="Actual",
                column_at=Place(7, 4),
                under="Grant",
                seen=(1, 2),
            ),
            Anchor(row="Travel", row_at=Place(9, 2), column="Actual", column_at=Place(7, 4)),
        ),
    )
    assert (fixed.fixed, fixed.area, fixed.anchors) == ("Bank transfer", Area(3, 2, 3, 2), ())
    assert (words.of, words.words) == (("adviser",), {"In post": "Filled"})
    assert mapping.layout == "t2-half-yearly"


WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
LABEL = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12)
PLACES = st.builds(Place, st.integers(1, 1_000_000), st.integers(1, 16_000))


@st.composite
def fills(draw: st.DrawFn, number: int) -> Fill:
    size, down = draw(st.integers(1, 4)), draw(st.booleans())
    top, left = 10 * number + 1, draw(st.integers(1, 100))
    area = Area(top, left, top + (size - 1 if down else 0), left + (0 if down else size - 1))
    fixed = draw(st.none() | WORDS)
    row_at, column_at = draw(st.none() | PLACES), draw(st.none() | PLACES)
    anchors = tuple(
        Anchor(
            row=draw(LABEL),
            row_at=row_at and row_at.moved(at if down and size > 1 else 0, 0),
            column=draw(LABEL | st.just("")),
            column_at=column_at and column_at.moved(0, 0 if down or size == 1 else at),
            under=draw(WORDS),
            seen=draw(st.sampled_from([(1, 1), (1, 2), (2, 2)])),
        )
        for at in range(size)
    )
    return Fill(
        sheet=draw(LABEL),
        area=area,
        field="" if fixed is not None else draw(st.sampled_from(["line.actual", "cover.period"])),
        of=tuple(draw(st.lists(LABEL, max_size=size))),
        month=draw(st.none() | st.integers(1, 12)),
        fixed=fixed,
        words=draw(st.none() | st.dictionaries(LABEL, WORDS, min_size=1, max_size=3)),
        money=draw(st.sampled_from(["pence", "pounds", "thousands"])),
        anchors=draw(st.sampled_from([(), anchors])),
    )


SHEETS = st.builds(
    RememberedSheet,
    LABEL,
    st.sampled_from(["visible", "hidden", "veryHidden"]),
    st.none() | st.dictionaries(PLACES, WORDS, max_size=4),
)


@given(data=st.data())
def test_what_is_written_is_what_is_read(data: st.DataObject) -> None:
    mapping = Mapping(
        name=data.draw(WORDS),
        fills=tuple(data.draw(fills(number)) for number in range(data.draw(st.integers(0, 3)))),
        template=data.draw(
            st.none() | st.builds(Template, WORDS, st.lists(SHEETS, max_size=3).map(tuple))
        ),
        layout=data.draw(st.sampled_from(["", "t1-quarterly"])),
    )
    read, found = mapping_from_toml(mapping_to_toml(mapping))
    assert found == ()
    assert read == mapping


def test_every_fault_is_named_with_its_place_and_all_at_once() -> None:
    assert fill_with() == {}
    assert "Is “line.actual” meant?" in fill_with(field='"line.actul"')["fill.1.field"]
    assert "is missing" in fill_with(sheet=None)["fill.1.sheet"]
    assert "is a block" in fill_with(cells='"A1:B2"')["fill.1.cells"]
    assert "not a row or column of cells" in fill_with(cells='"A0:A2"')["fill.1.cells"]
    assert "say which cell" in fill_with(cell='"D9"')["fill.1"]
    assert "or the fixed text" in fill_with(fixed='"x"')["fill.1"]
    assert "3 of them for 2 cells" in fill_with(of='["a", "b", "c"]')["fill.1.of"]
    assert "texts in quotes" in fill_with(of="[1]")["fill.1.of"]
    assert "1 for the first" in fill_with(month="0")["fill.1.month"]
    assert "one of pence, pounds, thousands" in fill_with(money='"euros"')["fill.1.money"]
    assert "should read like" in fill_with(seen='"twice"', row='"x"')["fill.1.seen"]
    assert "is not a cell" in fill_with(row_at='"8B"')["fill.1.row_at"]
    assert "our words" in fill_with(words='"x"')["fill.1.words"]
    assert "Known are" in fill_with(colour='"red"')["fill.1.colour"]
    both = problems('[[fill]]\nsheet = 1\ncell = "A1"\nfield = "no.field"\n[[fill]]\nsheet = "S"')
    assert set(both) == {"fill.1.sheet", "fill.1.field", "fill.2"}


def test_a_cell_is_filled_by_one_part_of_the_mapping_only() -> None:
    twice = (
        '[[fill]]\nsheet="S"\ncell="A2"\nfixed="x"\n[[fill]]\nsheet="S"\ncells="A1:A3"\nfixed="y"'
    )
    assert problems(twice) == {"fill.2": "S!A2 is filled by fill.1"}


def test_what_is_no_mapping_is_said() -> None:
    assert "not TOML" in mapping_from_toml("fill = [")[1][0].says
    assert "reads “return-mapping/1”" in mapping_from_toml('name = "x"')[1][0].says
    long = '[[fill]]\nsheet="{}"\ncells="A1:A99999"\nfixed="x"\n'
    assert "more than 100,000 cells" in problems(long.format("S") + long.format("T"))["fill"]


def test_a_mapping_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="could not be read"):
        read_mapping(tmp_path / "gone.toml")
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KnownError, match="not text in UTF-8"):
        read_mapping(odd)
    odd.write_text("name = 3", encoding="utf-8")
    with pytest.raises(RefusedError, match="write it in quotes"):
        read_mapping(odd)


def test_the_help_names_every_word_of_the_vocabulary_and_its_examples_are_good() -> None:
    text = assets.text("returns/own-workbook/MAPPING.md")
    for field in fields():
        assert f"`{field.name}`" in text
    for family in FAMILIES:
        assert f"`{family.name}." in text
    example = text.split("```toml")[1].split("```")[0]
    mapping, found = mapping_from_toml(example)
    assert found == ()
    assert mapping is not None
    assert len(mapping.fills) > 5


def test_addresses_are_read_as_a_person_writes_them() -> None:
    assert place_of(" $d$9 ") == Place(9, 4)
    assert str(Place(9, 28)) == "AB9"
    assert area_of("D13:D8") == Area(8, 4, 13, 4)
    assert (str(area_of("D8:D13")), str(area_of("D8"))) == ("D8:D13", "D8")
    assert area_of("A:C") == Area(1, 1, 1_048_576, 3)
    assert area_of("3:5") == Area(3, 1, 5, 16_384)
    assert [place_of(one) for one in ("A0", "XFE1", "A1048577", "9D", "", "A1:B2")] == [None] * 6
    assert areas_of("A1 oddity B2:C3") == (Area(1, 1, 1, 1), Area(2, 2, 3, 3))
