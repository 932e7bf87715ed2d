"""Makes records of rows: each matched with what the book has, changed where it says more, or new.

- an award is known by its reference, else by its title and funder; a post by the person's
  reference, else its title; two rows of one name are two records, matched in their order;
- funders and services that nobody knows are made; an award, post or cost that a row needs is not;
- a name that is only nearly one of the book's is asked about, and never merged in silence.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from fundtrack.core.errors import Problem
from fundtrack.core.many import made_of
from fundtrack.core.model import LISTS, Award, Change, Portfolio, Record
from fundtrack.core.period import add_months, month_end
from fundtrack.core.plain import from_plain, to_plain
from fundtrack.exchange.giving360 import organisation_id
from fundtrack.exchange.tables.columns import shipped_words, words_for
from fundtrack.exchange.tables.fields import Field, fields
from fundtrack.exchange.tables.matching import Match, Names, plain_name
from fundtrack.exchange.tables.new_awards import BESIDE, Whole, runs, whole
from fundtrack.exchange.tables.payments import Payments
from fundtrack.exchange.tables.read_rows import Plain, Row, Rows
from fundtrack.exchange.tables.rows import Fault, Outcome, Place, Seen, Tell, shares
from fundtrack.exchange.tables.values import Question

_KEY_LENGTH = 60
_NAMED = ("funders", "services", "awards", "posts", "costs")
_NEW = "new"
_CORE = frozenset(word for word, _ in words_for(shipped_words(), "", "unrestricted"))
_TITLES = {
    "amount": "the amount",
    "start": "the start date",
    "end": "the end date",
    "title": "a title",
    "name": "a name",
    "due": "the due date",
    "on": "the date",
    "percent": "the share",
    "fte": "the share of full time",
    "salary": "the salary",
    "frequency": "how often it falls",
    "award": "the award",
}


@dataclass(slots=True)
class Asked:
    """What the names in a file are to the book, and the questions they leave open."""

    questions: dict[str, Question] = field(default_factory=dict)
    matches: dict[tuple[str, str], Match] = field(default_factory=dict)


class _BadRowError(Exception):
    """A row that cannot become a record; its faults say why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Records:
    """The records of the book as the rows would have them."""

    def __init__(
        self,
        portfolio: Portfolio,
        today: date,
        answers: Mapping[str, str],
        asked: Asked,
    ) -> None:
        self._portfolio = portfolio
        self._today = today
        self._answers = answers
        self._now: dict[str, dict[str, Record]] = {name: {} for name in LISTS}
        self._touched: dict[str, dict[str, Sequence[Place]]] = {name: {} for name in LISTS}
        self._last_number: dict[tuple[str, str], int] = {}  # of keys that begin alike
        self._taken = {name: {r.key for r in portfolio.records(name)} for name in LISTS}
        self._names = {name: Names(name) for name in _NAMED}
        self._unlearned = {  # keys, until a name is looked for
            name: [record.key for record in portfolio.records(name)] for name in _NAMED
        }
        self._together: dict[str, Rows] = {}  # awards made so, by key: in which table
        self._titles: dict[str, Names] = {}
        self._by: dict[tuple[str, str], dict[Any, list[str]]] = {}
        self._made_by: dict[tuple[str, str], tuple[Place, Plain]] = {}
        self._payments: dict[str, Payments] = {}  # by award
        self._said_new: dict[tuple[str, str], str] = {}
        self._meant: dict[str, dict[str, str]] = {name: {} for name in self._names}
        self._asked = asked
        self._steps = 0  # things done that a row which then fails would leave behind
        self.half_made = False
        self.assumed = dict.fromkeys((_ON_ITS_AWARD_DATE, _BY_ITS_DATES, _RESTRICTED), 0)

    # --- what comes out ------------------------------------------------------------------------

    def changes(self) -> tuple[Change, ...]:
        """Return what is new or changed, in the order in which records need each other."""
        return tuple(itertools.chain.from_iterable(map(self._changes, LISTS)))

    def _changes(self, name: str) -> list[Change]:
        now, keys = self._now[name], [*self._touched[name]]
        held = {record.key: record for record in self._portfolio.records(name)}
        after = [*now.values()] if [*now] == keys else [now[key] for key in keys]
        if held.keys().isdisjoint(keys):
            columns = {"list": itertools.repeat(name), "key": keys, "after": after}
            return made_of(Change, columns)
        return [
            Change(list=name, key=key, before=held.get(key), after=record)
            for key, record in zip(keys, after, strict=True)
            if held.get(key) != record
        ]

    def places(self) -> Mapping[str, Mapping[str, Sequence[Place]]]:
        """Return the rows that each touched record came from, by list and key."""
        return self._touched

    # --- many rows -----------------------------------------------------------------------------

    def take_all(self, rows: Rows, out: Mapping[int, Seen], tell: Tell) -> list[Seen]:
        """Make the records of a table's rows, but for those that are `out`; what became of each.

        A row with a fault may leave something half made (`half_made`): the whole is then to be made
        again without it. `tell` hears how many of them are done.
        """
        seen: list[Seen] = []
        for few in shares(len(rows)):
            tell(few.start, len(rows))
            for run in runs(rows, few, out.keys()) if rows.kind == "awards" else ():
                seen += self._one_by_one(rows, range(len(seen), run.start), out)
                seen += self._new_awards(rows, run)
            seen += self._one_by_one(rows, range(len(seen), few.stop), out)
        self._settle_payments()
        return seen

    def _one_by_one(self, rows: Rows, ats: range, out: Mapping[int, Seen]) -> list[Seen]:
        return [out.get(at) or self._take(rows.row(at), self._steps) for at in ats]

    def _new_awards(self, rows: Rows, run: range) -> list[Seen]:
        """Take awards that say all they must: many at once while they are plainly new."""
        awards = whole(rows, run, self._today)
        if awards is None:
            return self._one_by_one(rows, run, {})
        seen: list[Seen] = []
        while len(seen) < len(run):
            new, begun = self._plainly_new(rows, run, awards, len(seen))
            seen += self._made_together(rows, run[len(seen) :], awards, len(seen), new)
            if len(seen) < len(run):
                seen.append(self._take(rows.row(run[len(seen)]), self._steps - begun))
        return seen

    def _plainly_new(
        self, rows: Rows, run: range, awards: Whole, first: int
    ) -> tuple[list[tuple[str, str, str | None]], int]:
        """Return the key, funder and service of each award from the first on that is plainly new.

        It ends before the first that may not be, and also says how many steps that has taken
        already: its funder may be made.
        """
        by_reference, by_title = self._index("awards", "reference"), self._index("awards", "title")
        found: list[tuple[str, str, str | None]] = []
        for ats in awards.of_one_funder(first):
            before = self._steps
            try:
                funder, service = self._whose(rows, run[ats.start], awards, ats.start)
            except _BadRowError:
                return found, self._steps - before
            said = awards.plain_references[ats.start : ats.stop]
            called = [(title, funder) for title in awards.plain_titles[ats.start : ats.stop]]
            new = min(
                _first_known(said, by_reference.keys()), _first_known(called, by_title.keys())
            )
            if not new:
                return found, self._steps - before
            keys = self._free_ones("awards", awards.references[ats.start : ats.start + new])
            by_reference.update(zip(said, ([key] for key in keys), strict=False))
            by_title.update(zip(called, ([key] for key in keys), strict=False))
            found += [(key, funder, service) for key in keys]
            if new < len(ats):
                return found, 0
        return found, 0

    def _whose(self, rows: Rows, row: int, awards: Whole, at: int) -> tuple[str, str | None]:
        """Return the funder and the service of an award, made where nobody knows them yet."""
        name, number, service = awards.whose[at]
        meant = self._meant["funders"]
        known = name if number is None else f"{name}\0{number}"  # no name has such a character
        if (funder := meant.get(known)) is None:
            funder = self._funder(rows.row(row), name, number)
            meant[known] = funder
        if service is not None:
            found = self._meant["services"].get(service)
            service = found or self._resolve(
                rows.row(row), "service", "services", service, makes=True
            )
        return funder, service

    def _made_together(
        self,
        rows: Rows,
        run: range,
        awards: Whole,
        first: int,
        new: Sequence[tuple[str, str, str | None]],
    ) -> list[Seen]:
        """Make the records of awards that are new, the first of this run."""
        if not new:
            return []
        keys, funders, services = zip(*new, strict=True)
        ats, few = slice(first, first + len(new)), run[: len(new)]
        whose = {"key": keys, "funder": funders, "service": services}
        places = rows.places(few)
        self._now["awards"].update(zip(keys, awards.made(ats, whose), strict=True))
        self._touched["awards"].update(zip(keys, zip(places, strict=True), strict=True))
        self._together.update(dict.fromkeys(keys, rows))
        self._unlearned["awards"] += keys
        self._meant["awards"].clear()
        self._assume(_BY_ITS_DATES, awards.unstaged[ats])
        self._assume(_RESTRICTED, awards.unrestricted[ats])
        lines = rows.lines[few.start : few.stop]
        said = (itertools.repeat(each) for each in ("awards", "new"))
        return list(
            map(
                Seen._make,
                zip(places, *said, keys, awards.titles[ats], itertools.repeat(()), lines),
            )
        )

    # --- one row -------------------------------------------------------------------------------

    def _take(self, row: Row, before: int) -> Seen:
        """Make a row's records; what became of it. `before` it so many steps had been taken."""
        read, columns = row.values, row.columns
        row.values = read.copy()  # to be worked on
        try:
            return self._became(row, before)
        finally:
            row.values, row.columns = read, columns

    def _became(self, row: Row, before: int) -> Seen:
        try:
            by_month = row.months and row.kind in _DAY_OF_A_MONTH
            key, outcome = self._months(row) if by_month else self._takers[row.kind](self, row)
            if row.shares:
                for more in self._shares(row, key):
                    outcome = more if outcome == "unchanged" else outcome
        except _BadRowError as bad:
            self.half_made = self.half_made or self._steps != before
            return Seen(row.place, row.kind, "problem", "", row.says, (bad.fault,), row.cells)
        return Seen(row.place, row.kind, outcome, key, row.says, (), row.cells)

    def _twin(self, key: str) -> tuple[Place, Plain] | None:
        """Return the row that made an award, and what it said of it."""
        if key not in self._together:
            return self._made_by.get(("awards", key))
        rows = self._together[key]
        at = rows.at(self._touched["awards"][key][0])
        said = rows.row(at).values.items()
        award = self._record("awards", key)
        values = {path: value for path, value in said if path not in BESIDE}
        for whose in ("funder", "service"):
            if whose in rows.said and (named := getattr(award, whose, None)):
                values[whose] = named
        return rows.place(at), values

    def _bad(self, row: Row, path: str, says: str) -> _BadRowError:
        place, title = row.where(path)
        found = str(row.values.get(path, ""))
        return _BadRowError(Fault(place, title or path, found, says))

    def _funder_row(self, row: Row) -> tuple[str, Outcome]:
        self._must(row, "name")
        name, org_id = row.values["name"], row.values.get("org_id")
        key = self._by_org_id(org_id) or self._resolve(row, "name", "funders", name, makes=True)
        return self._put(row, "funders", key, {"name": name})

    def _service_row(self, row: Row) -> tuple[str, Outcome]:
        self._must(row, "name")
        key = self._resolve(row, "name", "services", row.values["name"], makes=True)
        return self._put(row, "services", key, {"name": row.values["name"]})

    def _award_row(self, row: Row) -> tuple[str, Outcome]:
        values = row.values
        name, org_id = values.pop("funder", None), values.pop("funder.org_id", None)
        if name:
            values["funder"] = self._funder(row, name, org_id)
        elif key := self._by_org_id(org_id):
            values["funder"] = key
        if name := values.get("service"):
            values["service"] = self._resolve(row, "service", "services", name, makes=True)
        self._term(row)
        title = values.get("title")
        if title is None:
            funder = self._record("funders", values.get("funder", ""))
            title = values.get("reference") if funder is None else _shown(funder)
        key = self._award_of(row, title)
        twin = self._twin(key)
        if twin and row.has("reference"):
            if twin[1] != row.values:
                raise self._bad(
                    row, "reference", f"{twin[0]} has the same reference with other figures"
                )
            return key, "unchanged"
        defaults = self._award_defaults(row.values, key)
        if title is not None and "title" not in row.values and self._record("awards", key) is None:
            defaults["title"] = title
        if row.months:
            profile = [{"month": m, "amount": a} for m, a in row.months if a != "0.00"]
            if profile:
                defaults |= {"spread": "profile", "profile": profile}
                row.values |= {"spread": "profile", "profile": profile}
        self._steps += 1
        self._made_by["awards", key] = (row.place, dict(row.values))
        return self._put(row, "awards", key, defaults)

    def _term(self, row: Row) -> None:
        """Work out a term from an award date, a financial year or a number of months."""
        values = row.values
        if year := values.pop("year", None):
            values.setdefault("start", year[0])
            values.setdefault("end", year[1])
        awarded = values.pop("awarded", None)
        if awarded and "start" not in values:
            values["start"] = awarded
            self._assume(_ON_ITS_AWARD_DATE)
        months = values.pop("months", None)
        if months and "end" not in values and "start" in values:
            if not 1 <= months <= 600:
                raise self._bad(row, "months", f"{months} months is no term of an award")
            start = date.fromisoformat(values["start"])
            values["end"] = (add_months(start, months) - timedelta(days=1)).isoformat()

    def _award_of(self, row: Row, title: str | None) -> str:
        """Return the key of the award a row is about, a free one if it is new."""
        reference = row.values.get("reference")
        funder = row.values.get("funder")
        if reference:
            for key in self._index("awards", "reference").get(plain_name(reference), ()):
                return key
        if title is not None:
            for key in self._index("awards", "title").get((plain_name(title), funder), ()):
                held = self._record("awards", key)
                own = getattr(held, "reference", None)
                if key not in self._touched["awards"] and not (reference and own):
                    return key
            if not reference and funder and (near := self._near_award(row, title, funder)):
                return near
        return self._free("awards", reference or title or "award")

    def _near_award(self, row: Row, title: str, funder: str) -> str | None:
        """Return the book's award of that funder that a title is near to, as the person says."""
        if funder not in self._titles:
            self._titles[funder] = Names("awards")
            for award in self._portfolio.awards:
                if award.funder == funder:
                    self._titles[funder].add(award.key, award.title, [award.title])
        match = self._titles[funder].match(title)
        near = tuple(each for each in match.near if each[0] not in self._touched["awards"])
        if match.likeness != "unsure" or not near:
            return None
        return self._decided(row, "title", Match("awards", title, "unsure", None, near))

    def _award_defaults(self, values: Plain, key: str) -> Plain:
        defaults: Plain = {}
        if self._portfolio.find("awards", key) is not None:
            return defaults
        if "stage" not in values and {"start", "end"} <= values.keys():
            today = self._today.isoformat()
            ended, begun = values["end"] < today, values["start"] <= today
            defaults["stage"] = "ended" if ended else "live" if begun else "awarded"
            self._assume(_BY_ITS_DATES)
        if "fund" not in values and values.get("kind") in (None, "grant"):
            defaults["fund"] = "restricted"
            self._assume(_RESTRICTED)
        return defaults

    def _payment_row(self, row: Row) -> tuple[str, Outcome]:
        key = self._needed(row, "award", "awards")
        values = row.values
        if "due" not in values and "received_on" in values:
            values["due"] = values["received_on"]
        if "amount" not in values and "received" in values:
            values["amount"] = values["received"]
        self._must(row, "due", "amount")
        award = self._record("awards", key)
        if not isinstance(award, Award):
            raise self._bad(row, "award", "the award it belongs to cannot be read")
        if key not in self._payments:
            self._payments[key] = Payments(award)
        payments, problems = self._payments[key], list[Problem]()
        self._steps += 1
        at = payments.claim(values["due"], values["amount"])
        said = {name: values[name] for name in _PAYMENT if name in values}
        outcome = payments.lay(at, said, problems)
        if outcome is None:
            raise self._bad(row, problems[0].path, problems[0].says)
        self._claim(row, "awards", key)
        return key, outcome

    def _settle_payments(self) -> None:
        """Give awards the payments that rows were laid on, all of an award's at once."""
        for key, payments in self._payments.items():
            award = self._record("awards", key)
            if isinstance(award, Award) and not payments.are_settled:
                self._now["awards"][key] = replace(award, payments=tuple(payments.records))
                payments.are_settled = True

    def _months(self, row: Row) -> tuple[str, Outcome]:
        """Take each month of a grid's row as a row of its own; a month of nothing is none."""
        path, falls_on = _DAY_OF_A_MONTH[row.kind]
        key, became = "", set[Outcome]()
        for month, amount in row.months:
            if amount == "0.00":
                continue
            part = row.again()
            first = date.fromisoformat(f"{month}-01")
            part.values |= {path: falls_on(first).isoformat(), "amount": amount}
            key, outcome = self._takers[row.kind](self, part)
            became.add(outcome)
        return key, next((each for each in ("new", "changed") if each in became), "unchanged")

    def _post_row(self, row: Row) -> tuple[str, Outcome]:
        if name := row.values.get("service"):
            row.values["service"] = self._resolve(row, "service", "services", name, makes=True)
        self._must(row, "title")
        key = self._nth(row, "posts", ("person.reference", "title"))
        return self._put(row, "posts", key, {})

    def _cost_row(self, row: Row) -> tuple[str, Outcome]:
        if name := row.values.get("service"):
            row.values["service"] = self._resolve(row, "service", "services", name, makes=True)
        self._must(row, "title")
        return self._put(row, "costs", self._nth(row, "costs", ("title",)), {})

    def _nth(self, row: Row, name: str, paths: tuple[str, ...]) -> str:
        """Return the first record of a name that no row before this one has claimed."""
        for path in paths:
            if text := row.values.get(path):
                known = self._index(name, path).get(plain_name(text), ())
                for key in known:
                    if key not in self._touched[name]:
                        return key
                if path == paths[-1] and not known:
                    match = self._match(name, text)
                    if match.likeness == "unsure" and match.near:
                        return self._decided(row, path, match) or self._free(name, text)
                if path != paths[-1] and known:
                    raise self._bad(row, path, f"two rows have “{text}”")
        return self._free(name, row.values["title"])

    def _allocation_row(self, row: Row) -> tuple[str, Outcome]:
        values = row.values
        paid = "post" if "post" in values else "cost"
        if paid not in values:
            raise self._bad(row, "post", "this names neither a post nor a cost")
        paid_key = self._needed(row, paid, f"{paid}s")
        if row.shares:
            row.values = {paid: paid_key}
            return paid_key, "unchanged"
        award = None
        if (name := values.get("award")) and plain_name(name) not in _CORE:
            award = self._needed(row, "award", "awards")
        self._must(row, "percent")
        return self._share(row, paid, paid_key, award, values)

    def _shares(self, row: Row, key: str) -> Iterator[Outcome]:
        """Yield what becomes of each share in a grid's row."""
        paid = {"posts": "post", "costs": "cost"}.get(row.kind)
        if row.kind == "allocations":
            paid = "post" if "post" in row.values else "cost"
        if paid is None:
            return
        for target, percent, place in row.shares:
            if not float(percent):
                continue
            award = None
            if plain_name(target) not in _CORE:
                row.values["award"] = target
                row.columns = {**row.columns, "award": (place.column or 0, target)}
                award = self._needed(row, "award", "awards")
            yield self._share(row, paid, key, award, {"percent": percent})[1]

    def _share(
        self, row: Row, paid: str, paid_key: str, award: str | None, values: Plain
    ) -> tuple[str, Outcome]:
        said: Plain = {name: values[name] for name in ("percent", "from", "to") if name in values}
        for key in self._index("allocations", paid).get((paid_key, award), ()):
            held: Plain = to_plain(self._record("allocations", key))
            if key in self._touched["allocations"]:
                continue
            if all(held.get(name) == said.get(name, held.get(name)) for name in ("from", "to")):
                return self._keep(row, "allocations", key, held | said)
        key = self._free("allocations", f"{paid_key}-{award or 'unrestricted'}")
        plain: Plain = {"key": key, paid: paid_key, **said}
        if award:
            plain["award"] = award
        return self._keep(row, "allocations", key, plain)

    def _actual_row(self, row: Row) -> tuple[str, Outcome]:
        if row.has("award"):
            if plain_name(row.values["award"]) in _CORE:
                del row.values["award"]
            else:
                row.values["award"] = self._needed(row, "award", "awards")
        self._must(row, "on", "amount")
        return self._whole(row, "actuals", f"{row.values['on']}")

    def _deadline_row(self, row: Row) -> tuple[str, Outcome]:
        if row.has("award"):
            row.values["award"] = self._needed(row, "award", "awards")
        if row.has("post"):
            row.values["post"] = self._needed(row, "post", "posts")
        if not row.has("title") and row.has("kind"):
            row.values["title"] = row.values["kind"].replace("-", " ").capitalize()
        self._must(row, "title", "due")
        known = self._index("deadlines", "due").get(
            (plain_name(row.values["title"]), row.values["due"], row.values.get("award")), ()
        )
        for key in known:
            if key not in self._touched["deadlines"]:
                return self._put(row, "deadlines", key, {})
        key = self._free("deadlines", f"{row.values['title']}-{row.values['due']}")
        return self._put(row, "deadlines", key, {})

    def _whole(self, row: Row, name: str, stem: str) -> tuple[str, Outcome]:
        """Keep a row that is known only by all it says: the nth like it is the nth in the book."""
        said = tuple(sorted(row.values.items()))
        for key in self._index(name, "").get(said, ()):
            if key not in self._touched[name]:
                self._claim(row, name, key)
                return key, "unchanged"
        return self._put(row, name, self._free(name, stem), {})

    # --- keeping -------------------------------------------------------------------------------

    def _must(self, row: Row, *paths: str) -> None:
        for path in paths:
            if path not in row.values:
                raise self._bad(row, path, f"{_TITLES.get(path, path)} is missing")

    def _put(self, row: Row, name: str, key: str, defaults: Plain) -> tuple[str, Outcome]:
        """Lay a row's values on the record the book has, or on a new one."""
        held = self._record(name, key)
        plain: Plain = to_plain(held) if held is not None else {"key": key}
        plain |= defaults
        plain |= row.values
        for path in _within(name).intersection(plain):
            _put_at(plain, path, plain.pop(path))
        if not _required(name).keys() <= plain.keys():
            missing = [path for path in _required(name) if path not in plain]
            said = " and ".join(_TITLES.get(path, path) for path in missing)
            raise self._bad(row, missing[0], f"{said} is missing")
        return self._keep(row, name, key, plain)

    def _keep(self, row: Row, name: str, key: str, plain: Plain) -> tuple[str, Outcome]:
        problems: list[Problem] = []
        record = from_plain(LISTS[name], plain, "", problems)
        if record is None:
            path = problems[0].path.strip(".")
            raise self._bad(row, path, problems[0].says)
        before = self._record(name, key)
        self._claim(row, name, key)
        self._now[name][key] = record
        if before is None:
            self._learn(name, record)
            return key, "new"
        return key, "unchanged" if before == record else "changed"

    def _assume(self, what: str, of: Sequence[bool] = (True,)) -> None:
        if times := sum(of):
            self._steps += times
            self.assumed[what] += times

    def _claim(self, row: Row, name: str, key: str) -> None:
        self._steps += 1
        touched = self._touched[name]
        places = touched.get(key)
        if isinstance(places, list):
            places.append(row.place)
            return
        touched[key] = [*(places or ()), row.place]
        if places is None and (held := self._portfolio.find(name, key)) is not None:
            self._now[name].setdefault(key, held)

    def _record(self, name: str, key: str) -> Record | None:
        return self._now[name].get(key) or self._portfolio.find(name, key)

    def _free_ones(self, name: str, texts: Sequence[str]) -> list[str]:
        """Return a free key for each of these texts, as `_free` gives them one after the other."""
        keys, taken = [_stem(text) or name for text in texts], self._taken[name]
        if _first_known(keys, taken) < len(keys):
            return [self._free(name, text) for text in texts]
        self._steps += len(keys)
        taken.update(keys)
        return keys

    def _free(self, name: str, text: str) -> str:
        key = stem = _stem(text) or name
        taken = self._taken[name]
        if key in taken:
            number = self._last_number.get((name, stem), 1)
            while key in taken:
                number += 1
                key = f"{stem}-{number}"
            self._last_number[name, stem] = number
        self._steps += 1
        taken.add(key)
        return key

    # --- names ---------------------------------------------------------------------------------

    def _match(self, name: str, text: str) -> Match:
        """Return what a name is to the records of a list, those made so far among them."""
        names = self._names[name]
        if keys := self._unlearned[name]:
            for key in keys:
                if record := self._record(name, key):
                    names.add(key, _shown(record), self._names_of(name, record))
            keys.clear()
        return names.match(text)

    def _names_of(self, name: str, record: Record) -> list[str | None]:
        if name == "awards":
            funder = self._record("funders", str(getattr(record, "funder", None)))
            return [
                getattr(record, "reference", None),
                getattr(record, "title", None),
                record.key,
                getattr(funder, "name", None),
            ]
        if name == "posts":
            person = getattr(record, "person", None)
            return [getattr(record, "title", None), getattr(person, "reference", None), record.key]
        return [_shown(record), getattr(record, "org_id", None)]

    def _learn(self, name: str, record: Record) -> None:
        if name in self._names:
            if meant := self._meant[name]:
                meant.clear()  # a name that was one record's may be two's now
            self._unlearned[name].append(record.key)
        for known, keys_of in _indexes_of(name):
            if (index := self._by.get(known)) is not None:
                for at in keys_of(record):
                    index.setdefault(at, []).append(record.key)

    def _index(self, name: str, path: str) -> dict[Any, list[str]]:
        """Return the keys of a list's records by what a field of theirs says."""
        known = name, path
        if known not in self._by:
            found: dict[Any, list[str]] = defaultdict(list)
            for record in self._portfolio.records(name):
                for at in _INDEXES[name, path](record):
                    found[at].append(record.key)
            for key, record in self._now[name].items():
                if self._portfolio.find(name, key) is None:
                    for at in _INDEXES[name, path](record):
                        found[at].append(key)
            self._by[known] = dict(found)
        return self._by[known]

    def _needed(self, row: Row, path: str, name: str) -> str:
        self._must(row, path)
        key = self._resolve(row, path, name, row.values[path], makes=False)
        if self._record(name, key) is None:
            raise self._bad(
                row, path, f"“{row.values[path]}” is not brought in, so neither is this"
            )
        return key

    def _resolve(self, row: Row, path: str, name: str, text: str, *, makes: bool) -> str:
        """Return the key of the record a name means; a new one where it may be made."""
        meant = self._meant[name]
        if text not in meant:
            key = self._meaning(row, path, name, text, makes=makes)
            meant[text] = key
        return meant[text]

    def _meaning(self, row: Row, path: str, name: str, text: str, *, makes: bool) -> str:
        match = self._match(name, text)
        self._asked.matches.setdefault((name, plain_name(text)), match)
        said = self._answers.get(f"{name}|{plain_name(text)}")
        if said == _NEW and makes:
            if made := self._said_new.get((name, plain_name(text))):
                return made
        elif said and self._record(name, said) is not None:
            return said
        elif match.key is not None:
            return match.key
        asks = match.near or not makes
        if asks and (key := self._decided(row, path, match, makes=makes)):
            return key
        key = self._free(name, text)
        record = LISTS[name](key=key, name=text)  # type: ignore[call-arg]
        self._claim(row, name, key)
        self._now[name][key] = record
        self._learn(name, record)
        self._said_new[name, plain_name(text)] = key
        return key

    def _decided(self, row: Row, path: str, match: Match, *, makes: bool = True) -> str | None:
        """Return the record the person says a name means, None for a new one; ask until then."""
        self._asked.matches[match.list, plain_name(match.name)] = match
        asked = f"{match.list}|{plain_name(match.name)}"
        near = match.near or tuple(
            (record.key, _shown(record)) for record in self._portfolio.records(match.list)[:12]
        )
        one = match.list[:-1]
        answer = self._answers.get(asked)
        if answer == _NEW and makes:
            return None
        if answer and self._record(match.list, answer) is not None:
            return answer
        choices = tuple((key, f"the same as “{shown}”") for key, shown in near)
        if choices or makes:
            self._asked.questions[asked] = Question(
                asked,
                f"Which {one} is “{match.name}”?",
                (*choices, *(((_NEW, f"a new {one}"),) if makes else ())),
                (match.name,),
            )
        if match.near:
            raise self._bad(
                row, path, f"“{match.name}” may be “{match.near[0][1]}”, or another {one}"
            )
        raise self._bad(row, path, f"there is no {one} “{match.name}” in the book or in this file")

    def _funder(self, row: Row, name: str, org_id: str | None) -> str:
        if key := self._by_org_id(org_id):
            return key
        key = self._resolve(row, "funder", "funders", name, makes=True)
        if org_id:
            held = self._record("funders", key)
            own = getattr(held, "org_id", None)
            if held is not None and not own:
                plain = to_plain(held) | {"org_id": org_id}
                self._keep(row, "funders", key, plain)
        return key

    def _by_org_id(self, org_id: str | None) -> str | None:
        if not org_id:
            return None
        known = self._index("funders", "org_id").get(organisation_id(org_id).casefold(), ())
        return next(iter(known), None)

    _takers: dict[str, Callable[[Records, Row], tuple[str, Outcome]]] = {  # noqa: RUF012 - by kind
        "funders": _funder_row,
        "services": _service_row,
        "awards": _award_row,
        "payments": _payment_row,
        "posts": _post_row,
        "costs": _cost_row,
        "allocations": _allocation_row,
        "actuals": _actual_row,
        "deadlines": _deadline_row,
    }


@cache
def _required(name: str) -> dict[str, Field]:
    """Return the fields a record of a list must have; its key it is given."""
    known = fields(name).items()
    return {path: known_ for path, known_ in known if known_.required and path != "key"}


@cache
def _within(name: str) -> frozenset[str]:
    """Return the fields of a list that stand in a part of its records."""
    return frozenset(path for path in fields(name) if "." in path)


@cache
def _indexes_of(name: str) -> tuple[tuple[tuple[str, str], Callable[[Any], list[Any]]], ...]:
    return tuple((known, keys_of) for known, keys_of in _INDEXES.items() if known[0] == name)


_ODD = re.compile(r"[^\w.]+")
_DAY_OF_A_MONTH: dict[str, tuple[str, Callable[[date], date]]] = {
    "payments": ("due", month_end),
    "actuals": ("on", lambda first: first),
}
"""By kind, the field that a month alone gives, and which of its days: as one cell is read."""

_ON_ITS_AWARD_DATE = "An award with no start date starts on its award date"
_BY_ITS_DATES = "An award with no stage is awarded, live or ended by its dates"
_RESTRICTED = "Where the file does not say, money is taken as restricted"
_PAYMENT = ("due", "amount", "received_on", "received")


def _shown(record: Record) -> str:
    return str(getattr(record, "name", None) or getattr(record, "title", None) or record.key)


def _put_at(plain: Plain, path: str, value: Any) -> None:  # noqa: ANN401
    *above, name = path.split(".")
    for each in above:
        inner = plain.get(each)
        plain[each] = dict(inner) if isinstance(inner, dict) else {}
        plain = plain[each]
    plain[name] = value


def _stem(text: str) -> str:
    """Return what the keys of records that are called so begin with; it may be nothing."""
    text = text.casefold()
    return (text if text.isalnum() else _ODD.sub("-", text).strip("-."))[:_KEY_LENGTH]


def _first_known(keys: Sequence[Any], known: AbstractSet[Any]) -> int:
    """Return which of these is the first that is known, or was among them before; else how many."""
    if len(seen := set(keys)) == len(keys) and known.isdisjoint(seen):
        return len(keys)
    return next(at for at, key in enumerate(keys) if key in known or key in keys[:at])


def _texts(*texts: str | None) -> list[str]:
    return [plain_name(text) for text in texts if text]


_INDEXES: dict[tuple[str, str], Callable[[Any], list[Any]]] = {
    ("awards", "reference"): lambda award: _texts(award.reference),
    ("awards", "title"): lambda award: [(plain_name(award.title), award.funder)],
    ("posts", "title"): lambda post: _texts(post.title),
    ("posts", "person.reference"): lambda post: _texts(post.person and post.person.reference),
    ("costs", "title"): lambda cost: _texts(cost.title),
    ("allocations", "post"): lambda share: [(share.post, share.award)] if share.post else [],
    ("allocations", "cost"): lambda share: [(share.cost, share.award)] if share.cost else [],
    ("actuals", ""): lambda actual: [
        tuple(sorted((name, value) for name, value in to_plain(actual).items() if name != "key"))
    ],
    ("deadlines", "due"): lambda deadline: [
        (plain_name(deadline.title), deadline.due.isoformat(), deadline.award)
    ],
    ("funders", "org_id"): lambda funder: (
        [organisation_id(funder.org_id).casefold()] if funder.org_id else []
    ),
}
