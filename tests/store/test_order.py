"""The places of records in a list: wherever one is put, that is where it stands."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from fundtrack.core.model import Change, Service
from fundtrack.store.order import STEP, appended, replaced

Moves = tuple[list[str], list[Change]]


@st.composite
def moves(draw: DrawFn) -> Moves:
    """A list of keys, and records taken out of it and put into it, one after another."""
    before = [f"k{number}" for number in range(draw(st.integers(0, 5)))]
    order = list(before)
    changes: list[Change] = []
    for number in range(draw(st.integers(1, 8))):
        out = draw(st.booleans())
        if out and order:
            at = draw(st.integers(0, len(order) - 1))
            key = order.pop(at)
            changes.append(Change(list="services", key=key, before=_service(key), at=at))
            continue
        key = draw(st.sampled_from([f"n{number}", *sorted(set(before) - set(order))]))
        place = draw(st.none() | st.integers(0, len(order)))
        order.insert(len(order) if place is None else place, key)
        changes.append(Change(list="services", key=key, after=_service(key), at=place))
    return before, changes


@given(moves(), st.integers(1, STEP))
def test_whatever_is_taken_out_and_put_in_the_places_give_the_order(
    made: Moves, apart: int
) -> None:
    before, changes = made
    places = {key: (at + 1) * apart for at, key in enumerate(before)}
    assert _in_order({**places, **replaced(changes, places)}, before, changes)


@given(moves())
def test_what_goes_to_the_end_needs_no_look_at_the_rest(made: Moves) -> None:
    before, changes = made
    last = STEP * len(before)
    places = {key: (at + 1) * STEP for at, key in enumerate(before)}
    new = appended(changes, len(before), last)
    assert new is None or _in_order({**places, **new}, before, changes)


def test_a_new_record_at_the_end_moves_no_other() -> None:
    two = [Change(list="services", key=key, after=_service(key)) for key in ("a", "b")]
    assert appended(two, 3, 5000) == {"a": 5000 + STEP, "b": 5000 + 2 * STEP}


def test_a_new_record_between_two_others_moves_neither_while_there_is_room() -> None:
    between = [Change(list="services", key="new", after=_service("new"), at=1)]
    assert replaced(between, {"a": 10, "b": 12}) == {"new": 11}
    assert replaced(between, {"a": 10, "b": 11}) == {"a": STEP, "new": 2 * STEP, "b": 3 * STEP}


def _in_order(places: dict[str, int], before: list[str], changes: list[Change]) -> bool:
    order = list(before)
    for change in changes:
        if change.after is None:
            order.remove(change.key)
        else:
            order.insert(len(order) if change.at is None else change.at, change.key)
    stand = [places[key] for key in order]
    return stand == sorted(set(stand))


def _service(key: str) -> Service:
    return Service(key=key, name=key)
