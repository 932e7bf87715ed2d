from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fundtrack.core.check import check
from fundtrack.gui import wishes
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from fundtrack.core.model import Portfolio


@pytest.mark.parametrize("name", ["funders", "services", "awards", "posts", "costs"])
def test_whatever_is_removed_leaves_a_sound_book_and_can_be_put_back(
    sample: Portfolio, name: str
) -> None:
    for record in sample.records(name):
        edit = wishes.removal(sample, name, (record.key,)).placed(sample)
        after = edit.apply(sample)
        assert after.find(name, record.key) is None
        assert check(after) == ()
        assert edit.inverse.apply(after) == sample


def test_removing_an_award_says_what_goes_with_it(sample: Portfolio) -> None:
    edit = wishes.removal(sample, "awards", ("mopac-core",))
    shares = sum(each.award == "mopac-core" for each in sample.allocations)
    assert edit.label.startswith(f"Remove Victims' core grant, {shares} shares")


def test_the_renewal_of_a_removed_award_stays_without_it(sample: Portfolio) -> None:
    after = wishes.removal(sample, "awards", ("mopac-core",)).apply(sample)
    renewals = [each.key for each in sample.awards if each.renewal_of == "mopac-core"]
    assert renewals
    assert all(after.awards_by_key[key].renewal_of is None for key in renewals)


def test_removing_several_at_once_is_one_edit(sample: Portfolio) -> None:
    keys = tuple(award.key for award in sample.awards)
    edit = wishes.removal(sample, "awards", keys).placed(sample)
    after = edit.apply(sample)
    assert after.awards == ()
    assert check(after) == ()
    assert edit.inverse.apply(after) == sample


def test_what_is_added_may_be_saved_as_it_is(sample: Portfolio) -> None:
    for edit, _ in (wishes.new_award(sample, TODAY), wishes.new_post(sample, TODAY)):
        assert check(edit.apply(sample)) == ()


def test_a_new_key_is_nobody_elses(sample: Portfolio) -> None:
    edit, first = wishes.new_award(sample, TODAY)
    _, second = wishes.new_award(edit.apply(sample), TODAY)
    assert first != second
