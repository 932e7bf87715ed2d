"""The checks of what may leave the house, and of who signs: RETURNS section 5, P1 to P3, S1, S2."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.plain import pounds
from fundtrack.core.returns.case import judged
from fundtrack.core.returns.people import given_away, is_small
from fundtrack.core.returns.personal import KnownPeople, personal
from fundtrack.core.returns.tables import answers, words_in
from fundtrack.core.words import count, day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fundtrack.core.returns.case import Whole
    from fundtrack.core.returns.figures import CellValue, Finding, ReturnFigures
    from fundtrack.core.returns.layout import Item, Sheet
    from fundtrack.core.returns.personal import Personal

_SIGNING = frozenset(("prepared_by", "approved_by"))
_SHORTEST = 4
_YES = "yes"


def texts_of(figures: ReturnFigures) -> Iterator[tuple[str, str]]:
    """Every text that would leave with a return, with the figure it stands in.

    Who prepares and who approves are asked for by name, and are not looked at.
    """
    cover = figures.cover
    yield "cover/project", cover.project
    yield "cover/agreement_ref", cover.agreement_ref or ""
    typed = {name: value for name, value in cover.typed.items() if name not in _SIGNING}
    yield from _texts("cover", typed)
    for line in figures.finance.all_lines:
        yield from _texts(f"finance/line/{line.key}", {"line": line.title, "heading": line.heading})
        yield from _texts(f"notes/line/{line.key}", {"note": line.note, **line.variance})
    for at, post in enumerate(figures.posts):
        yield from _texts(f"posts/{at}", {"role": post.role, "comment": post.comment})
    for kind, rows in figures.tables.items():
        for row in rows:
            yield from _texts(f"{kind}/{row.key}", row.values)


def _texts(row: str, values: Mapping[str, CellValue]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, str) and value:
            yield f"{row}/{name}", value


def looks_personal(whole: Whole) -> tuple[Personal, ...]:
    """What looks personal in what would be exported and has not been cleared."""
    found = personal(texts_of(whole.figures), KnownPeople.of(whole.portfolio))
    return tuple(each for each in found if each.text not in whole.written.cleared)


def small_counts_stay_hidden(whole: Whole) -> Iterator[Finding]:
    """P1: where small counts are hidden, none can be worked out from a total told elsewhere."""
    sheet = whole.layout.sheet("who")
    if not whole.layout.limits.small_counts or sheet is None:
        return
    outputs = whole.layout.sheet("outputs")
    tells = outputs is not None and "new" in {item.field for item in outputs.rows}
    new = whole.written.form("flows").get("new")
    told = int(new) if tells and isinstance(new, Decimal) else None
    for block in sheet.blocks:
        typed = whole.written.grid("who").get(block.field, {})
        values = [typed.get(name) for name in answers(block)]
        counts = [int(value) if isinstance(value, Decimal) else None for value in values]
        if any(map(is_small, counts)):
            yield judged(
                "P1",
                passes=not given_away(counts, told),
                good=f"{block.title}: counts of one to four are not shown",
                bad=f"{block.title}: a count of one to four can be worked out from the number of "
                "new people. Leave the question out, or put answers together",
                cell=f"who/{block.field}/total/count",
                part="small/block",
            )


def nothing_personal_leaves(whole: Whole) -> Iterator[Finding]:
    """P2: no e-mail address, telephone or NI number, postcode, date of birth or known name."""
    found = looks_personal(whole)
    if not found:
        yield judged(
            "P2", passes=True, good="Nothing in the return looks personal", bad="", part="scan/none"
        )
    for each in found:
        yield judged(
            "P2",
            passes=False,
            good="",
            bad=f"{each}. Take it out, or clear it if it may stay",
            cell=each.where,
            part="scan/found",
            about=each.text,
        )


def no_other_funders_figures_leave(whole: Whole) -> Iterator[Finding]:
    """P3: no name or salary that was not confirmed, no other funder, no award of another's."""
    held = whole.figures.withheld
    yield judged(
        "P3",
        passes=not held,
        good="No names and no salaries leave with this return"
        if not whole.confirmed
        else f"Confirmed by whoever made the return: {', '.join(sorted(whole.confirmed))}",
        bad=f"This layout asks for {' and '.join(held)}, which were left empty. Confirm them, or "
        "use a layout without",
        part="private/asked",
    )
    ours = {whole.award.key, whole.award.renewal_of}
    funders = (whole.figures.cover.funder, whole.figures.cover.ultimate_source)
    names = {each.name for each in whole.portfolio.funders if each.name not in funders}
    names |= {
        name
        for award in whole.portfolio.awards
        if award.key not in ours
        for name in (award.title, award.reference or "")
        if name not in (whole.award.title, whole.award.reference)
    }
    salaries = {f"{post.salary // 100:,}" for post in whole.portfolio.posts}
    salaries |= {pounds(post.salary) for post in whole.portfolio.posts}
    salaries |= {f"{post.salary // 100}" for post in whole.portfolio.posts}
    own = {whole.portfolio.organisation.name, whole.award.title}
    texts = list(texts_of(whole.figures))
    told = "\n".join(text for _, text in texts).casefold()
    for what, known in (("another funder or award", names), ("a salary", salaries)):
        wanted = {each for each in known - own if len(each) >= _SHORTEST}
        wanted = {each for each in wanted if each.casefold() in told} - whole.written.cleared
        for where, text in texts if wanted else ():
            for name in sorted(_found(wanted, text)):
                yield judged(
                    "P3",
                    passes=False,
                    good="",
                    bad=f"“{name}” is {what}. Take it out, or clear it if it may stay",
                    cell=where,
                    part="private/other",
                    about=name,
                )


def _found(wanted: set[str], text: str) -> set[str]:
    return {
        name
        for name in wanted
        if name.casefold() in text.casefold()
        and re.search(rf"(?<![\w,]){re.escape(name)}(?![\w,])", text, re.IGNORECASE)
    }


def it_is_signed_and_in_time(whole: Whole) -> Iterator[Finding]:
    """S1: sent by its due date or with a reason, approved by somebody else, in the right role."""
    cover = whole.figures.cover
    if cover.due is not None:
        sent = cover.submitted or whole.today
        late = (sent - cover.due).days
        away = f"{count(-late, 'day')} left" if cover.submitted is None else "sent in time"
        yield judged(
            "S1",
            passes=late <= 0,
            good=f"Due {day(cover.due)}, {away}",
            bad=f"Due {day(cover.due)}, {count(late, 'day')} late. Say why",
            level="WARN",
            part="signed/due",
            cell="cover/due",
        )
    typed = cover.typed
    prepared, approved = (str(typed.get(name) or "").strip() for name in sorted(_SIGNING)[::-1])
    reason = whole.explained("S1")
    says = ""
    if not prepared or not approved:
        says = "Nobody is named yet as having prepared and approved it"
    elif prepared.casefold() == approved.casefold() and not reason:
        says = f"{prepared} both prepared and approved it. Ask another, or give the reason"
    role = whole.layout.limits.approver
    signed = str(typed.get("declared_role") or "")
    if not says and role and role.casefold() not in signed.casefold():
        says = f"This funder wants it approved by the {role}"
    yield judged(
        "S1",
        passes=not says,
        good=f"Prepared by {prepared}, approved by {approved}",
        bad=says,
        level="WARN",
        part="signed/by",
        cell="cover/approved_by",
    )


def what_is_asked_is_answered(whole: Whole) -> Iterator[Finding]:
    """S2: what must be written is there, within its limit, and what must be ticked is ticked."""
    for kind in ("narrative", "case", "quality", "guidance"):
        sheet = whole.layout.sheet(kind)
        if sheet is not None and sheet.rows:
            yield from _answered(whole, sheet)


def _answered(whole: Whole, sheet: Sheet) -> Iterator[Finding]:
    typed = whole.written.form(sheet.kind)
    asked = [item for item in sheet.rows if not item.says]
    untold = sheet.kind == "case" and not any(
        str(typed.get(item.field) or "").strip() for item in asked if not item.choices
    )
    faults = [] if untold else [(item, _fault(item, typed.get(item.field))) for item in asked]
    wrong = [(item, says) for item, says in faults if says]
    if not wrong:
        yield judged(
            "S2",
            passes=True,
            good=f"{sheet.title}: there is no case study this time"
            if untold
            else f"{sheet.title}: what is asked is answered",
            bad="",
            part="asked/none",
        )
    for item, says in wrong:
        yield judged(
            "S2",
            passes=False,
            good="",
            bad=f"{item.title}: {says}",
            cell=f"{sheet.kind}/{item.field}/value",
            part="asked/missing",
        )


def _fault(item: Item, value: object) -> str:
    text = "" if value is None else str(value).strip()
    if item.required and item.choices and _YES in item.choices and text.casefold() != _YES:
        return "tick it with yes first"
    if item.required and not text:
        return "write it first"
    length = words_in(text)
    if item.limit and length > item.limit:
        return f"{length} words, and at most {item.limit} are taken"
    return ""


TRUST = (
    small_counts_stay_hidden,
    nothing_personal_leaves,
    no_other_funders_figures_leave,
    it_is_signed_and_in_time,
    what_is_asked_is_answered,
)
"""Every rule about what leaves and who signs, in the order of its number."""
