"""The sheets beside finance and posts, row by row: claim, outputs, outcomes, people, words, risks.

What the book knows stands there; what it does not know is left for a person to type. Each row says
how a sheet works its figures out again, so that the formulas stay live for the reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.money import percent_of, round_half_up
from fundtrack.core.returns.figures import CellValue, TableRow
from fundtrack.core.returns.kept import number
from fundtrack.core.returns.layout import FLOWS
from fundtrack.core.returns.people import hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fundtrack.core.model import Award
    from fundtrack.core.returns.figures import Cover, Finance, Kpi
    from fundtrack.core.returns.kept import Value, Written
    from fundtrack.core.returns.layout import Block, Item, Layout, Sheet
    from fundtrack.core.returns.months import ProfileRow

ALWAYS = ("Not known", "Prefer not to say")
"""The answers every question about people ends with."""
COMMENT = "_comment"
"""What is added to a row's name to keep the comment beside it."""
_PER_MILLE = 1000
_YES = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the tables are made of. `claimed` and `opening` are pence."""

    award: Award
    layout: Layout
    cover: Cover
    finance: Finance
    written: Written
    kpis: tuple[Kpi, ...]
    months: tuple[ProfileRow, ...]
    claim: dict[str, CellValue]


def tables(known: Known) -> dict[str, tuple[TableRow, ...]]:
    """The rows of every sheet of the layout that is made of rows, by kind of sheet."""
    return {
        sheet.kind: tuple(rows(known, sheet))
        for sheet in known.layout.sheets
        if (rows := _ROWS.get(sheet.kind)) is not None
    }


# --- sheets whose rows are named ---------------------------------------------------------------


def words_in(text: str) -> int:
    """How many words a text has, as the sheet counts them."""
    return len(text.split())


_WORDS = (
    'IF(LEN(TRIM({value}))=0,0,LEN(TRIM(SUBSTITUTE({value},CHAR(10)," ")))'
    '-LEN(SUBSTITUTE(TRIM(SUBSTITUTE({value},CHAR(10)," "))," ",""))+1)'
)


def _claim(known: Known, sheet: Sheet) -> Iterator[TableRow]:
    for item in sheet.rows:
        comment = known.written.form("claim").get(f"{item.field}{COMMENT}")
        yield _item_row("claim", item, known.claim.get(item.field), comment)


def _words_rows(form: str) -> Callable[[Known, Sheet], Iterator[TableRow]]:
    def rows(known: Known, sheet: Sheet) -> Iterator[TableRow]:
        typed = known.written.form(form)
        for item in sheet.rows:
            value = item.says or _as_kind(typed.get(item.field), item)
            yield _item_row(form, item, value, typed.get(f"{item.field}{COMMENT}"))

    return rows


def _item_row(form: str, item: Item, value: CellValue, comment: Value = None) -> TableRow:
    who = "auto" if item.formula or item.says else item.who
    text = item.kind == "text" and who == "enter" and not item.choices
    length: CellValue = words_in(str(value or "")) if text else None
    formulas = {"value": _row_formula(form, item.formula)} if item.formula else {}
    if text:
        formulas["length"] = _WORDS
    return TableRow(
        key=item.field,
        values={
            "label": item.title,
            "value": value,
            "limit": item.limit or None,
            "length": length,
            "comment": comment,
        },
        formulas=formulas,
        kinds={"value": item.kind},
        who={"value": who},
        choices={"value": item.choices} if item.choices else {},
    )


def _row_formula(form: str, formula: str) -> str:
    """A formula over rows, as one over figures: {spend} is {claim/spend/value}."""
    return re.sub(r"\{(\w+)\}", rf"{{{form}/\1/value}}", formula)


def _as_kind(value: Value, item: Item) -> CellValue:
    """A typed value in the kind its row asks for; text that is not such a value stays text."""
    if not isinstance(value, str) or item.kind == "text":
        return value
    try:
        return number(value, whole=item.kind == "count")
    except ValueError:
        return value


# --- money by month ----------------------------------------------------------------------------


def _profile(known: Known, _sheet: Sheet) -> Iterator[TableRow]:
    before = ""
    for row in known.months:
        key = f"{row.month:%Y-%m}"
        past = f"{{profile/{before}/cumulative}}+" if before else ""
        yield TableRow(
            key=key,
            values={
                "month": row.month,
                "budget": row.budget,
                "actual": row.actual,
                "forecast": row.forecast,
                "cumulative": row.cumulative,
                "cash": row.cash,
                "claim": row.claim,
            },
            formulas={"cumulative": f"{past}{{actual}}+{{forecast}}"},
        )
        before = key


# --- what was done, and what came of it --------------------------------------------------------


def _outputs(known: Known, sheet: Sheet) -> Iterator[TableRow]:
    if known.kpis:
        yield TableRow(key="", values={"kpi": "Indicators"}, role="heading")
    for kpi in known.kpis:
        yield _kpi_row(known, sheet, kpi)
    if sheet.rows:
        yield TableRow(key="", values={"kpi": "People and contact"}, role="heading")
    for item in sheet.rows:
        yield _flow_row(known, sheet, item)


def _kpi_row(known: Known, sheet: Sheet, kpi: Kpi) -> TableRow:
    by_hand = kpi.counts_in_percent
    parts = ("{target}", "{actual}") if kpi.direction == "down" else ("{actual}", "{target}")
    compared = kpi.target is not None and kpi.actual is not None
    percent = (
        f'IF(OR({{target}}="",{{actual}}=""),"",IF({parts[1]}<=0,"n/a",'
        f"ROUND({parts[0]}/{parts[1]},3)))"
    )
    return TableRow(
        key=kpi.key,
        values={
            "kpi": kpi.key,
            "definition": kpi.title,
            "unit": kpi.unit,
            "direction": "lower is better" if kpi.direction == "down" else "higher is better",
            "target_year": kpi.target_year,
            "target": kpi.target,
            "actual": kpi.actual,
            "numerator": kpi.numerator,
            "denominator": kpi.denominator,
            "target_ytd": kpi.target_ytd,
            "actual_ytd": kpi.actual_ytd,
            "percent": ("n/a" if kpi.percent is None else kpi.percent) if compared else "",
            "rag": kpi.own or (kpi.rule_rag or "n/a" if compared else ""),
            "rag_own": kpi.own,
            "rag_reason": kpi.reason,
            "source": kpi.source,
            "comment": kpi.comment,
        },
        formulas={"percent": percent, "rag": _rag(known, sheet)},
        who={
            "actual": "auto" if kpi.actual is not None else "enter",
            "numerator": "enter" if by_hand else "blank",
            "denominator": "enter" if by_hand else "blank",
        },
    )


def _rag(known: Known, sheet: Sheet) -> str:
    limits = known.layout.limits
    green, amber = (f"{each.scaleb(-2):f}" for each in (limits.green_percent, limits.amber_percent))
    rule = (
        f'IF({{percent}}="","",IF({{percent}}="n/a","n/a",IF({{percent}}>={green},"Green",'
        f'IF({{percent}}>={amber},"Amber","Red"))))'
    )
    return f'IF({{rag_own}}<>"",{{rag_own}},{rule})' if sheet.has("rag_own") else rule


def _flow_row(known: Known, sheet: Sheet, item: Item) -> TableRow:
    flows = known.written.form("flows")
    blank = [name for name in _OF_A_KPI if sheet.has(name)]
    so_far = flows.get(f"{item.field}_ytd")
    kind = FLOWS.get(item.field, item.kind)
    return TableRow(
        key=item.field,
        values={"kpi": "", "definition": item.title, "unit": "", "actual": flows.get(item.field)}
        | {"actual_ytd": so_far, "comment": flows.get(f"{item.field}{COMMENT}")},
        kinds={"actual": kind, "actual_ytd": kind},
        who={"actual": "enter", **dict.fromkeys(blank, "blank")},
    )


_OF_A_KPI = (
    "direction",
    "target_year",
    "target",
    "numerator",
    "denominator",
    "target_ytd",
    "actual_ytd",
    "percent",
    "rag",
    "rag_own",
    "rag_reason",
    "source",
)
_IMPROVED = 'IF({both}="","",IF({both}=0,"n/a",ROUND({improved}/{both},3)))'


def _outcomes(known: Known, sheet: Sheet) -> Iterator[TableRow]:
    for item in sheet.rows:
        typed = known.written.grid("outcomes").get(item.field, {})
        both, improved = typed.get("both"), typed.get("improved")
        percent: CellValue = ""
        if isinstance(both, Decimal):
            better = improved if isinstance(improved, Decimal) else Decimal(0)
            percent = share(better, both)
        values: dict[str, CellValue] = {"outcome": item.title, **typed, "improved_percent": percent}
        yield TableRow(key=item.field, values=values, formulas={"improved_percent": _IMPROVED})


def share(part: Decimal, whole: Decimal) -> CellValue:
    """A part of a whole in percent, to one decimal; "n/a" of nothing."""
    if not whole:
        return "n/a"
    return Decimal(round_half_up(int(part) * _PER_MILLE, int(whole))).scaleb(-1)


# --- who was supported -------------------------------------------------------------------------


def _who(known: Known, sheet: Sheet) -> Iterator[TableRow]:
    for block in sheet.blocks:
        yield from _block(known, block)


def answers(block: Block) -> tuple[str, ...]:
    """The answers of a question, those it always ends with included."""
    return (*(row for row in block.rows if row not in ALWAYS), *ALWAYS)


def note_on(question: str, answer: str) -> str:
    """Under which name a note on the count of an answer is kept among the comments."""
    return f"who/{question}/{answer}"


def _block(known: Known, block: Block) -> Iterator[TableRow]:
    typed = known.written.grid("who").get(block.field, {})
    counts = [_whole(typed.get(answer)) for answer in answers(block)]
    given = [count for count in counts if count is not None]
    hides = hidden(counts) if known.layout.limits.small_counts else {}
    yield TableRow(key="", values={"block": block.title}, role="heading")
    for at, (answer, count) in enumerate(zip(answers(block), counts, strict=True)):
        yield TableRow(
            key=f"{block.field}/{at}",
            values={
                "block": block.title,
                "category": answer,
                "count": hides.get(at, count),
                "note": known.written.comments.get(note_on(block.field, answer), ""),
            },
            who={"count": "auto"} if at in hides else {},
        )
    last = len(counts) - 1
    area = f"SUM({{who/{block.field}/0/count}}:{{who/{block.field}/{last}/count}})"
    total: CellValue = hides.get(len(counts), sum(given))
    yield TableRow(
        key=f"{block.field}/total",
        values={"block": f"Total {block.title}", "count": total},
        formulas={} if hides else {"count": area},
        role="total",
    )


def _whole(value: Value) -> int | None:
    return int(value) if isinstance(value, Decimal) else None


# --- lists of a person's own -------------------------------------------------------------------


def _listed(name: str) -> Callable[[Known, Sheet], Iterator[TableRow]]:
    def rows(known: Known, sheet: Sheet) -> Iterator[TableRow]:
        typed = known.written.rows(name)
        for at in range(len(typed) + sheet.spare):
            values: dict[str, CellValue] = dict(typed[at]) if at < len(typed) else {}
            values |= _worked_out(name, values)
            yield TableRow(key=str(at + 1), values=values)

    return rows


def _worked_out(name: str, row: dict[str, CellValue]) -> dict[str, CellValue]:
    """What a row's own figures make: a risk's score, how much a change moves."""
    if name == "risks":
        likely, impact = row.get("likelihood"), row.get("impact")
        if isinstance(likely, Decimal) and isinstance(impact, Decimal):
            return {"score": likely * impact}
        return {"score": ""}
    if name == "changes":
        before, after = row.get("before"), row.get("after")
        if isinstance(before, int) and isinstance(after, int):
            return {"move": after - before}
        return {"move": ""}
    return {}


_ROWS: dict[str, Callable[[Known, Sheet], Iterator[TableRow]]] = {
    "guidance": _words_rows("guidance"),
    "profile": _profile,
    "claim": _claim,
    "outputs": _outputs,
    "outcomes": _outcomes,
    "who": _who,
    "narrative": _words_rows("narrative"),
    "case": _words_rows("case"),
    "risks": _listed("risks"),
    "quality": _words_rows("quality"),
    "assets": _listed("assets"),
    "partners": _listed("partners"),
    "change": _listed("changes"),
}


# --- the claim ---------------------------------------------------------------------------------


def claim(
    award: Award, cover: Cover, spent: int, opening: int, written: Written
) -> dict[str, CellValue]:
    """The lines of a claim in pence: what was spent, less what was advanced and matched.

    A sum typed for `claimed` does not replace the one worked out: check F11 compares them.
    """
    typed = written.form("claim")
    advance, match = (_pence(typed.get(name)) for name in ("advance", "match"))
    claimed = spent - advance - match
    rate = award.retention or Decimal(0)
    kept_back = percent_of(claimed, rate)
    return {
        "opening": typed.get("opening", opening),
        "received": cover.received,
        "spend": spent,
        "advance": typed.get("advance", 0),
        "match": typed.get("match", 0),
        "claimed": claimed,
        "retention_rate": rate,
        "retention": kept_back,
        "due": claimed - kept_back,
        "left": cover.varied_to - cover.received,
    }


def _pence(value: Value) -> int:
    return value if isinstance(value, int) else 0
