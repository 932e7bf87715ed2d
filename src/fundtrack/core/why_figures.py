"""Why one of the key figures stands as it does, and which rule of the help explains a figure.

A key figure is named `figures.` and its name as the first page has it; any other figure is named
as in `core.why`, `core.why_pages`, `core.why_sentences` or `core.why_cover`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.comparison import compare
from fundtrack.core.sources import sources, ultimate_source
from fundtrack.core.why import Line, Why, why
from fundtrack.core.why_cover import explained_cover
from fundtrack.core.why_pages import HEADS, explained_of_a_page
from fundtrack.core.why_sentences import explained_sentence

if TYPE_CHECKING:
    from fundtrack.core.outlook import Outlook

KEY = "figures."
_OF_ONE_POST = ("posts.", "cliffs.post:", "cover.")
_SAME = {
    "Free reserves": "forecast.secured.free_reserves",
    "Runway": "forecast.secured.runway_whole_months",
    "If nothing is renewed": "exposure.total",
}
_RULES = (
    (r"pipeline\..*\.first_safe", "warnings", "Ladders"),
    (r"pipeline\..*", "pipeline", ""),
    (r"deadlines\..*", "deadlines", ""),
    (r"sentences\.reserves", "money", "Months' cover"),
    (r"sentences\..*", "warnings", "Cliffs"),
    (r"cover\..*", "money", "Shares of a post"),
    (r"compare\.Income.*", "money", "Spreading an award"),
    (r"compare\.Lowest free cash.*", "money", "Cash"),
    (r"compare\.Lowest reserves.*", "money", "Restricted money"),
    (r"compare\.Below policy.*", "money", "The reserves floor"),
    (r"compare\.(Reserves gone|Runway).*", "money", "Runway"),
    (r"compare\.(If nothing|of which).*", "warnings", "Exposure"),
    (r"compare\..*", "warnings", "Cliffs"),
    (r"figures\.Largest source", "awards", ""),
    (r"figures\.Cash at bank", "money", "Cash"),
    (r"figures\.Free cash.*|.*\.(cash|free_cash|cash_held|received)", "money", "Cash"),
    (r".*\.(floor|floor_breach_month)", "money", "The reserves floor"),
    (r".*\.(runway_whole_months|reserves_exhausted_month)|figures\.Runway", "money", "Runway"),
    (r".*\.(months_cover|unrestricted_months_cover)", "money", "Months' cover"),
    (r".*\.free_reserves|figures\.Free reserves", "money", "Free reserves"),
    (r".*\.income", "money", "Spreading an award"),
    (r"forecast.*\.cost", "people", "What a post costs"),
    (r"forecast\..*|figures\.Lowest.*", "money", "Restricted money"),
    (r".*\.redundancy\.(cap|weeks_pay_used)", "people", "The cap on a week's pay"),
    (r".*\.redundancy\.(range.*|srp_from|srp_to)", "people", "No birth date"),
    (r"posts\..*\.redundancy\..*", "people", "Redundancy pay"),
    (r".*\.latest_consultation_start", "people", "Consultation"),
    (r".*\.(latest_notice_.*|statutory_weeks|binding)", "people", "Notice by law"),
    (r".*\.unfunded_cost_by_month\..*", "money", "Shares of a post"),
    (r"posts\..*|cliffs\.silent.*", "warnings", "Cliffs"),
    (r"cliffs\..*", "warnings", "Cliffs"),
    (r"ladders\..*", "warnings", "Ladders"),
    (r"exposure\..*|figures\.If nothing is renewed", "warnings", "Exposure"),
)


def rule_of(figure: str) -> tuple[str, str]:
    """The page and heading of the help that explain a figure; ("", "") where none does."""
    for pattern, page, heading in _RULES:
        if re.fullmatch(pattern, figure):
            return page, heading
    return "", ""


def explained(told: Outlook, figure: str) -> Why:
    """Explain any figure the window shows. Raises KeyError for a name that is not one."""
    elsewhere = _ELSEWHERE.get(figure.partition(".")[0])
    if elsewhere is not None:
        return elsewhere(told, figure)
    if not figure.startswith(KEY):
        return _of_a_month(told, _dated(told, why(told, figure)))
    name = figure.removeprefix(KEY)
    if name in _SAME:
        return why(told, _SAME[name])
    if name in _LOWEST:
        now = compare(told, told).now["secured"]
        in_, field = _LOWEST[name]
        return _month(told, getattr(now, in_), field, figure)
    explain = {"Cash at bank": _cash, "Largest source": _sources}.get(name)
    if explain is None:
        raise KeyError(figure)
    return explain(told, figure)


_ELSEWHERE = {
    "sentences": explained_sentence,
    "cover": explained_cover,
    **dict.fromkeys(HEADS, explained_of_a_page),
}
_LOWEST = {
    "Lowest in 12 months": ("lowest_reserves_in", "unrestricted_closing"),
    "Free cash, lowest": ("lowest_free_cash_in", "free_cash"),
}


def without_salaries(found: Why) -> Why:
    """The same figure with its posts in one line: a post's cost by itself tells a salary.

    A figure of one post alone keeps its words and its records, and loses its pounds. One post
    among other lines could be worked out from them: they lose their pounds, and the whole stays.
    """
    if found.figure.startswith(_OF_ONE_POST) and not found.figure.endswith(".redundancy.cap"):
        return _without_pounds(found)
    posts = [line for line in found.lines if _is_a_posts_cost(line)]
    if len(posts) == 1 and all(line.pence is None for line in found.lines if line not in posts):
        return _without_pounds(found)
    if len(posts) == 1:
        return replace(found, lines=tuple(replace(line, pence=None) for line in found.lines))
    if not posts:
        return found
    records = tuple(dict.fromkeys(record for line in posts for record in line.records))
    whole = Line(
        f"{words.count(len(posts), 'post')}", sum(line.pence or 0 for line in posts), records
    )
    first = found.lines.index(posts[0])
    rest = [line for line in found.lines if line not in posts]
    return replace(found, lines=(*rest[:first], whole, *rest[first:]))


def _without_pounds(found: Why) -> Why:
    if found.total is None and all(line.pence is None for line in found.lines):
        return found
    return replace(
        found, total=None, lines=tuple(replace(line, pence=None) for line in found.lines)
    )


def _is_a_posts_cost(line: Line) -> bool:
    return line.pence is not None and all(each.startswith("posts.") for each in line.records or "-")


def _dated(told: Outlook, found: Why) -> Why:
    """A day of a post explained, with the day itself."""
    head, _, field = found.figure.rpartition(".")
    post = next((one for one in told.posts if f"posts.{one.key}" == head), None)
    day = getattr(post, field, None)
    return (
        replace(found, says=f"{found.says}: {words.day(day)}") if isinstance(day, date) else found
    )


def _of_a_month(told: Outlook, found: Why) -> Why:
    """Reserves of a month's end explained, with the month and what is counted."""
    name = re.fullmatch(r"forecast\.(\w+)\.(\d{4}-\d{2})\.unrestricted_closing", found.figure)
    month = next((at for at in told.months if name and f"{at:%Y-%m}" == name[2]), None)
    if name is None or month is None:
        return found
    said = f"{words.month_name(month)}, {_COUNTED[name[1]]}: {found.says[0].lower()}"
    return replace(found, says=f"{said}{found.says[1:]}")


_COUNTED = {
    "secured": "counting secured money alone",
    "probable": "counting probable money too",
    "possible": "counting probable and possible money too",
}


def _month(told: Outlook, month: date | None, field: str, figure: str) -> Why:
    if month is None:
        raise KeyError(figure)
    found = why(told, f"forecast.secured.{month:%Y-%m}.{field}")
    says = f"{words.month_name(month)} ends lowest of the twelve months. {found.says}"
    return Why(figure, says, found.total, found.lines)


def _cash(told: Outlook, figure: str) -> Why:
    balances = told.workings.portfolio.organisation.balances
    says = f"As entered, on {words.day(balances.as_at)}"
    line = Line("Cash at bank", balances.cash, ("organisation.organisation",))
    return Why(figure, says, balances.cash, (line,))


def _sources(told: Outlook, figure: str) -> Why:
    portfolio = told.workings.portfolio
    lines = tuple(
        Line(
            f"{share.name}, {share.percent}%",
            share.pence,
            tuple(
                f"awards.{award.key}"
                for award in portfolio.awards
                if ultimate_source(portfolio, award) == share.key
            ),
        )
        for share in sources(told)
    )
    says = "Secured income of the next twelve months, by the funder whose money it really is"
    return Why(figure, says, None, lines)
