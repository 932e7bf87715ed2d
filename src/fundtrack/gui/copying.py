"""Rows on their way to a spreadsheet: as text, and as a table whose numbers and days are real."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QStandardItemModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData

    from fundtrack.gui.table import Column, Table

_BRITISH = 2057


def copied(table: Table[Any], columns: Sequence[Column[Any]], rows: Sequence[Any]) -> QMimeData:
    """Rows with their titles, for the clipboard.

    A letter takes the text, in our words; Excel and LibreOffice take the table, in which what is
    shown is the same and the value beside it is a number.
    """
    lines = [[column.title for column in columns]]
    lines += [[_as_text(table.words(row, column)) for column in columns] for row in rows]
    made = _empty()
    made.setText("\n".join("\t".join(line) for line in lines) + "\n")
    made.setHtml(_page(table, columns, rows))
    return made


def _empty() -> QMimeData:
    """Nothing yet, made by Qt: one made here would call Python when the program has ended."""
    model = QStandardItemModel(1, 1)
    made = model.mimeData([model.index(0, 0)])
    for form in made.formats():
        made.removeFormat(form)
    return made


def _as_text(said: str) -> str:
    """A spreadsheet reads a plain minus as a number, and a word that begins with = as a formula."""
    words = " ".join(said.split()).replace("−", "-")
    return f"'{words}" if words[:1] in ("=", "+", "@") else words


def _page(table: Table[Any], columns: Sequence[Column[Any]], rows: Sequence[Any]) -> str:
    head = "".join(f"<th>{html.escape(column.title)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(_cell(table, row, column) for column in columns) + "</tr>" for row in rows
    )
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head>'
        f"<body><table><tr>{head}</tr>{body}</table></body></html>"
    )


def _cell(table: Table[Any], row: Any, column: Column[Any]) -> str:  # noqa: ANN401 - any row
    said = html.escape(" ".join(table.words(row, column).split()))
    value = column.value(row)
    if value is None or column.kind.number is None or column.shown is not None:
        return f"<td style=\"mso-number-format:'\\@'\">{said}</td>"
    number, form = column.kind.number(value)
    shown = html.escape(form)
    return (
        f'<td align="right" x:num="{number}" style="mso-number-format:\'{shown}\'" '
        f'sdval="{number}" sdnum="{_BRITISH};{_BRITISH};{shown}">{said}</td>'
    )
