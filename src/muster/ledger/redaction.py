"""Words that were taken out of entries, so that a person can be erased and the ledger still proves itself (pure).

A redacted entry keeps its hash and no longer gives it. It counts as sound only if a later entry vouches for what it says now:
that entry names its position and the digest of all of it, and is itself sound, or vouched for by a later one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.ledger.canon import digest, instant, json_text
from muster.ledger.entry import Entry
from muster.ledger.events import ENTRIES_REDACTED
from muster.ledger.flaw import Break

TAG = b"muster.ledger.redaction.v1"
AT_ONCE = 1000
"""So many entries one entry vouches for at most."""
PSEUDONYM = re.compile(r"erased-[0-9a-f]{12}")
_BARE = re.compile(r"[0-9]+|true|false|null")


@dataclass(frozen=True, slots=True)
class Redaction:
    """Who took words out of how many entries, when and why; `positions` are those that still stand as vouched for here."""

    at: datetime
    by: str
    reason: str
    positions: tuple[int, ...]

    @property
    def entries(self) -> int:
        """How many they are."""
        return len(self.positions)


def left(entry: Entry) -> bytes:
    """The digest of an entry as it stands, its hash included."""
    return digest(
        TAG,
        entry.hash,
        entry.prev,
        b"%d" % entry.position,
        entry.stream.encode(),
        b"%d" % entry.seq,
        instant(entry.at).encode(),
        entry.kind.encode(),
        entry.actor.encode(),
        entry.reason.encode(),
        entry.body.encode(),
    )


def vouching(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """What the events carry that vouch for these redacted entries."""
    listed = [[entry.position, left(entry).hex()] for entry in sorted(entries, key=lambda entry: entry.position)]
    return [
        {"entries": len(part), "first": part[0][0], "last": part[-1][0], "left": part}
        for part in (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    ]


def vouched_by(entry: Entry) -> dict[int, bytes]:
    """The digests that an entry vouches for, by position; none where it is no voucher, or spoilt."""
    data = entry.data if entry.kind == ENTRIES_REDACTED.name else None
    listed = data.get("left") if isinstance(data, Mapping) else None
    try:
        return {int(position): bytes.fromhex(digest_) for position, digest_ in listed or ()}
    except (TypeError, ValueError):
        return {}


class Redactions:
    """Takes entries whose hash does not fit and all entries that vouch, then says what is redacted and what was altered."""

    def __init__(self) -> None:
        self._doubted: dict[int, tuple[bytes, Break]] = {}
        self._repeated: list[Break] = []
        self._vouchers: list[Entry] = []

    def doubt(self, entry: Entry, found: Break) -> None:
        """Keep a break until it is known whether a later entry vouches for the entry as it stands."""
        if entry.position in self._doubted:
            self._repeated.append(found)
        else:
            self._doubted[entry.position] = (left(entry), found)

    def add(self, entry: Entry) -> None:
        """Keep an entry that may vouch for others."""
        if entry.kind == ENTRIES_REDACTED.name:
            self._vouchers.append(entry)

    def settle(self) -> tuple[list[Redaction], list[Break]]:
        """The redactions, oldest first, and the breaks for which nothing vouches.

        From the newest voucher down: one that was itself redacted counts only where a newer one vouches for it.
        """
        accepted: set[int] = set()
        redactions = []
        for voucher in sorted(self._vouchers, key=lambda entry: entry.position, reverse=True):
            if voucher.position in self._doubted and voucher.position not in accepted:
                continue
            positions = [
                position
                for position, digest_ in vouched_by(voucher).items()
                if position < voucher.position
                and position not in accepted
                and position in self._doubted
                and self._doubted[position][0] == digest_
            ]
            accepted.update(positions)
            if positions:
                by = voucher.who.get("name", "")
                redactions.append(Redaction(voucher.at, by, voucher.reason, tuple(sorted(positions))))
        breaks = [found for position, (_, found) in self._doubted.items() if position not in accepted]
        return redactions[::-1], [*breaks, *self._repeated]


def spellings(names: Sequence[str]) -> list[str]:
    """The names as they stand in plain text and in JSON."""
    return sorted({spelling for name in names for spelling in (name, json_text(name)[1:-1]) if spelling.strip()})


def pattern(names: Sequence[str]) -> str:
    """The expression, as PostgreSQL reads it, of these names as whole words: neither `team:ana` nor `luis.ana` is the person ana.

    It is applied to plain text and to compact JSON alike: a name may stand behind an escaped line break.
    """
    spelt = set(spellings(names))
    bare = sorted(name for name in spelt if _BARE.fullmatch(name))
    words = sorted(spelt.difference(bare), key=lambda name: (-len(name), name))
    parts = [
        rf"(?<!team:|schedule:|policy:)(?:(?<![\w-]|\w\.)|(?<=\\[nrtbf]))(?:{'|'.join(map(_quoted, words))})(?![\w-]|[.@]\w)"
    ]
    # A number or a word of JSON only where it is a whole text: everywhere else it would be somebody else's value.
    return "|".join([*(parts if words else []), *(rf'^{name}$|(?<="){name}(?=")' for name in bare)])


def _quoted(name: str) -> str:
    return re.sub(r"([^\w\s])", r"\\\1", name)
