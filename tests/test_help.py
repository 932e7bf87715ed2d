"""Every rule in the help has a worked example, and the example is what the program works out."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from fundtrack import assets
from fundtrack.core import words
from fundtrack.core.claims import overhead_shares
from fundtrack.core.cliffs import status_on
from fundtrack.core.employment import (
    consultation,
    gross_pay,
    latest_before,
    latest_notice,
    on_costs,
    protective_award,
    redundancy,
    redundancy_pay,
    redundancy_weeks,
    salary_on,
    statutory_notice_weeks,
    transfer,
    weeks_pay,
    windows,
)
from fundtrack.core.model import (
    Allocation,
    Award,
    Balances,
    Enhanced,
    Evidence,
    Funder,
    Notice,
    Organisation,
    PayChange,
    Pension,
    Person,
    Portfolio,
    Post,
    Reporting,
    ReservesPolicy,
    Uplift,
)
from fundtrack.core.money import round_half_up, spread
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.period import (
    add_months,
    calendar_quarter,
    complete_months,
    complete_years,
    financial_quarter,
    grant_quarter_number,
)
from fundtrack.core.pipeline import said
from fundtrack.core.rates import Rates, Statutory, WorkingDays
from fundtrack.core.returns.figures import percent_of_budget
from fundtrack.core.schedule import pieces, rank, terms

RULES = ("people", "money", "warnings")
TODAY = date(2026, 11, 22)
END = date(2027, 3, 31)
STATUTORY = Statutory.read(assets.rates_json(), assets.bank_holidays_json())
ENGLAND = Rates(STATUTORY, "england-and-wales")
DAYS = WorkingDays.of(STATUTORY, "england-and-wales")
CHARITY = Organisation(
    name="Harbour Lane",
    nation="england-and-wales",
    balances=Balances(as_at=date(2026, 11, 1), free_reserves=0),
)


def post(**fields: object) -> Post:
    plain: dict[str, object] = {
        "key": "p",
        "title": "Adviser",
        "fte": Decimal(1),
        "salary": 3_000_000,
        "start": date(2020, 4, 1),
    }
    return Post(**(plain | fields))  # type: ignore[arg-type]


def award(**fields: object) -> Award:
    plain: dict[str, object] = {
        "key": "a",
        "title": "Core grant",
        "stage": "live",
        "kind": "grant",
        "fund": "restricted",
        "amount": 10_000_00,
        "start": date(2026, 4, 1),
        "end": END,
    }
    return Award(**(plain | fields))  # type: ignore[arg-type]


def share(percent: int, of: str = "a", key: str = "l") -> Allocation:
    return Allocation(key=key, post="p", award=of, percent=Decimal(percent))


def told(today: date = TODAY, **book: object) -> Outlook:
    portfolio = Portfolio(organisation=CHARITY)
    return outlook(replace(portfolio, **book), STATUTORY, today)  # type: ignore[arg-type]


# --- people ----------------------------------------------------------------------------------


def service() -> list[str]:
    start = date(2025, 4, 1)
    assert complete_years(start, END - timedelta(days=1)) == 1
    return [f"**{complete_years(start, END)} years**"]


def notice_by_law() -> list[str]:
    days = []
    for start in (date(2022, 2, 14), date(2015, 4, 1)):
        weeks = statutory_notice_weeks(start, END)
        days.append(latest_notice(END, weeks, None, DAYS).calendar)
    return [bold(words.day(day)) for day in days]


def notice_in_the_contract() -> list[str]:
    return [bold(words.day(latest_notice(END, 5, Notice(months=3), DAYS).calendar))]


def working_days() -> list[str]:
    return [bold(words.weekday(DAYS.on_or_before(date(2026, 12, 28))))]


def redundancy_pay_() -> list[str]:
    weeks = redundancy_weeks(45, 15)
    return [f"**{weeks:.0f} weeks**", bold(words.money(redundancy_pay(weeks, 500_00)))]


def the_cap() -> list[str]:
    nations = ("england-and-wales", "northern-ireland")
    caps = [Rates(STATUTORY, nation).value("redundancy.weekly_cap", END) for nation in nations]
    return [bold(words.money(int(cap * 100))) for cap in caps]


def provisional() -> list[str]:
    cap = ENGLAND.on("redundancy.weekly_cap", date(2027, 5, 1))
    assert cap.provisional
    return [bold(words.money(int(cap.value * 100)))]


def no_birth_date() -> list[str]:
    paid = redundancy(post(start=date(2019, 4, 1)), END, 3_000_000, ENGLAND)
    return [
        f"**{paid.weeks_from.normalize():f} weeks**",
        f"**{paid.weeks_to.normalize():f} weeks**",
    ]


def own_scheme() -> list[str]:
    scheme = Enhanced(multiplier=Decimal("1.5"), uncapped=True)
    person = Person(born=date(1990, 1, 1), enhanced=scheme)
    paid = redundancy(post(start=date(2017, 4, 1), person=person), END, 800_00 * 52, ENGLAND)
    assert paid.weeks == 10
    return [bold(words.money(paid.payable)), words.money(paid.srp or 0)]


def relevant_date() -> list[str]:
    shown = told(
        today=date(2027, 2, 10),
        awards=(award(start=date(2026, 4, 1)),),
        posts=(post(start=date(2010, 4, 1), notice_served_on=date(2027, 2, 1)),),
        allocations=(share(100),),
    )
    paid = shown.posts[0].redundancy
    assert paid is not None
    return [bold(words.day(paid.relevant_date))]


def consultation_() -> list[str]:
    notice = latest_notice(END, 12, None, DAYS)
    window = windows([END] * 24)[END]
    start = consultation(window, END, notice, 30, ENGLAND).latest_start_calendar
    return [bold(words.day(DAYS.on_or_before(start)))]


def protective() -> list[str]:
    days = int(ENGLAND.value("redundancy.protective_award_days", END))
    return [bold(words.money(protective_award(weeks_pay(3_000_000), days)))]


def notice_late() -> list[str]:
    pay = round_half_up(576_92 * 23, 7)
    rate = ENGLAND.value("nic.rate", END)
    return [bold(words.money(pay + round_half_up(pay * int(rate * 100), 100)))]


def fixed_terms() -> list[str]:
    person = Person(born=date(1990, 5, 5))
    paid = redundancy(post(start=date(2025, 4, 1), person=person), END, 27_040_00, ENGLAND)
    return [bold(words.money(paid.payable))]


def unfair_dismissal() -> list[str]:
    months = complete_months(date(2026, 9, 1), date(2027, 2, 28))
    assert months >= ENGLAND.value("dismissal.protection_months", date(2027, 2, 28))
    return [f"**{months} complete months**"]


def another_provider() -> list[str]:
    return [bold(words.day(transfer(date(2027, 4, 1), 5, 2, "england-and-wales").information_due))]


def what_a_post_costs() -> list[str]:
    pension = Pension(basis="salary", percent=Decimal(5))
    year = on_costs(post(pension=pension), 3_000_000, ENGLAND, END)
    shown = [words.money(year.nic), words.money(year.pension)]
    return [*shown, bold(words.money(year.total)), bold(words.money(year.month))]


def allowance() -> list[str]:
    nic, left, paid = 1_322_50, int(ENGLAND.value("nic.employment_allowance", END) * 100), []
    for _ in range(12):
        used = min(left, nic)
        left -= used
        paid.append(nic - used)
    assert paid[6] == 0
    return [bold(words.money(paid[7]))]


def pay_changes() -> list[str]:
    rise = PayChange(from_=date(2027, 4, 1), percent=Decimal(3))
    paid = post(pay_changes=(rise,), pension=Pension(basis="salary", percent=Decimal(5)))
    after = salary_on(paid, date(2027, 4, 1))
    return [bold(words.money(on_costs(paid, after, ENGLAND, date(2027, 4, 30)).month))]


# --- money -----------------------------------------------------------------------------------


def certainty() -> list[str]:
    names = ("secured", "probable", "possible")
    return [f"**{names[rank(award(stage=stage))]}**" for stage in ("submitted", "live")]


def spreading() -> list[str]:
    grant = award(start=date(2026, 5, 15), end=date(2027, 2, 14), fund="unrestricted")
    organisation = replace(CHARITY, balances=Balances(as_at=date(2026, 5, 1), free_reserves=0))
    shown = outlook(
        Portfolio(organisation=organisation, awards=(grant,)), STATUTORY, date(2026, 5, 1)
    )
    income = shown.forecast["secured"].income
    return [bold(words.money(int(income[0]))), bold(words.money(int(income[1])))]


def uplifts() -> list[str]:
    rises = (
        Uplift(from_=date(2026, 4, 1), percent=Decimal("3.8")),
        Uplift(from_=date(2027, 4, 1), percent=Decimal("3.6"), cap=Decimal(3)),
    )
    contract = award(
        start=date(2025, 4, 1), end=date(2028, 3, 31), amount=360_000_00, uplifts=rises
    )
    years = [piece.amount for piece in pieces(contract, terms(contract)[0])]
    assert years[0] == 120_000_00
    return [bold(words.money(years[1])), bold(words.money(years[2]))]


def extensions() -> list[str]:
    return [bold(words.day(latest_before(END, 6)))]


def breaks() -> list[str]:
    return [bold(words.day(add_months(TODAY, 3)))]


def shares() -> list[str]:
    shown = told(
        awards=(award(end=date(2027, 1, 15)), award(key="b")),
        posts=(post(pension=Pension(basis="salary", percent=Decimal(5))),),
        allocations=(share(70), share(30, "b", "m")),
    )
    january = shown.months.index(date(2027, 1, 1))
    return [bold(words.money(int(shown.posts[0].unfunded_cost[january])))]


def claimed_twice() -> list[str]:
    shown = told(
        awards=(award(), award(key="b")),
        posts=(post(),),
        allocations=(share(60), share(60, "b", "m")),
    )
    run = shown.workings.charges.posts[0].runs[0]
    assert shown.posts[0].claimed_twice
    return [f"**{run.shares[0][1] * 100 // shown.workings.charges.whole} %**"]


def restricted() -> list[str]:
    spent, kept = 20_100_00, 2_400_00
    grant = award(amount=24_000_00, carry_forward=Decimal(10))
    pay = gross_pay(2_010_000, Decimal(1))
    assert pay == spent
    organisation = replace(CHARITY, balances=Balances(as_at=date(2026, 4, 1), free_reserves=0))
    book = Portfolio(
        organisation=organisation,
        awards=(grant,),
        posts=(post(salary=2_010_000, status="agency"),),
        allocations=(share(100),),
    )
    shown = outlook(book, STATUTORY, TODAY).forecast["secured"].awards[0]
    assert shown.repayable == 24_000_00 - spent - kept
    return [bold(words.money(shown.repayable))]


def cash() -> list[str]:
    contract = award(
        kind="contract",
        fund="unrestricted",
        payment_basis="arrears",
        payment_lag_days=21,
        reporting=Reporting(frequency="half", anchor="financial-year", due_days=31),
    )
    half_end = date(2026, 9, 30)
    due = half_end + timedelta(days=contract.reporting.due_days or 0)  # type: ignore[union-attr]
    arrives = due + timedelta(days=contract.payment_lag_days or 0)
    shown = told(awards=(contract,)).forecast["secured"].awards[0]
    assert int(shown.received[0]) == 5_000_00
    return [bold(words.day(arrives))]


def reserves() -> list[str]:
    balances = Balances(
        as_at=date(2026, 11, 1),
        total_funds=310_000_00,
        restricted=95_000_00,
        fixed_assets=62_000_00,
        designated=40_000_00,
        designated_fixed_assets=15_000_00,
    )
    organisation = replace(CHARITY, balances=balances)
    shown = outlook(Portfolio(organisation=organisation), STATUTORY, TODAY)
    return [bold(words.money(shown.forecast["secured"].free_reserves))]


def spending(year: int, **organisation: object) -> Outlook:
    """A charity that spends so much a year, by an agency post on unrestricted funds."""
    charity = replace(CHARITY, **organisation)  # type: ignore[arg-type]
    worker = post(salary=year, status="agency")
    return outlook(Portfolio(organisation=charity, posts=(worker,)), STATUTORY, TODAY)


def months_cover() -> list[str]:
    balances = Balances(as_at=date(2026, 11, 1), free_reserves=128_000_00)
    cover = spending(384_000_00, balances=balances).forecast["secured"].months_cover
    return [f"**{cover} months**"]


def floor() -> list[str]:
    policy = ReservesPolicy(kind="months", value=Decimal(3))
    found = spending(384_000_00, reserves_policy=policy).forecast["secured"].floor
    return [bold(words.money(found or 0))]


def runway() -> list[str]:
    balances = Balances(as_at=date(2026, 11, 1), free_reserves=30_000_00)
    months = spending(150_000_00, balances=balances).forecast["secured"].runway_whole_months
    return [f"**{months} months**"]


def quarters() -> list[str]:
    assert grant_quarter_number(date(2026, 5, 15), TODAY) == 3
    return [bold(financial_quarter(TODAY).name), bold(calendar_quarter(TODAY).name)]


def variance() -> list[str]:
    short = 3_000_00 - 3_450_00
    percent = percent_of_budget(short, 3_000_00)
    return [bold(words.money(short)), f"**{words.MINUS}{abs(percent or 0)} %**"]


def overheads() -> list[str]:
    assert sum(spread(10_000_00, [1, 1, 1])) == 10_000_00
    first, *rest = overhead_shares(10_000_00, [1, 1, 1])
    return [bold(words.money(first)), *map(words.money, rest)]


# --- warnings --------------------------------------------------------------------------------


def one_post(**fields: object) -> Outlook:
    return told(awards=(award(),), posts=(post(**fields),), allocations=(share(100),))


def cliffs_() -> list[str]:
    cliff = one_post().posts[0].cliff_date
    assert cliff is not None
    return [bold(words.day(cliff))]


def silent() -> list[str]:
    grant = award(start=date(2026, 11, 1), end=date(2027, 10, 31), amount=36_000_00)
    shown = told(
        awards=(grant,),
        posts=(post(salary=36_690_00, status="agency"),),
        allocations=(share(100),),
    )
    (found,) = [cliff for cliff in shown.cliffs if cliff.kind == "silent"]
    return [bold(words.money(found.over_12_months))]


def ladders_() -> list[str]:
    shown = told(
        funders=(Funder(key="f", name="Commissioner", kind="commissioner"),),
        awards=(award(funder="f"),),
        posts=(post(start=date(2010, 4, 1)),),
        allocations=(share(100),),
    )
    (ladder,) = [one for one in shown.ladders if one.cliff == "post:p"]
    found = {rung.kind: rung.date for rung in ladder.rungs}
    return [bold(words.day(found[kind])) for kind in ("decision", "submit", "writing")]


def decision_days_() -> list[str]:
    from fundtrack.core.ladder import decision_days

    lottery = Funder(key="f", name="Lottery", kind="lottery")
    grant = award(funder="f", amount=25_000_00)
    shown = told(funders=(lottery,), awards=(grant,))
    return [f"**{decision_days(grant, shown.workings)} days**"]


def status() -> list[str]:
    return [f"**{status_on(day, TODAY)}**" for day in (date(2026, 12, 3), date(2027, 2, 10))]


def exposure_() -> list[str]:
    from fundtrack.core.posts import Cost

    return [bold(words.money(Cost(9_600_00, 2_414_41, 0, 0).total))]


def promise() -> list[str]:
    found = said([Evidence(key="e", award="a", on=date(2026, 9, 1), grade=3)], TODAY)
    assert found is not None
    return [f"**{found.counts}**"]


EXAMPLES: dict[str, dict[str, Callable[[], list[str]]]] = {
    "people": {
        "Service": service,
        "Notice by law": notice_by_law,
        "Notice in the contract": notice_in_the_contract,
        "Working days": working_days,
        "Redundancy pay": redundancy_pay_,
        "The cap on a week's pay": the_cap,
        "Provisional rates": provisional,
        "No birth date": no_birth_date,
        "A scheme of your own": own_scheme,
        "The relevant date": relevant_date,
        "Consultation": consultation_,
        "Protective award": protective,
        "Notice given late": notice_late,
        "Fixed terms": fixed_terms,
        "Unfair dismissal": unfair_dismissal,
        "When another provider takes over": another_provider,
        "What a post costs": what_a_post_costs,
        "Employment Allowance": allowance,
        "Pay changes": pay_changes,
    },
    "money": {
        "Certainty": certainty,
        "Spreading an award": spreading,
        "Uplifts": uplifts,
        "Extensions": extensions,
        "Breaks": breaks,
        "Shares of a post": shares,
        "Claimed twice": claimed_twice,
        "Restricted money": restricted,
        "Cash": cash,
        "Free reserves": reserves,
        "Months' cover": months_cover,
        "The reserves floor": floor,
        "Runway": runway,
        "Quarters": quarters,
        "Variance": variance,
        "Sharing overheads": overheads,
    },
    "warnings": {
        "Cliffs": cliffs_,
        "Silent cliffs": silent,
        "Ladders": ladders_,
        "How long funders take": decision_days_,
        "Status": status,
        "Exposure": exposure_,
        "How sure is a promise": promise,
    },
}


def bold(text: str) -> str:
    return f"**{text}**"


def headings(name: str) -> dict[str, str]:
    """The rules of a help file: each heading, and the text below it as one line."""
    parts = re.split(r"^## (.+)$", assets.text(f"help/{name}.md"), flags=re.MULTILINE)
    return {
        title: " ".join(text.split()) for title, text in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.mark.parametrize("name", RULES)
def test_every_rule_in_the_help_has_an_example_that_is_worked_out(name: str) -> None:
    assert list(headings(name)) == list(EXAMPLES[name])


@pytest.mark.parametrize(
    ("name", "rule"), [(name, rule) for name in RULES for rule in EXAMPLES[name]]
)
def test_the_example_is_what_the_program_works_out(name: str, rule: str) -> None:
    text = headings(name)[rule]
    _, _, example = text.partition("*Example.* ")
    assert example, f"{rule} has no example"
    for figure in EXAMPLES[name][rule]():
        assert figure in example, json.dumps([rule, figure, example])
