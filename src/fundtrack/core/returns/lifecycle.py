"""A return's way from draft to paid: who took which step when, and what is frozen on the way.

draft → checked → approved → submitted → queried → resubmitted → accepted → paid. A return that is
queried goes back to be put right, and is sent again with its differences explained. Each step is
one Edit, so it can be undone and stands in the journal. What the data dictionary has no field for
is kept in the return's `figures`: `history` [{status, on, who, note, sha256}], and on sending the
whole return as it was sent (see `kept`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from fundtrack.core.edit import Edit, add, change, free_key
from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.model import Return, ReturnStatus
from fundtrack.core.returns.kept import SENT, figures_of, frozen, kept_pence, record_for, written
from fundtrack.core.words import day, money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fundtrack.core.model import Portfolio
    from fundtrack.core.returns.figures import ReturnFigures

STATUSES: tuple[ReturnStatus, ...] = get_args(ReturnStatus)
MOVES: dict[str, tuple[ReturnStatus, ...]] = {
    "draft": ("checked",),
    "checked": ("approved", "draft"),
    "approved": ("submitted", "draft"),
    "submitted": ("queried", "accepted"),
    "queried": ("resubmitted", "accepted"),
    "resubmitted": ("queried", "accepted"),
    "accepted": ("paid", "queried"),
    "paid": (),
}
"""Which steps may follow which."""
_SENDING = ("submitted", "resubmitted")
_SHA256_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Step:
    """A step a return has taken; `sha256` where a file was sent."""

    status: str
    on: str
    who: str
    note: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not as it was sent before, in pence."""

    line: str
    column: str
    before: int
    now: int

    def __str__(self) -> str:
        name = self.column.replace("_", " ")
        return f"{self.line}, {name}: {money(self.before)} was sent, now {money(self.now)}"


def history(record: Return) -> tuple[Step, ...]:
    """Every step a return has taken, oldest first."""
    steps = figures_of(record).get("history")
    return tuple(
        Step(**{name: str(step.get(name, "")) for name in Step.__dataclass_fields__})
        for step in (steps if isinstance(steps, list) else [])
        if isinstance(step, dict)
    )


def begun(portfolio: Portfolio, award: str, period: str, template: str, who: str, on: date) -> Edit:
    """The edit that puts a draft return into the book."""
    record = Return(
        key=free_key(portfolio, "returns", f"{award}-return"),
        award=award,
        period=period,
        template=template,
        status="draft",
        figures=_with_step(None, Step("draft", on.isoformat(), who)),
    )
    return Edit(f"Begin return: {award}, {period}", (add("returns", record),))


def moved(
    portfolio: Portfolio,
    key: str,
    status: ReturnStatus,
    *,
    who: str,
    on: date,
    note: str = "",
    figures: ReturnFigures | None = None,
) -> Edit:
    """The edit by which a return takes a step that freezes nothing.

    `figures` is the return as it stands; without it a step to `checked` or `approved` is refused,
    for both rest on its checks.

    Raises:
        RefusedError: there is no such return, the step may not follow, nobody is named, a check
            fails, or whoever approves is who prepared.

    """
    record = _record(portfolio, key)
    _refuse_wrong_step(record, status, who)
    if status in _SENDING:
        raise _refused(key, "to send a return, freeze its figures and its file with it")
    if status in ("checked", "approved"):
        _refuse_failing(key, figures)
    if status == "approved":
        _refuse_own_approval(record, who, note)
    step = Step(status, on.isoformat(), who, note)
    after = replace(record, status=status, figures=_signed(_with_step(record.figures, step), step))
    return Edit(f"Return {status}: {record.award}, {record.period}", _changes(record, after))


def sent(
    portfolio: Portfolio,
    key: str,
    figures: ReturnFigures,
    file_sha256: str,
    *,
    who: str,
    on: date,
    note: str = "",
) -> Edit:
    """The edit that freezes a return as it is sent: its figures and its file's SHA-256, at once.

    A return that was queried is sent again as `resubmitted`; its differences from what was sent
    before must be explained in `note`.

    Raises:
        RefusedError: the step may not follow, a check fails (a post claimed twice among them), the
            hash is none, or differences are not explained; says which.

    """
    record = _record(portfolio, key)
    status: ReturnStatus = "resubmitted" if record.status == "queried" else "submitted"
    _refuse_wrong_step(record, status, who)
    _refuse_failing(key, figures)
    if len(file_sha256) != _SHA256_LENGTH or not set(file_sha256) <= set("0123456789abcdef"):
        raise _refused(key, "the file's SHA-256 is missing; write the file first")
    changed = differences(record, figures)
    if status == "resubmitted" and changed and not note.strip():
        listed = tuple(Problem(f"returns.{key}", f"{each}. Explain it") for each in changed)
        raise RefusedError(listed)
    at = portfolio.place("returns", key) or 0
    whole = frozen(figures, written((at, record)))
    step = Step(status, on.isoformat(), who, note, file_sha256)
    kept_history = [*figures_of(record).get("history", ())]
    after = replace(
        record,
        status=status,
        template=figures.template,
        submitted_on=on,
        file_sha256=file_sha256,
        figures=_with_step(_joined(whole, kept_history), step),
    )
    return Edit(f"Return {status}: {record.award}, {record.period}", _changes(record, after))


def differences(record: Return, figures: ReturnFigures) -> tuple[Difference, ...]:
    """What is no longer as a return was last sent: every line and column, and the claim."""
    plain = figures_of(record)
    lines = plain.get("lines")
    if not isinstance(lines, dict):
        return ()
    return tuple(_line_differences(lines, plain, figures))


def changed_since(portfolio: Portfolio, figures: ReturnFigures) -> tuple[Difference, ...]:
    """The same for the book's record of the return's award and period, if there is one sent."""
    found = record_for(portfolio, portfolio.awards_by_key[figures.award], figures.period)
    if found is None or found[1].status not in SENT:
        return ()
    return differences(found[1], figures)


_COMPARED = ("approved", "profile", "actual", "actual_ytd", "earlier", "remaining", "outturn")


def _line_differences(
    lines: dict[str, Any], plain: dict[str, Any], figures: ReturnFigures
) -> Iterator[Difference]:
    now = {line.key: line for line in figures.finance.all_lines}
    for key in dict.fromkeys((*lines, *now)):
        was = lines.get(key)
        before = was if isinstance(was, dict) else {}
        for column in _COMPARED:
            then = kept_pence(before.get(column, "0"))
            is_now = getattr(now[key].sums, column) if key in now else 0
            if then != is_now:
                title = now[key].title if key in now else key
                yield Difference(title, column, then, is_now)
    claimed = kept_pence(plain.get("claimed", "0"))
    if "claimed" in plain and claimed != (figures.claimed or 0):
        yield Difference("Claim", "claimed", claimed, figures.claimed or 0)


# --- what is refused ---------------------------------------------------------------------------


def _record(portfolio: Portfolio, key: str) -> Return:
    record = portfolio.find("returns", key)
    if not isinstance(record, Return):
        known = ", ".join(each.key for each in portfolio.returns) or "none yet"
        raise _refused(key, f"there is no such return. The book's returns: {known}")
    return record


def _refuse_wrong_step(record: Return, status: ReturnStatus, who: str) -> None:
    now = record.status or "draft"
    if status not in MOVES[now]:
        may = " or ".join(MOVES[now]) or "nothing: it is the end"
        raise _refused(
            record.key, f"a return that is {now} cannot become {status}. What may follow: {may}"
        )
    if not who.strip():
        raise _refused(record.key, "say who takes this step")


def _refuse_failing(key: str, figures: ReturnFigures | None) -> None:
    if figures is None:
        raise _refused(key, "its checks have not been run")
    wrong = [finding for finding in figures.findings if finding.level == "FAIL"]
    if wrong:
        raise RefusedError(
            tuple(Problem(f"returns.{key}", f"{each.rule}: {each.says}") for each in wrong)
        )


def _refuse_own_approval(record: Return, who: str, note: str) -> None:
    """Whoever approves is not whoever prepared, unless a reason is given (one finance person)."""
    prepared = {step.who.strip().casefold() for step in history(record) if step.status == "checked"}
    if who.strip().casefold() in prepared and not note.strip():
        raise _refused(
            record.key, f"{who} prepared it too. Ask somebody else to approve, or give the reason"
        )


def _refused(key: str, says: str) -> RefusedError:
    return RefusedError((Problem(f"returns.{key}", says),))


# --- what is kept ------------------------------------------------------------------------------


def _changes(before: Return, after: Return) -> tuple[Any, ...]:
    return (change("returns", before, after),)


def _with_step(figures: str | None, step: Step) -> str:
    plain = json.loads(figures or "{}")
    steps = plain.get("history")
    kept_step = {
        name: value
        for name in Step.__dataclass_fields__
        if (value := getattr(step, name)) or name in ("status", "on", "who")
    }
    plain["history"] = [*(steps if isinstance(steps, list) else []), kept_step]
    return _text(plain)


def _signed(figures: str, step: Step) -> str:
    """Whoever checks has prepared the return and whoever approves signs it, unless it says other.

    A return that goes back to draft loses the approval it had.
    """
    plain = json.loads(figures)
    cover = plain.get("cover")
    cover = dict(cover) if isinstance(cover, dict) else {}
    if step.status == "checked":
        cover.setdefault("prepared_by", step.who)
    if step.status == "approved":
        cover.setdefault("approved_by", step.who)
        cover.setdefault("declared_on", step.on)
    if step.status == "draft":
        cover.pop("approved_by", None)
        cover.pop("declared_on", None)
    return _text({**plain, "cover": cover} if cover or "cover" in plain else plain)


def _joined(figures: str, steps: Iterable[Any]) -> str:
    plain = json.loads(figures)
    plain["history"] = list(steps)
    return _text(plain)


def _text(plain: dict[str, Any]) -> str:
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def history_in_words(record: Return) -> tuple[str, ...]:
    """Who took which step when: "submitted, 30 October 2026, Bea Stone: sent by e-mail"."""
    return tuple(
        f"{step.status}, {_spoken(step.on)}, {step.who}" + (f": {step.note}" if step.note else "")
        for step in history(record)
    )


def _spoken(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
