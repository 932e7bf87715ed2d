"""What can go wrong, in two families: a fault in the figures, and the world not obliging."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in the book: where it is (`awards.0.end`) and what to do, in one sentence."""

    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"


class KnownError(Exception):
    """The world did not oblige (disk full, file locked, newer file): kind words and a next step."""


class RefusedError(KnownError):
    """What was asked would leave the book wrong; `problems` says where. Nothing was changed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class StaleEditError(RefusedError):
    """A record has moved on since this change was prepared, so the change was not made."""
