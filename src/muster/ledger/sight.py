"""Entries as they may be read: what should never have been recorded is hidden, and so is what only managers may see of others.

Entries themselves never change: their hashes are shown as they are, and cover what was recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.base.access import Kind, Level, Principal
from muster.kit.masking import HIDDEN, mask_text, mask_value
from muster.ledger.canon import json_text
from muster.ledger.entry import Entry
from muster.ledger.event_kind import EventKind


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the ledger, and the kinds of events, which say what they keep private."""

    principal: Principal
    kinds: Mapping[str, EventKind]

    @property
    def unsearched(self) -> tuple[str, ...]:
        """Kinds whose data a search passes over: what is hidden must not be guessed at letter by letter either."""
        return tuple(kind.name for kind in self.kinds.values() if kind.private or kind.mask)

    def sees(self, entry: Entry) -> Entry:
        """The entry as they may read it."""
        data = mask_value(entry.data, by_name=False)
        kind = self.kinds.get(entry.kind)
        if kind and isinstance(data, Mapping):
            data = kind.mask(data) if kind.mask else data
            data = data if not kind.private or self._may_see_all(entry) else _without(data, kind.private)
        reason = mask_text(entry.reason)
        if data == entry.data and reason == entry.reason:
            return entry
        return replace(entry, body=data if isinstance(data, str) else json_text(data), reason=reason)

    def _may_see_all(self, entry: Entry) -> bool:
        person, level, kind = self.principal.person_id, self.principal.level, self.principal.kind
        own = person is not None and entry.stream == f"person:{person}"
        return own or level >= Level.MANAGER or kind is Kind.SYSTEM


def _without(data: Mapping[str, Any], private: tuple[str, ...]) -> Mapping[str, Any]:
    hidden = {key: HIDDEN if key in private and value else value for key, value in data.items()}
    changed = data.get("changed")
    if isinstance(changed, Mapping):
        hidden["changed"] = {key: HIDDEN if key in private else value for key, value in changed.items()}
    return hidden
