"""A funder's name that is nearly another's is asked about, however many funders there are."""

import difflib

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.exchange.tables import matching
from fundtrack.exchange.tables.matching import Names

LETTERS = st.text("abcdehrtu é1", min_size=1, max_size=40)


def trusts(*first: str) -> Names:
    """Return the names of six hundred trusts, after these."""
    names = Names("funders")
    beginnings = [
        f"{one}{two}{three}" for one in "bcdfg" for two in "aeiou" for three in "klmnprst"
    ]
    made = [f"{start}{end} Trust" for start in beginnings for end in ("ane", "ory", "ult")]
    for at, name in enumerate((*first, *made)):
        names.add(str(at), name, [name])
    return names


def test_a_misspelt_trust_is_known_among_six_hundred_by_how_it_begins() -> None:
    match = trusts("Harbourside Trust").match("Harboursyde Trust")
    assert match.near == (("0", "Harbourside Trust"),)


def test_it_is_known_by_the_word_they_share_where_its_beginning_is_misspelt() -> None:
    match = trusts("Harbourside Trust").match("Hrabourside Trust")
    assert match.near == (("0", "Harbourside Trust"),)


def test_a_trust_like_no_other_is_new() -> None:
    assert trusts("Harbourside Trust").match("Quixotic Wanderers Trust").likeness == "new"


@given(LETTERS, LETTERS, st.data())
def test_no_two_names_are_passed_over_that_are_near(
    start: str, end: str, data: st.DataObject
) -> None:
    one, other = f"{start}{end}", f"{start}{data.draw(LETTERS)}{end}"
    ratio = difflib.SequenceMatcher(None, other, one).ratio()
    assert matching._may_be_near(one, other) or ratio < 0.86
    names = Names("funders")
    names.add("a", other, [other])
    plain, learnt = matching.plain_name(one), matching.plain_name(other)
    if learnt and difflib.SequenceMatcher(None, learnt, plain).ratio() >= 0.86:
        assert names._with_few_letters_apart(plain, [learnt]) == [learnt]


NAMES = st.lists(
    st.one_of(
        st.text("abZ é&'_-.\tßİ\n1", max_size=12),
        st.sampled_from(("The Quay Charity Ltd.", "Harbour & Hope", "Charity", "Advice line", "")),
    ),
    max_size=6,
)


@given(NAMES)
def test_many_names_are_as_plain_at_once_as_each_alone(names: list[str]) -> None:
    assert matching.plain_names(names) == [matching.plain_name(name) for name in names]
