"""The first shape of a book: as shipped, and never to be edited."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def upgrade() -> None:
    """Make every table."""
    metadata.create_all(op.get_bind())


def _records(name: str, *columns: sa.Column[Any]) -> None:
    sa.Table(
        name,
        metadata,
        sa.Column("key", sa.Text, primary_key=True),
        _whole("place", needed=True),
        *columns,
        sa.Index(None, "place"),
    )


def _text(name: str, *, needed: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=not needed)


def _whole(name: str, *, needed: bool = False) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, nullable=not needed)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean)


def _day(name: str, *, needed: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=not needed)


def _ref(name: str, to: str, *, needed: bool = False) -> sa.Column[Any]:
    there = sa.ForeignKey(f"{to}.key", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Text, there, nullable=not needed, index=True)


# Money is in whole pence. What looks like a number or a list and is text here is an exact
# decimal, or JSON in the interchange format.

_records(
    "organisation",
    _text("name", needed=True),
    _text("nation", needed=True),
    _text("balances", needed=True),
    _text("charity_number"),
    _text("company_number"),
    _text("giving_prefix"),
    _whole("year_start_month"),
    _flag("employment_allowance"),
    _text("reserves_policy"),
    _whole("consultation_days"),
    _text("board_meetings"),
    _whole("paper_days"),
    _text("reminder_days"),
)
_records(
    "funders",
    _text("name", needed=True),
    _text("kind"),
    _ref("ultimate_source", "funders"),
    _text("org_id"),
    _whole("decision_days"),
    _text("contacts"),
    _text("notes"),
)
_records(
    "services",
    _text("name", needed=True),
    _text("area"),
    _whole("people_supported"),
    _whole("people_waiting"),
)
_records(
    "awards",
    _text("title", needed=True),
    _text("reference"),
    _ref("funder", "funders"),
    _ref("service", "services"),
    _text("kind"),
    _text("fund"),
    _flag("ring_fenced"),
    _text("stage", needed=True),
    _text("probability"),
    _whole("amount", needed=True),
    _day("start", needed=True),
    _day("end", needed=True),
    _text("spread"),
    _text("profile"),
    _text("uplifts"),
    _text("extensions"),
    _whole("break_months"),
    _text("on_end"),
    _ref("renewal_of", "awards"),
    _whole("opening_balance"),
    _text("payment_basis"),
    _text("payments"),
    _whole("payment_lag_days"),
    _text("overhead_cap"),
    _text("virement_limit"),
    _text("carry_forward"),
    _text("retention"),
    _text("budget_lines"),
    _text("budget_versions"),
    _text("reporting"),
    _text("bid"),
    _text("hours_per_return"),
    _text("vat"),
    _text("notes"),
)
_records(
    "posts",
    _text("title", needed=True),
    _ref("service", "services"),
    _text("establishment"),
    _text("fte", needed=True),
    _whole("salary", needed=True),
    _text("weekly_hours"),
    _text("pension"),
    _text("nic_category"),
    _day("start", needed=True),
    _day("end"),
    _text("contract"),
    _text("status"),
    _text("vacancies"),
    _day("notice_served_on"),
    _text("notice"),
    _text("pay_changes"),
    _text("person"),
)
_records(
    "costs",
    _text("title", needed=True),
    _ref("service", "services"),
    _text("heading"),
    _text("kind"),
    _whole("amount", needed=True),
    _text("frequency", needed=True),
    _day("start", needed=True),
    _day("end"),
)
_records(
    "allocations",
    _ref("post", "posts"),
    _ref("cost", "costs"),
    _ref("award", "awards"),
    _text("percent", needed=True),
    _day("from"),
    _day("to"),
)
_records(
    "actuals",
    _ref("award", "awards"),
    _text("budget_line"),
    _day("on", needed=True),
    _whole("amount", needed=True),
    _text("description"),
    _text("source"),
)
_records(
    "indicators",
    _ref("award", "awards"),
    _text("title", needed=True),
    _text("unit"),
    _text("direction"),
    _text("targets"),
    _text("readings"),
)
_records(
    "deadlines",
    _ref("award", "awards"),
    _ref("post", "posts"),
    _text("kind"),
    _text("title", needed=True),
    _day("due", needed=True),
    _text("owner"),
    _day("done_on"),
)
_records(
    "evidence",
    _ref("award", "awards"),
    _day("on", needed=True),
    _text("who"),
    _text("channel"),
    _whole("grade"),
    _text("note"),
)
_records(
    "returns",
    _ref("award", "awards", needed=True),
    _text("period", needed=True),
    _text("template"),
    _text("status"),
    _day("submitted_on"),
    _text("file_sha256"),
    _text("figures"),
)
_records(
    "scenarios",
    _text("title", needed=True),
    _text("now"),
    _text("want"),
    _text("how"),
    _text("edits"),
)
_records(
    "rates",
    _text("code", needed=True),
    _text("nation", needed=True),
    _day("from", needed=True),
    _day("to"),
    _text("value", needed=True),
    _text("source"),
)
sa.Table(
    "journal",
    metadata,
    sa.Column("id", WHOLE, primary_key=True),
    _text("at", needed=True),
    _text("who"),
    _text("label", needed=True),
    _text("kind", needed=True),
    sa.Column("of", WHOLE, sa.ForeignKey("journal.id")),
    _text("changes", needed=True),
)
sa.Table(
    "book",
    metadata,
    sa.Column("identity", sa.Text, primary_key=True),
    _text("format", needed=True),
)
