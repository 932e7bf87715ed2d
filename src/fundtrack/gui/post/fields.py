"""A post's terms, its pay and its person: said in a few lines, changed field by field in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.employment import gross_pay, salary_on, service_start, weeks_pay
from fundtrack.core.plain import decimal_text
from fundtrack.gui import kinds, typed
from fundtrack.gui.award.section import Facts
from fundtrack.gui.post.changing import put, value_of
from fundtrack.gui.post.rows import STANDING
from fundtrack.gui.post.section import PostSection
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.form import (
    Field,
    FieldRow,
    choice_field,
    date_field,
    number_field,
    optional_date_field,
    percent_field,
    pounds_field,
    text_field,
    whole_field,
)
from fundtrack.gui.widgets.frame import label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from fundtrack.core.model import Notice, Pension, Post
    from fundtrack.gui.award.section import Pairs
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

CONTRACTS = ((None, "Not said"), ("permanent", "Permanent"), ("fixed-term", "Fixed term"))
_BASES = ((None, "No pension"), ("salary", "Of salary"), ("qualifying", "Of qualifying earnings"))
_YES_NO = ((None, "Not said"), (True, "Yes"), (False, "No"))
_WIDE = 400
Groups = tuple[tuple[str, tuple[Field, ...]], ...]


class FieldsCard(PostSection):
    """Fields of a post. `Change` turns the lines into fields, `Done` turns them back."""

    heading = ""

    def __init__(self, look: Look) -> None:
        super().__init__(look, self.heading)
        self.facts = Facts(look)
        self.rows: dict[str, FieldRow] = {}
        self._form: QWidget | None = None
        self._grids: list[tuple[QGridLayout, list[QWidget]]] = []
        self._two: bool | None = None
        self._lower = f"the {self.heading.lower()}"
        self.change_link = self.act("Change", f"Change {self._lower}", self.toggle)
        self.add_link(self.change_link)
        self.put(self.facts)

    def groups(self) -> Groups:
        """The fields under their headings."""
        raise NotImplementedError

    def told(self, post: Post, view: View) -> Pairs:
        """The same in lines of names and values."""
        raise NotImplementedError

    @property
    def changing(self) -> bool:
        """Whether the fields are shown."""
        return self._form is not None and not self._form.isHidden()

    def present(self, post: Post, view: View) -> None:
        """Show these fields of a post; locked, or of another post, they are lines again."""
        other = self.post is None or self.post.key != post.key
        locked = self.private and not view.tells_salaries
        if self.changing and (other or locked or view.read_only):
            self.toggle()
        super().present(post, view)
        self.facts.setVisible(not locked and not self.changing)

    def fill(self, post: Post, view: View) -> None:
        """Say the values, and put them in the fields."""
        self.facts.say(self.told(post, view))
        self._fill_form()

    def toggle(self) -> None:
        """Show the fields, or the lines again."""
        if self._form is None:
            self._form = self._made_form()
            self._form.hide()
            self.body.addWidget(self._form)
        shown = self._form.isHidden() and self.can_change
        self._form.setVisible(shown)
        self.facts.setVisible(not shown)
        self.change_link.setText("Done" if shown else "Change")
        name = f"Done with {self._lower}" if shown else f"Change {self._lower}"
        self.change_link.setAccessibleName(tr(name))
        if shown:
            self._fill_form()
            self._arrange()
            next(iter(self.rows.values())).editor.setFocus()

    def _made_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for title, fields in self.groups():
            if title:
                heading = label(title, tone="strong")
                heading.setContentsMargins(0, 6, 0, 2)
                column.addWidget(heading)
            column.addLayout(self._made_grid(fields))
        return form

    def _made_grid(self, fields: tuple[Field, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        rows: list[QWidget] = []
        for field in fields:
            row = FieldRow(self.look, field, self._refused)
            row.put.connect(self._put)
            self.rows[field.name] = row
            rows.append(row)
        self._grids.append((grid, rows))
        return grid

    def _arrange(self) -> None:
        """Lay the fields out in two columns, or in one where there is little room."""
        two = self.width() >= self.look.px(_WIDE)
        if two == self._two:
            return
        self._two = two
        for grid, rows in self._grids:
            for row in rows:
                grid.removeWidget(row)
            for at, row in enumerate(rows):
                place = divmod(at, 2) if two else (at, 0)
                grid.addWidget(row, *place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 1 if two else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the fields out for the room there is."""
        super().resizeEvent(event)
        if self._form is not None:
            self._arrange()

    def _fill_form(self) -> None:
        if self.post is None or self.view is None or not self.changing:
            return
        self.offer(self.view)
        for name, row in self.rows.items():
            row.show_value(value_of(self.post, name))
            row.be_editable(editable=self.can_change)

    def offer(self, view: View) -> None:
        """Give the fields what follows from the book to choose from."""

    def _refused(self, name: str, value: Any) -> str:  # noqa: ANN401 - any field's value
        return "" if self.post is None else self.refusal(put(self.post, name, value, ""))

    def _put(self, name: str, value: Any) -> None:  # noqa: ANN401 - as above
        if self.post is not None:
            self.edit_wanted.emit(put(self.post, name, value, self.rows[name].field.label))

    def usual_year(self) -> int:
        """The year of a day typed without one."""
        return self.view.outlook.today.year if self.view is not None else 2000


class TermsCard(FieldsCard):
    """What the job is: nothing here tells a salary or who is in it."""

    heading = "Terms"

    def groups(self) -> Groups:
        """The job, its hours, and how it may end."""
        return (
            (
                "",
                (
                    text_field("title", "&Title", "Change title", required=True),
                    Field(name="service", title="Ser&vice", label="Change service", chooses=True),
                    text_field(
                        "establishment",
                        "&Workplace",
                        "Change workplace",
                        hint="Dismissals are counted together at one workplace.",
                    ),
                    choice_field("status", "&In post", "Change who is in post", STANDING),
                    choice_field("contract", "&Contract", "Change contract", CONTRACTS),
                    _required_number("fte", "FT&E", "Change FTE"),
                    number_field("weekly_hours", "&Hours a week", "Change hours"),
                    date_field("start", "&First day", "Move start date"),
                    optional_date_field("end", "&Last day", "Move end date", self.usual_year),
                ),
            ),
            (
                "Notice under the contract",
                (
                    whole_field("notice.weeks", "Notice, wee&ks", "Change notice"),
                    whole_field("notice.months", "Notice, &months", "Change notice"),
                    optional_date_field(
                        "notice_served_on",
                        "Notice served &on",
                        "Change the day notice was served",
                        self.usual_year,
                    ),
                ),
            ),
        )

    def offer(self, view: View) -> None:
        """Offer the services of the book."""
        services = tuple((each.key, each.name) for each in view.portfolio.services)
        self.rows["service"].offer(((None, "No service"), *services))

    def told(self, post: Post, view: View) -> Pairs:
        """The terms in lines."""
        service = view.portfolio.services_by_key.get(post.service or "")
        hours = post.weekly_hours
        served = post.notice_served_on
        return (
            ("Service", service.name if service else ""),
            ("Workplace", post.establishment or ""),
            ("In post", dict(STANDING)[post.status] if post.status else "Filled"),
            ("Contract", dict(CONTRACTS)[post.contract] if post.contract else ""),
            ("FTE", f"{post.fte:.2f}"),
            ("Hours a week", "" if hours is None else decimal_text(hours)),
            ("First day", words.short_day(post.start)),
            ("Last day", "No end" if post.end is None else words.short_day(post.end)),
            ("Notice", _notice(post.notice)),
            ("Notice served", words.short_day(served) if served else ""),
        )


class PayCard(FieldsCard):
    """Pay and pension. Private: shown when salaries are."""

    heading = "Pay"
    private = True

    def groups(self) -> Groups:
        """Salary, National Insurance, pension."""
        return (
            (
                "",
                (
                    pounds_field("salary", "Full-time &salary, £", "Change salary", required=True),
                    _category("nic_category", "&NIC category", "Change NIC category"),
                    choice_field("pension.basis", "&Pension", "Change pension", _BASES),
                    percent_field("pension.percent", "Employer pays, &%", "Change pension"),
                    choice_field("pension.opted_in", "Opte&d in", "Change opting in", _YES_NO),
                ),
            ),
        )

    def told(self, post: Post, view: View) -> Pairs:
        """The pay in lines, as it is today."""
        salary = salary_on(post, view.outlook.today)
        gross = gross_pay(salary, post.fte)
        return (
            ("Full-time salary", words.money(salary)),
            (f"At {post.fte:.2f} FTE", words.money(gross)),
            ("A week's pay", words.money(weeks_pay(gross))),
            ("NIC category", post.nic_category or ""),
            ("Pension", _pension(post.pension)),
        )


class PersonCard(FieldsCard):
    """Who is in the post, as far as redundancy and notice need to know. Private."""

    heading = "Person"
    private = True
    hand_wanted = Signal(str)
    out_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.hand_link = self.act(
            "Hand over what is held of this person…",
            "Hand over what is held of this person",
            lambda: self.hand_wanted.emit(self.post.key if self.post else ""),
        )
        self.out_link = self.act(
            "Take this person out of the book…",
            "Take this person out of the book",
            lambda: self.out_wanted.emit(self.post.key if self.post else ""),
        )
        for link in (self.hand_link, self.out_link):
            self.body.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)

    def present(self, post: Post, view: View) -> None:
        """Show the person; with nobody in the post there is nobody to hand over or take out."""
        super().present(post, view)
        for link in (self.hand_link, self.out_link):
            link.setVisible(post.person is not None and view.tells_salaries and not view.read_only)

    def groups(self) -> Groups:
        """Birth date and service, then a scheme better than the statutory one."""
        year = self.usual_year
        return (
            (
                "",
                (
                    text_field(
                        "person.reference",
                        "&Reference",
                        "Change reference",
                        hint="A payroll number or initials; a name is not needed.",
                    ),
                    optional_date_field("person.born", "&Born", "Change birth date", year),
                    optional_date_field(
                        "person.continuous_service_from",
                        "Ser&vice counts from",
                        "Change service",
                        year,
                        hint="Where it is not the first day of the post.",
                    ),
                    optional_date_field(
                        "person.fixed_terms_since",
                        "Fi&xed terms since",
                        "Change fixed terms",
                        year,
                        hint="After four years of them a job counts as permanent.",
                    ),
                ),
            ),
            (
                "Redundancy pay above the statutory",
                (
                    number_field(
                        "person.enhanced.multiplier", "&Times statutory", "Change redundancy scheme"
                    ),
                    choice_field(
                        "person.enhanced.uncapped",
                        "Without the &cap",
                        "Change redundancy scheme",
                        _YES_NO,
                    ),
                ),
            ),
        )

    def told(self, post: Post, view: View) -> Pairs:
        """The person in lines."""
        person = post.person
        serves = words.short_day(service_start(post))
        if person is None:
            return (("Person", "Nothing entered"), ("Service from", serves))
        scheme = person.enhanced
        times = scheme.multiplier if scheme is not None else None
        parts = [
            "" if times is None else f"{decimal_text(times)} times statutory",
            "without the cap" if scheme is not None and scheme.uncapped else "",
        ]
        terms = person.fixed_terms_since
        _ = view
        return (
            ("Reference", person.reference or ""),
            ("Born", words.short_day(person.born) if person.born else "Not entered"),
            ("Service from", serves),
            ("Fixed terms since", words.short_day(terms) if terms else ""),
            ("Redundancy scheme", ", ".join(part for part in parts if part)),
        )


def _required_number(name: str, title: str, label_: str) -> Field:
    return Field(
        name=name,
        title=title,
        label=label_,
        shown=decimal_text,
        read=lambda text, _before: typed.read_number(text),
    )


def _category(name: str, title: str, label_: str) -> Field:
    """One capital letter, or nothing."""
    return Field(
        name=name, title=title, label=label_, read=lambda text, _: text.strip().upper() or None
    )


def _notice(notice: Notice | None) -> str:
    if notice is None:
        return "As the law says"
    if notice.weeks is not None:
        return words.count(notice.weeks, "week")
    return words.count(notice.months or 0, "month")


def _pension(pension: Pension | None) -> str:
    if pension is None:
        return "None"
    of = "of salary" if pension.basis == "salary" else "of qualifying earnings"
    return f"{kinds.PERCENT.text(pension.percent)} {of}"
