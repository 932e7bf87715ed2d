"""Two outlooks laid beside each other: where the second does not say what the first does."""

from typing import Any


def differences(wanted: Any, found: Any, path: str = "") -> list[str]:
    """Each figure of `wanted` that `found` lacks or has otherwise; more keys are welcome."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [
            each
            for key, value in wanted.items()
            for each in (
                differences(value, found[key], f"{path}.{key}")
                if key in found
                else [f"{path}.{key}: not there, {value} wanted"]
            )
        ]
    if isinstance(wanted, list) and isinstance(found, list):
        if len(wanted) != len(found):
            return [f"{path}: {len(found)} of them, {len(wanted)} wanted"]
        return [
            each
            for at, (one, other) in enumerate(zip(wanted, found, strict=True))
            for each in differences(one, other, f"{path}.{_name(one, at)}")
        ]
    return [] if wanted == found else [f"{path}: {found}, {wanted} wanted"]


def _name(record: Any, at: int) -> str:
    for key in ("key", "cliff", "month"):
        if isinstance(record, dict) and key in record:
            return str(record[key])
    return str(at)
