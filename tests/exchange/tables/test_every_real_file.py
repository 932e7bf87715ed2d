"""No real file is passed over: each comes in, or holds nothing of a charity's, and here is why.

What comes in has its rows and sums checked beside another reader: in `tests/journeys`, in
`test_real_files` and in `test_periods`.
"""

from __future__ import annotations

from datetime import date

import pytest

from fundtrack import app
from fundtrack.core.errors import KnownError
from fundtrack.core.importing import Said
from tests.peers import SHARED, shared

FOLDERS = ("tables", "360giving", "returns", "crm")
COME_IN = {
    "360giving/datagetter_valid.xlsx",
    "360giving/datagetter_validfile.json",
    "360giving/trafford_council_voluntary_sector_grants.csv",
    "crm/outboundfunds_sample.sql",  # as the data export its statements fill
    "returns/PF_Round_2_Success.xlsx",
    "returns/TF-grant-awarded.csv",
    "returns/TF_Round_4_Success.xlsx",
    "tables/Sport-England_exchequer-awards.csv",
    "tables/Sport-England_exchequer-awards.xls",
    "tables/government-grant-schemes-2013-14.csv",
    "tables/government-grant-schemes-2016-17.csv",
}
_FORM = "a form nobody has filled in"
_CODES = "a list of codes and their words"
_SCHEMA = "what a file must be like, and no grants"
_PEOPLE = "grants to individuals, which are refused"
_TENDER = "one contract of a council's as open contracting has it, and no charity's award"
_SHAPE = "a few cells that show how a file may be laid out"
NOTHING = {
    "360giving/360-giving-package-schema.json": _SCHEMA,
    "360giving/360-giving-schema.json": _SCHEMA,
    "360giving/360-giving-schema-titles-with-dei-extension-2024.xlsx": _FORM,
    "360giving/360-giving-schema-titles-with-meta-tab-2023.xlsx": _FORM,
    "360giving/360Giving-Grants-to-Inds-Data-Preparation-Template_Codelist-Mapping.xlsx": _PEOPLE,
    "360giving/360Giving-Grants-to-Inds-Data-Preparation-Template_Manual-Coding.xlsx": _PEOPLE,
    "360giving/countryCode.csv": _CODES,
    "360giving/currency.csv": _CODES,
    "360giving/data_all.json": "who published which files, and no grants",
    "360giving/geoCodeType.csv": _CODES,
    "360giving/grantToIndividualsPurpose.csv": _CODES,
    "360giving/grantToIndividualsReason.csv": _CODES,
    "360giving/locationScope.csv": _CODES,
    "360giving/regrantType.csv": _CODES,
    "crm/outboundfunds_mapping.yml": "which field of one system is which, and no rows",
    "returns/ARPA_Annual_Performance_Report_Workbook.xlsx": "people counted by month, no money",
    "returns/ARPA_SFRF_Reporting_Workbook_v20220414.xlsm": _FORM,
    "returns/CPF_sample_template.xlsx": _FORM,
    "returns/FAC_notes-to-sefa-workbook.xlsx": _FORM,
    "returns/InnovateUK_reallocate-project-costs.xlsx": _FORM,
    "tables/SportEngland_README.md": "words about the file beside it",
    "tables/excel_pasting.csv": _SHAPE,
    "tables/government-grant-recipient-sector.tsv": _CODES,
    "tables/ocds-213czf-000-00001-05-contract.json": _TENDER,
    "tables/ocds-213czf-000-00001-06-implementation.json": _TENDER,
    "tables/ocds-213czf-000-00001.json": _TENDER,
    "tables/simple.ssv": _SHAPE,
    "tables/template.xlsx": _TENDER,
    "tables/utf8bom.csv": _SHAPE,
}


def test_every_real_file_is_named_here() -> None:
    shared("tables")
    there = {
        f"{folder}/{path.name}"
        for folder in FOLDERS
        for path in (SHARED / "data" / folder).iterdir()
        if path.is_file()
    }
    assert there == COME_IN | NOTHING.keys()


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_what_holds_nothing_of_a_charity_s_brings_nothing_in_and_asks_nothing(name: str) -> None:
    book = app.empty_portfolio("Harbour", "england-and-wales", date(2026, 4, 1))
    try:
        file = app.import_doors().open_file(shared(name), book, lambda _done, _total, _doing: None)
        seen = file.offer(book, date(2026, 11, 22), Said(), lambda _done, _total, _doing: None)
    except KnownError as refused:
        assert str(refused)  # noqa: PT017 - a refusal in plain words is what is wanted
        return
    assert seen.edit is None
    assert seen.rows == ()
    assert seen.asked == ()
