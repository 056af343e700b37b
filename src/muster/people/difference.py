"""What a change changes, as the ledger keeps it and as `muster apply` shows it (pure)."""

from collections.abc import Mapping
from typing import Any


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields that differ, each with `from` and `to`."""
    return {
        key: {"from": before.get(key), "to": after[key]} for key in after if before.get(key) != after[key]
    }  # fmt: skip


def sentences(changed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A difference as lines such as `time_zone: UTC → Europe/Lisbon`."""
    return [f"{key}: {_shown(change['from'])} → {_shown(change['to'])}" for key, change in changed.items()]


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value) if value not in (None, "") else "none"
