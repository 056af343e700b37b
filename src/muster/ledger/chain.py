"""Finds every entry that was altered, removed, inserted, repeated or moved, reading the ledger once (R10)."""

from collections.abc import Iterable

from muster.ledger.canon import GENESIS
from muster.ledger.entry import Entry
from muster.ledger.flaw import Break, Damage

Head = tuple[int, bytes]


class Chain:
    """Takes entries in the order of their positions and keeps the head of each stream (about 200 bytes a stream)."""

    def __init__(self) -> None:
        self.heads: dict[str, Head] = {}
        self.entries = 0
        self._position = 0

    def add(self, entry: Entry) -> list[Break]:
        """Check one entry against what came before; several things can be wrong with it at once."""
        found = []
        self.entries += 1
        seq, head = self.heads.get(entry.stream, (0, GENESIS))
        if entry.expected_hash() != entry.hash:
            found.append(_break(entry, Damage.ALTERED, "Its content does not give its hash: it was altered."))
        if entry.position <= self._position or entry.seq <= seq:
            found.append(_break(entry, Damage.MISPLACED, "It stands twice, or not where it was recorded."))
        elif entry.seq > seq + 1:
            gone = f"Entry {seq + 1} is" if entry.seq == seq + 2 else f"Entries {seq + 1} to {entry.seq - 1} are"
            found.append(_break(entry, Damage.MISSING, f"{gone} missing before it."))
        elif entry.prev != head:
            found.append(_break(entry, Damage.UNLINKED, "It does not follow the entry before it."))
        self._position = max(self._position, entry.position)
        if entry.seq > seq:
            self.heads[entry.stream] = (entry.seq, entry.hash)
        return found


def verify(entries: Iterable[Entry]) -> list[Break]:
    """All breaks of entries given in the order of their positions, without seals."""
    chain = Chain()
    return [flaw for entry in entries for flaw in chain.add(entry)]


def _break(entry: Entry, flaw: Damage, what: str) -> Break:
    return Break(entry.stream, entry.seq, flaw, what)
