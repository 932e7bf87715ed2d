import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fundtrack.core.edit import Edit
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Award, Balances, Funder, Organisation, Portfolio
from fundtrack.exchange.giving360 import Choices, Offer, offer, organisation_id
from tests.peers import shared

TODAY = date(2026, 12, 1)
TITLES = (
    "Identifier",
    "Title",
    "Currency",
    "Amount Awarded",
    "Award Date",
    "Planned Dates:Start Date",
    "Planned Dates:End Date",
    "Planned Dates:Duration (months)",
    "Recipient Org:Identifier",
    "Recipient Org:Name",
    "Funding Org:Identifier",
    "Funding Org:Name",
)
GRANT = {
    "Identifier": "360G-Trust-1",
    "Title": "Befriending",
    "Currency": "GBP",
    "Amount Awarded": "12000",
    "Award Date": "2026-03-01",
    "Planned Dates:Start Date": "2026-04-01",
    "Planned Dates:End Date": "2027-03-31",
    "Recipient Org:Identifier": "GB-CHC-1000001",
    "Recipient Org:Name": "Harbour & Hope",
    "Funding Org:Identifier": "GB-CHC-2000002",
    "Funding Org:Name": "The Long Trust",
}


@pytest.fixture
def book() -> Portfolio:
    organisation = Organisation(
        name="Harbour and Hope",
        nation="england-and-wales",
        balances=Balances(as_at=date(2026, 4, 1)),
    )
    return Portfolio(organisation=organisation)


def published(folder: Path, *grants: dict[str, str], name: str = "grants.csv") -> Path:
    """A funder's file with these grants, each a GRANT but for what is said."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TITLES)
        writer.writeheader()
        writer.writerows({**GRANT, **grant} for grant in grants)
    return path


def offered(path: Path, book: Portfolio, *recipients: str, **choices: Any) -> Offer:
    return offer(path, recipients or ("GB-CHC-1000001",), book, TODAY, Choices(**choices))


def said(found: Offer) -> list[str]:
    return [str(problem) for problem in found.problems]


def made(found: Offer) -> Edit:
    assert found.edit is not None
    return found.edit


# --- what comes in -----------------------------------------------------------------------------


def test_a_grant_comes_in_with_funder_dates_amount_and_the_day_it_was_decided(
    tmp_path: Path, book: Portfolio
) -> None:
    after = made(offered(published(tmp_path, {}), book)).apply(book)
    (award,), (funder,), (evidence,) = after.awards, after.funders, after.evidence
    assert (award.reference, award.title, award.amount) == (
        "360G-Trust-1",
        "Befriending",
        12_000_00,
    )
    assert (award.start, award.end, award.stage) == (date(2026, 4, 1), date(2027, 3, 31), "live")
    assert (funder.name, funder.org_id, award.funder) == (
        "The Long Trust",
        "GB-CHC-2000002",
        funder.key,
    )
    assert (evidence.on, evidence.grade, evidence.award) == (date(2026, 3, 1), 4, award.key)


def test_the_import_is_one_change_and_undoing_it_leaves_the_book_as_it_was(
    tmp_path: Path, book: Portfolio
) -> None:
    path = published(tmp_path, {}, {"Identifier": "360G-Trust-2", "Funding Org:Name": "Other"})
    edit = made(offered(path, book)).placed(book)
    assert edit.inverse.apply(edit.apply(book)) == book


def test_importing_the_same_file_twice_changes_nothing(tmp_path: Path, book: Portfolio) -> None:
    path = published(tmp_path, {}, {"Identifier": "360G-Trust-2"})
    after = made(offered(path, book)).apply(book)
    again = offered(path, after)
    assert (again.edit, again.known, again.differing) == (None, 2, ())


def test_a_grant_the_funder_has_since_changed_is_told_of_and_left_alone(
    tmp_path: Path, book: Portfolio
) -> None:
    after = made(offered(published(tmp_path, {}), book)).apply(book)
    later = published(tmp_path, {"Amount Awarded": "15000", "Planned Dates:End Date": "2027-09-30"})
    again = offered(later, after)
    assert again.edit is None
    assert [problem.path.rpartition(".")[2] for problem in again.differing] == ["amount", "end"]
    assert "£15,000.00 where the book says £12,000.00" in again.differing[0].says


@pytest.mark.parametrize(
    ("start", "end", "stage"),
    [
        ("2024-04-01", "2026-11-30", "ended"),
        ("2024-04-01", "2026-12-01", "live"),
        ("2026-12-01", "2027-11-30", "live"),
        ("2026-12-02", "2027-11-30", "awarded"),
    ],
)
def test_the_stage_follows_the_dates(
    start: str, end: str, stage: str, tmp_path: Path, book: Portfolio
) -> None:
    dates = {"Planned Dates:Start Date": start, "Planned Dates:End Date": end}
    assert offered(published(tmp_path, dates), book).awards[0].stage == stage


def test_without_planned_dates_the_award_date_and_the_duration_say_when(
    tmp_path: Path, book: Portfolio
) -> None:
    dates = {"Planned Dates:Start Date": "", "Planned Dates:End Date": ""}
    path = published(tmp_path, {**dates, "Planned Dates:Duration (months)": "18"})
    (award,) = offered(path, book).awards
    assert (award.start, award.end) == (date(2026, 3, 1), date(2027, 8, 31))
    assert "starts on its award date and runs for 18 months" in (award.notes or "")


def test_an_award_nobody_can_place_in_time_waits_for_the_person_to_say(
    tmp_path: Path, book: Portfolio
) -> None:
    path = published(tmp_path, {"Planned Dates:End Date": ""})
    (problem,) = said(offered(path, book))
    assert problem.startswith("row 2: no planned end and no duration, so it cannot be placed")
    assert problem.endswith("say how long such awards run with --months")
    assert offered(path, book, months=12).awards[0].end == date(2027, 3, 31)


def test_money_of_a_kind_nobody_told_is_taken_as_restricted_and_says_so(
    tmp_path: Path, book: Portfolio
) -> None:
    path = published(tmp_path, {})
    (award,) = offered(path, book).awards
    assert award.fund == "restricted"
    assert "does not say whether the money is restricted" in (award.notes or "")
    assert offered(path, book, fund="unrestricted").awards[0].fund == "unrestricted"


def test_a_funder_the_book_knows_is_not_entered_twice(tmp_path: Path, book: Portfolio) -> None:
    known = Funder(key="long", name="the long  trust")
    book = Portfolio(organisation=book.organisation, funders=(known,))
    found = offered(published(tmp_path, {}), book)
    assert (found.funders, found.awards[0].funder) == ((), "long")


def test_a_namesake_with_another_number_is_another_funder(tmp_path: Path, book: Portfolio) -> None:
    known = Funder(key="long", name="The Long Trust", org_id="GB-CHC-9")
    book = Portfolio(organisation=book.organisation, funders=(known,))
    assert len(offered(published(tmp_path, {}), book).funders) == 1


def test_keys_never_clash_with_what_is_in_the_book(tmp_path: Path, book: Portfolio) -> None:
    standing = Award(
        key="360G-Trust-1",
        title="Something else",
        stage="live",
        amount=1,
        start=date(2026, 4, 1),
        end=date(2027, 3, 31),
    )
    book = Portfolio(organisation=book.organisation, awards=(standing,))
    path = published(tmp_path, {}, {"Identifier": "360G/Trust 1"})
    after = made(offered(path, book)).apply(book)
    assert len({award.key for award in after.awards}) == 3


# --- what does not -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"Currency": "EUR"}, "row 2, column C (Currency): the currency is EUR"),
        ({"Currency": ""}, "row 2: Currency is missing"),
        ({"Amount Awarded": "1.234,50"}, "row 2, column D (Amount Awarded): “1.234,50” is not"),
        ({"Award Date": "03/04/2026"}, "row 2, column E (Award Date): “03/04/2026” can be"),
        ({"Planned Dates:Start Date": "2026-04"}, "row 2, column F (Planned Dates:Start Date)"),
        ({"Planned Dates:End Date": "2026-03-31"}, "row 2: it ends on 31 March 2026, before it"),
        ({"Funding Org:Name": ""}, "row 2: Funding Org:Name is missing"),
        ({"Identifier": ""}, "row 2: Identifier is missing"),
    ],
)
def test_a_row_that_cannot_be_read_is_listed_with_its_place_and_the_rest_come_in(
    wrong: dict[str, str], says: str, tmp_path: Path, book: Portfolio
) -> None:
    found = offered(published(tmp_path, wrong, {"Identifier": "360G-Trust-2"}), book)
    assert [problem.startswith(says) for problem in said(found)] == [True]
    assert [award.reference for award in found.awards] == ["360G-Trust-2"]


def test_every_fault_of_a_row_is_listed_at_once(tmp_path: Path, book: Portfolio) -> None:
    wrong = {"Currency": "EUR", "Amount Awarded": "lots", "Award Date": "soon"}
    assert len(said(offered(published(tmp_path, wrong), book))) == 3


def test_two_grants_under_one_identifier_are_both_listed_and_neither_is_chosen(
    tmp_path: Path, book: Portfolio
) -> None:
    found = offered(published(tmp_path, {}, {"Amount Awarded": "500"}), book)
    assert found.edit is None
    assert [problem.path for problem in found.problems] == ["row 2", "row 3"]


def test_the_same_row_twice_is_one_grant(tmp_path: Path, book: Portfolio) -> None:
    found = offered(published(tmp_path, {}, {}), book)
    assert (len(found.awards), found.problems) == (1, ())


# --- to whom -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipient",
    [
        "GB-CHC-1000001",
        "gb-chc-1000001",
        "1000001",
        "Harbour & Hope",
        "harbour AND  hope",
        "HARBOUR&HOPE",
    ],
)
def test_a_recipient_may_be_named_as_people_name_it(
    recipient: str, tmp_path: Path, book: Portfolio
) -> None:
    path = published(
        tmp_path, {}, {"Recipient Org:Identifier": "GB-CHC-3", "Recipient Org:Name": "Other"}
    )
    found = offered(path, book, recipient)
    assert (found.recipient, len(found.awards)) == ("Harbour & Hope", 1)


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path: Path, book: Portfolio) -> None:
    path = published(tmp_path, {}, {"Recipient Org:Name": "Harbour Lights"})
    with pytest.raises(KnownError, match=r"no grant to “Harbor & Hope”.*Harbour & Hope"):
        offered(path, book, "Harbor & Hope")


def test_a_name_that_two_organisations_share_lists_them(tmp_path: Path, book: Portfolio) -> None:
    path = published(tmp_path, {}, {"Identifier": "2", "Recipient Org:Identifier": "GB-CHC-3"})
    with pytest.raises(KnownError, match=r"GB-CHC-1000001 \(1 grant\); GB-CHC-3 \(1 grant\)"):
        offered(path, book, "Harbour & Hope")
    assert len(offered(path, book, "GB-CHC-1000001", "GB-CHC-3").awards) == 2


def test_grants_to_people_never_come_in(book: Portfolio) -> None:
    path = shared("360giving/360Giving-Grants-to-Inds-Data-Preparation-Template_Manual-Coding.xlsx")
    with pytest.raises(KnownError, match="Only grants to organisations come in"):
        offered(path, book, "Individual Recipient")


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("gb-coh-7962245", "GB-COH-07962245"),
        ("GB-COH-sc12345", "GB-COH-SC012345"),
        ("GB-COH-RC000766", "GB-COH-RC000766"),
        ("GB-CHC- 1 146 179", "GB-CHC-1146179"),
        ("GB-SC-12345", "GB-SC-SC012345"),
        ("GB-NIC-NIC100123", "GB-NIC-100123"),
        ("360G-Cloudesley-Org:10", "360G-Cloudesley-Org:10"),
        ("GB-LAE-TRF", "GB-LAE-TRF"),
    ],
)
def test_an_organisation_s_identifier_is_written_one_way(written: str, known: str) -> None:
    assert organisation_id(written) == known
    assert organisation_id(known) == known


# --- as the file is written --------------------------------------------------------------------


def test_a_file_from_windows_and_one_with_semicolons_and_a_title_above_are_read(
    tmp_path: Path, book: Portfolio
) -> None:
    path = tmp_path / "grants.csv"
    lines = [list(GRANT), [*GRANT.values()]]
    lines[1][1] = "Café for £5"
    text = "Our grants 2026;;\r\n" + "\r\n".join(";".join(cells) for cells in lines)
    path.write_bytes(text.encode("cp1252"))
    assert offered(path, book).awards[0].title == "Café for £5"


def test_field_names_serve_as_well_as_titles(tmp_path: Path, book: Portfolio) -> None:
    path = tmp_path / "grants.csv"
    names = "id,title,currency,amountAwarded,awardDate,plannedDates/0/startDate,"
    names += "plannedDates/0/endDate,recipientOrganization/0/id,recipientOrganization/0/name,"
    names += "fundingOrganization/0/id,fundingOrganization/0/name"
    path.write_text(f"{names}\n{','.join(GRANT.values())}\n", encoding="utf-8")
    assert offered(path, book).awards[0].reference == "360G-Trust-1"


def test_planned_dates_on_a_sheet_of_their_own_are_found_by_the_identifier(
    tmp_path: Path, book: Portfolio
) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Meta"  # type: ignore[union-attr]
    grants, dates = workbook.create_sheet("grants"), workbook.create_sheet("Planned Dates")
    held = {name: value for name, value in GRANT.items() if "Planned" not in name}
    grants.append([*held])
    grants.append([*held.values()])
    dates.append(["Identifier", "Planned Dates:Start Date", "Planned Dates:End Date"])
    dates.append(["360G-Trust-1", date(2026, 5, 1), date(2026, 10, 31)])
    dates.append(["360G-Trust-1", date(2026, 11, 1), date(2027, 4, 30)])
    workbook.save(tmp_path / "grants.xlsx")
    (award,) = offered(tmp_path / "grants.xlsx", book).awards
    assert (award.start, award.end) == (date(2026, 5, 1), date(2027, 4, 30))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n1,2\n",
        b"PK\x03\x04 not a zip at all",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not a workbook",
        b'{"grants": 5}',
        b'{"grants": [',
        b"\x00" * 1000,
        b'"' * 1001,
    ],
)
def test_a_file_of_something_else_is_refused_in_words(
    data: bytes, tmp_path: Path, book: Portfolio
) -> None:
    path = tmp_path / "grants.csv"
    path.write_bytes(data)
    with pytest.raises(KnownError, match=r"grants\.csv"):
        offered(path, book)


# --- real files, against another reader --------------------------------------------------------


def test_every_grant_of_a_council_s_real_file_comes_in_as_another_reader_has_it(
    book: Portfolio,
) -> None:
    path = shared("360giving/trafford_council_voluntary_sector_grants.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = offered(path, book, *{row["Recipient Org:Identifier"] for row in rows})
    theirs = {row["Identifier"]: Decimal(row["Amount Awarded"]) * 100 for row in rows}
    assert len(rows) == len(theirs) == 555
    assert {award.reference: award.amount for award in found.awards} == theirs
    assert {award.start.isoformat() for award in found.awards} == {r["Award Date"] for r in rows}
    assert (found.problems, len(found.funders)) == ((), 1)


@pytest.mark.parametrize("recipient", ["GB-CHC-1110767", "GB-COH-07962245", "Seed Studios"])
def test_one_recipient_gets_its_own_rows_of_a_council_s_real_file_and_no_other(
    recipient: str, book: Portfolio
) -> None:
    path = shared("360giving/trafford_council_voluntary_sector_grants.csv")
    with path.open(encoding="utf-8", newline="") as file:
        theirs = [
            row["Identifier"]
            for row in csv.DictReader(file)
            if recipient in (row["Recipient Org:Identifier"], row["Recipient Org:Name"])
        ]
    found = offered(path, book, recipient)
    assert theirs
    assert [award.reference for award in found.awards] == theirs


def test_the_same_grants_come_out_of_a_workbook_and_of_json(book: Portfolio) -> None:
    workbook = shared("360giving/datagetter_valid.xlsx")
    packaged = shared("360giving/datagetter_validfile.json")
    grants = json.loads(packaged.read_bytes())["grants"]
    recipients = {grant["recipientOrganization"][0]["id"] for grant in grants}
    count = 0
    for recipient in sorted(recipients):
        one, other = offered(workbook, book, recipient), offered(packaged, book, recipient)
        facts = [(a.reference, a.title, a.amount, a.start, a.end, a.stage) for a in one.awards]
        assert facts == [
            (a.reference, a.title, a.amount, a.start, a.end, a.stage) for a in other.awards
        ]
        assert len(one.problems) == len(other.problems)
        count += len(facts) + len(one.problems)
    assert count == len(grants) == 125


def test_a_real_file_without_any_end_dates_waits_for_how_long_its_awards_run(
    book: Portfolio,
) -> None:
    path = shared("tables/Sport-England_exchequer-awards.csv")
    silent = offered(path, book, "Wiltshire Council")
    assert silent.awards == ()
    assert len(silent.problems) == 5
    told = offered(path, book, "Wiltshire Council", months=12)
    assert sum(award.amount for award in told.awards) == 36_507_00
    as_published = shared("tables/Sport-England_exchequer-awards.xls")
    old = offered(as_published, book, "Wiltshire Council", months=12)
    assert [award.amount for award in old.awards] == [award.amount for award in told.awards]
