"""The checks of people, outcomes and indicators: RETURNS section 5, rules K1 to K7."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.money import round_half_up
from fundtrack.core.plain import decimal_text
from fundtrack.core.returns.case import judged
from fundtrack.core.returns.kept import kept_number, sent_before
from fundtrack.core.returns.tables import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.returns.case import Whole
    from fundtrack.core.returns.figures import Finding, Kpi
    from fundtrack.core.returns.layout import Block, Item

_FEW = 10
_CLOSING = ("closed_planned", "closed_unplanned")
_FLOW = ("open_start", "new", *_CLOSING, "open_end")
_WORDS = {
    "open_start": "open at start",
    "new": "new starters",
    "closed_planned": "closed as planned",
    "closed_unplanned": "closed unplanned",
    "open_end": "open at end",
}


def _flow(whole: Whole, name: str) -> int | None:
    """A typed count of people, or None where nothing was typed."""
    value = whole.written.form("flows").get(name)
    return int(value) if isinstance(value, Decimal) else None


def _asks(whole: Whole, *names: str) -> bool:
    """Whether the layout's outputs have these rows."""
    sheet = whole.layout.sheet("outputs")
    return sheet is not None and set(names) <= {item.field for item in sheet.rows}


def _cell(name: str) -> str:
    return f"{{outputs/{name}/actual}}"


def cases_open_at_the_end_follow(whole: Whole) -> Iterator[Finding]:
    """K1: open at start, plus new, less closed, is open at end."""
    if not _asks(whole, *_FLOW):
        return
    counts = {name: _flow(whole, name) for name in _FLOW}
    missing = [_WORDS[name] for name, count in counts.items() if count is None]
    if missing:
        nothing = len(missing) == len(_FLOW)
        yield judged(
            "K1",
            passes=False,
            good="",
            bad=f"Not filled in yet: {', '.join(missing)}",
            level="WARN" if nothing else "FAIL",
            part="flow/missing",
            cell="outputs/open_start/actual",
        )
        return
    start, new, planned, unplanned, end = (counts[name] or 0 for name in _FLOW)
    expected = start + new - planned - unplanned
    yield judged(
        "K1",
        passes=expected == end,
        good="Open at start plus new less closed is open at end",
        bad="Open at start plus new less closed is not open at end. Count again",
        a=expected,
        b=end,
        unit="count",
        cell="outputs/open_end/actual",
        part="flow/adds",
        sum_a=f"{_cell('open_start')}+{_cell('new')}-{_cell('closed_planned')}"
        f"-{_cell('closed_unplanned')}",
        sum_b=_cell("open_end"),
        test="same",
    )


def cases_open_at_the_start_are_the_last_returns(whole: Whole) -> Iterator[Finding]:
    """K2: open at start is what the last return was sent with as open at end."""
    start = _flow(whole, "open_start")
    if not _asks(whole, "open_start") or start is None:
        return
    sent = sent_before(whole.portfolio, whole.award, whole.figures.period)
    before = kept_number(sent[-1][2], "flows", "open_end") if sent else None
    if before is None:
        return
    yield judged(
        "K2",
        passes=start == before,
        good=f"Open at start is open at end of {sent[-1][0].name}",
        bad=f"Open at start is not what was sent as open at end for {sent[-1][0].name}. Count "
        "again, or explain the difference",
        a=start,
        b=int(before),
        unit="count",
        cell="outputs/open_start/actual",
        explained=whole.explained("K2"),
        part="flow/before",
        sum_a=_cell("open_start"),
        test="same",
    )


def every_question_counts_the_same_people(whole: Whole) -> Iterator[Finding]:
    """K3: the answers to each question add up to the new people, or to the base stated for it."""
    sheet = whole.layout.sheet("who")
    for block in () if sheet is None else sheet.blocks:
        yield _block_total(whole, block)


def _block_total(whole: Whole, block: Block) -> Finding:
    typed = whole.written.grid("who").get(block.field, {})
    counts = [value for name in answers(block) if isinstance(value := typed.get(name), Decimal)]
    stated = typed.get("base")
    base = int(stated) if isinstance(stated, Decimal) else _flow(whole, "new")
    cell = f"who/{block.field}/total/count"
    if not counts or base is None:
        untouched = not counts and base is None
        return judged(
            "K3",
            passes=False,
            good="",
            bad=f"{block.title}: nothing is counted yet"
            if not counts
            else f"{block.title}: say how many new people there are, or the base",
            level="WARN" if untouched else "FAIL",
            part="who/missing",
            cell=cell,
        )
    total = int(sum(counts))
    shown = not whole.layout.limits.small_counts
    return judged(
        "K3",
        passes=total == base,
        good=f"{block.title}: everybody is counted once",
        bad=f"{block.title}: the answers make {total}, not {base}. Count those not known too",
        a=total,
        b=base,
        unit="count",
        cell=cell,
        part="who/total",
        sum_a=f"{{{cell}}}" if shown else "",
        sum_b=_cell("new") if not isinstance(stated, Decimal) else "",
        test="same" if shown else "",
    )


def outcomes_add_up(whole: Whole) -> Iterator[Finding]:
    """K4: improved, same and worse make those with both scores; none exceed those who could."""
    sheet = whole.layout.sheet("outcomes")
    for item in () if sheet is None else sheet.rows:
        yield from _outcome(whole, item)


def _outcome(whole: Whole, item: Item) -> Iterator[Finding]:
    typed = whole.written.grid("outcomes").get(item.field, {})

    def whole_number(name: str) -> int:
        value = typed.get(name)
        return int(value) if isinstance(value, Decimal) else 0

    def cell(name: str) -> str:
        return f"{{outcomes/{item.field}/{name}}}"

    scored = sum(whole_number(name) for name in ("improved", "same", "worse"))
    both, eligible = whole_number("both"), whole_number("eligible")
    yield judged(
        "K4",
        passes=scored == both,
        good=f"{item.title}: improved, same and worse make those with both scores",
        bad=f"{item.title}: improved, same and worse make {scored}, not the {both} with both "
        "scores. Count again",
        a=scored,
        b=both,
        unit="count",
        cell=f"outcomes/{item.field}/both",
        part="outcome/adds",
        sum_a="+".join(cell(name) for name in ("improved", "same", "worse")),
        sum_b=cell("both"),
        test="same",
    )
    yield judged(
        "K4",
        passes=both <= eligible,
        good=f"{item.title}: those with both scores are among those eligible",
        bad=f"{item.title}: {both} have both scores, and only {eligible} are eligible",
        a=both,
        b=eligible,
        unit="count",
        cell=f"outcomes/{item.field}/both",
        part="outcome/both",
        sum_a=cell("both"),
        sum_b=cell("eligible"),
        test="at most",
    )
    closed = [_flow(whole, name) for name in _CLOSING]
    if all(count is None for count in closed) or not _asks(whole, *_CLOSING):
        return
    base = sum(count or 0 for count in closed)
    yield judged(
        "K4",
        passes=eligible <= base,
        good=f"{item.title}: those eligible are among those whose support has closed",
        bad=f"{item.title}: {eligible} are eligible, and only {base} cases closed. Explain the "
        "base if it is another",
        a=eligible,
        b=base,
        unit="count",
        cell=f"outcomes/{item.field}/eligible",
        explained=whole.explained("K4"),
        part="outcome/eligible",
        sum_a=cell("eligible"),
        sum_b="+".join(_cell(name) for name in _CLOSING),
        test="at most",
    )


def people_of_the_year_are_counted_once(whole: Whole) -> Iterator[Finding]:
    """K5: people in the year are no more than its returns together, no fewer than any of them."""
    now, year = _flow(whole, "people"), _flow(whole, "people_ytd")
    if not _asks(whole, "people") or year is None:
        return
    start = whole.figures.year.start
    sent = sent_before(whole.portfolio, whole.award, whole.figures.period)
    before = [
        int(count)
        for period, _, kept in sent
        if period.start >= start and (count := kept_number(kept, "flows", "people")) is not None
    ]
    counts = [*before, now or 0]
    bad = (
        f"{year} people in the year cannot be: its returns together have {sum(counts)}, and one "
        f"alone has {max(counts)}. Count each person once"
    )
    yield judged(
        "K5",
        passes=year <= sum(counts),
        good="People in the year are no more than its returns together",
        bad=bad,
        a=year,
        b=sum(counts),
        unit="count",
        cell="outputs/people/actual_ytd",
        part="year/most",
        sum_a="{outputs/people/actual_ytd}",
        sum_b=f"{sum(before)}+{_cell('people')}",
        test="at most",
    )
    yield judged(
        "K5",
        passes=max(counts) <= year,
        good="People in the year are no fewer than in any of its returns",
        bad=bad,
        a=max(counts),
        b=year,
        unit="count",
        cell="outputs/people/actual_ytd",
        part="year/least",
        sum_a=f"MAX({max(before, default=0)},{_cell('people')})",
        sum_b="{outputs/people/actual_ytd}",
        test="at most",
    )


def percentages_carry_their_people(whole: Whole) -> Iterator[Finding]:
    """K6: a percentage says of how many, agrees with it, and is flagged below ten people."""
    if whole.layout.sheet("outputs") is None:
        return
    for kpi in whole.figures.kpis:
        if kpi.counts_in_percent and kpi.actual is not None:
            wrong = _percentage(kpi)
            yield judged(
                "K6",
                passes=not wrong,
                good=f"{kpi.title}: the percentage says of how many",
                bad=f"{kpi.title}: {wrong}",
                level="WARN",
                cell=f"outputs/{kpi.key}/actual",
                part="kpi/percent",
            )


def _percentage(kpi: Kpi) -> str:
    top, bottom, actual = kpi.numerator, kpi.denominator, kpi.actual
    if top is None or bottom is None or actual is None:
        return "give the numbers behind the percentage: how many, of how many"
    if not bottom or top > bottom:
        return f"{decimal_text(top)} of {decimal_text(bottom)} is not a percentage"
    found = round_half_up(int(top) * 100, int(bottom))
    if abs(actual - found) > 1:
        return f"{decimal_text(top)} of {decimal_text(bottom)} is {found} %, not the reading"
    return "" if bottom >= _FEW else f"it rests on {decimal_text(bottom)} people; say so"


def colours_follow_their_rule(whole: Whole) -> Iterator[Finding]:
    """K7: a colour put in place of the rule's has a reason."""
    if whole.layout.sheet("outputs") is None:
        return
    for kpi in whole.figures.kpis:
        if kpi.rule_rag or kpi.own:
            changed = bool(kpi.own) and kpi.own.casefold() != kpi.rule_rag.casefold()
            yield judged(
                "K7",
                passes=not changed or bool(kpi.reason),
                good=f"{kpi.title}: {kpi.own or kpi.rule_rag}"
                + (f", by hand: {kpi.reason}" if changed else ", by the rule"),
                bad=f"{kpi.title}: {kpi.own} stands in place of {kpi.rule_rag or 'no colour'}. "
                "Say why",
                level="WARN",
                cell=f"outputs/{kpi.key}/rag",
                part="kpi/rag",
            )


PEOPLE = (
    cases_open_at_the_end_follow,
    cases_open_at_the_start_are_the_last_returns,
    every_question_counts_the_same_people,
    outcomes_add_up,
    people_of_the_year_are_counted_once,
    percentages_carry_their_people,
    colours_follow_their_rule,
)
"""Every rule about people and indicators, in the order of its number."""
