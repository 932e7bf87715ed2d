import csv
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.model import (
    Award,
    Balances,
    Contact,
    Funder,
    Organisation,
    Payment,
    Portfolio,
)
from fundtrack.exchange.sample import sample_portfolio
from fundtrack.exchange.tables import leaving
from fundtrack.exchange.tables.reading import parse
from tests.strategies import portfolios

DAY = date(2026, 12, 1)


def there_and_back(book: Portfolio) -> Portfolio:
    found = parse(leaving.workbook(book), "all.xlsx")
    assert leaving.is_ours(found)
    again, problems = leaving.read_back(found)
    assert problems == ()
    assert again is not None
    return again


def test_the_sample_charity_leaves_and_comes_back_whole() -> None:
    book = sample_portfolio(DAY)
    assert there_and_back(book) == book


@settings(max_examples=60)
@given(st.data())
def test_any_book_leaves_and_comes_back_whole(data: st.DataObject) -> None:
    book = data.draw(portfolios())
    assert there_and_back(book) == book


@pytest.mark.parametrize(
    "text",
    ["=1+1", "-5", "'x", '"quoted"', " spaced ", "", "a\x01b", "_x0041_", "a\r\nb", "x" * 70000],
)
def test_text_that_a_spreadsheet_would_change_comes_back_as_it_was(text: str) -> None:
    book = Portfolio(
        organisation=Organisation(name="H", nation="scotland", balances=Balances(as_at=DAY)),
        funders=(Funder(key="f", name="F", notes=text, contacts=(Contact(name="N", role=text),)),),
    )
    assert there_and_back(book) == book


def test_payments_have_a_sheet_of_their_own_with_real_dates_and_numbers() -> None:
    award = Award(
        key="a",
        title="A",
        stage="live",
        amount=123456,
        start=DAY,
        end=DAY,
        payments=(Payment(due=DAY, amount=50), Payment(due=DAY, amount=60)),
    )
    book = Portfolio(
        organisation=Organisation(name="H", nation="scotland", balances=Balances(as_at=DAY)),
        awards=(award,),
    )
    found = {sheet.name: sheet for sheet in parse(leaving.workbook(book), "all.xlsx").sheets}
    assert found["awards.payments"].lines == (
        ("of award", "due", "amount"),
        ("a", DAY, 0.5),
        ("a", DAY, 0.6),
    )


def test_every_list_is_a_csv_file_too(tmp_path: Path) -> None:
    book = sample_portfolio(DAY)
    written = leaving.write_csv(book, tmp_path / "out")
    with (tmp_path / "out" / "awards.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["key"] for row in rows] == [award.key for award in book.awards]
    assert tmp_path / "out" / "posts.csv" in written


def test_a_fault_in_a_cell_is_named_with_its_row() -> None:
    book = sample_portfolio(DAY)
    found = parse(leaving.workbook(book), "all.xlsx")
    sheets = tuple(
        sheet
        if sheet.name != "awards"
        else type(sheet)(sheet.name, (sheet.lines[0], ("k", "t"), *sheet.lines[2:]))
        for sheet in found.sheets
    )
    again, problems = leaving.read_back(type(found)(found.name, sheets))
    assert again is None
    assert "awards" in str(problems[0])


@settings(max_examples=30)
@given(st.data())
def test_the_csv_files_of_any_book_say_cell_by_cell_what_the_workbook_says(
    data: st.DataObject,
) -> None:
    book = data.draw(portfolios())
    with tempfile.TemporaryDirectory() as folder:
        paths = leaving.write_csv(book, Path(folder))
        for path, tidy in zip(paths, leaving.sheets(book)[1:], strict=True):
            with path.open(encoding="utf-8-sig", newline="") as file:
                titles, *rows = csv.reader(file)
            assert titles == list(tidy.titles)
            told = [["" if cell is None else str(cell) for cell in row] for row in tidy.rows]
            assert rows == told
