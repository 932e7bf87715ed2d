"""Keeps Python from looking for circles among its values while a long piece of work makes none."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_collecting() -> Iterator[None]:
    """Do what is inside without the collector, which a fifth of a long import would go to.

    Records never point back at each other, so it would find nothing; what is no longer wanted is
    still freed at once. What was made meanwhile counts as old afterwards: else the collector would
    go through all of it as soon as it is let, in the middle of what the person does next.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()  # into the oldest generation, which is looked through last
            gc.enable()
