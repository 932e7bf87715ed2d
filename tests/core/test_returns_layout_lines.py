"""Where in a layout's file a fault stands."""

from fundtrack.core.returns.layout import layout_from_toml
from fundtrack.core.returns.layout_lines import line_of

OURS = """name = "ours"
version = "1"
title = "Ours"  # not [[sheets]]

[limits]
variance_percent = "ten"

[[sheets]]
kind = "cover"
title = "Cover"
heading = "Cover"
[[sheets.groups]]
title = "Who"
fields = [
    { field = "organisation", title = "Organisation" },
    { field = "nobody", title = "Who = { this }" },
]

[[sheets]]
kind = "finance"
title = "Finance"
heading = "Finance"

[[sheets.columns]]
field = "code"
title = "Code"

[[sheets.columns]]
field = "line"
title = "Line"
colour = "red"
"""


def test_every_fault_is_found_on_its_line() -> None:
    _, problems = layout_from_toml(OURS)
    found = {each.path: line_of(OURS, each.path) for each in problems}
    assert found == {
        "limits.variance_percent": 6,
        "sheets.0.groups.0.fields.1.field": 16,
        "sheets.1.columns.1.colour": 31,
    }


def test_what_is_missing_is_looked_for_where_it_should_stand() -> None:
    assert line_of(OURS, "sheets.1.columns.0.width") == 24
    assert line_of(OURS, "sheets.1") == 19
    assert line_of(OURS, "version") == 2
    assert line_of(OURS, "nowhere.at.all") is None
