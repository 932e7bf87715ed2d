"""Which papers may be linked to an award, and which are never opened."""

from dataclasses import replace
from datetime import date

import pytest

from fundtrack.core.check import check
from fundtrack.core.documents import fault_of, is_program, is_web, title_for
from fundtrack.core.model import Award, Balances, Document, Organisation, Portfolio


@pytest.mark.parametrize(
    "place",
    [
        "https://council.example/agreement.pdf",
        "http://intranet/agreement",
        r"C:\Grants\Agreement 2026.docx",
        r"\\server\grants\Agreement.docx",
        "/home/maria/Grants/agreement.pdf",
        "Grants/agreement v1.2.pdf",
    ],
)
def test_a_path_or_a_web_address_can_be_linked(place: str) -> None:
    assert fault_of(place) == ""
    assert not is_program(place)


@pytest.mark.parametrize(
    "place",
    ["", "  ", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.c", "https://", "a\nb"],
)
def test_anything_else_cannot(place: str) -> None:
    assert fault_of(place)


@pytest.mark.parametrize("place", [r"C:\tools\setup.EXE", "run.sh", "x.desktop", "prize.scr. "])
def test_a_program_is_no_paper(place: str) -> None:
    assert is_program(place)


def test_a_document_without_a_title_is_called_after_the_last_part_of_its_place() -> None:
    assert title_for(r"C:\Grants\Agreement 2026.docx") == "Agreement 2026.docx"
    assert title_for("https://council.example/papers/terms/") == "terms"
    assert is_web("https://council.example/papers/terms/")


def test_a_book_with_a_place_that_cannot_be_linked_is_not_saved() -> None:
    award = Award(
        key="a", title="A", stage="live", amount=1, start=date(2026, 4, 1), end=date(2027, 3, 31)
    )
    organisation = Organisation(
        name="N", nation="scotland", balances=Balances(as_at=date(2026, 4, 1))
    )
    linked = Document(title="Terms", place="javascript:alert(1)")
    book = Portfolio(organisation=organisation, awards=(replace(award, documents=(linked,)),))
    assert [each.path for each in check(book)] == ["awards.0.documents.0.place"]
