"""Judges a whole ledger, seals and entries together: the same code for the server, the database's rows and an exported file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from muster.ledger.canon import GENESIS
from muster.ledger.chain import Chain, Head
from muster.ledger.entry import Entry
from muster.ledger.events import LEDGER_KEY_ROTATED
from muster.ledger.flaw import SEALS, Break, Damage
from muster.ledger.heads import root_of
from muster.ledger.key import key_text, signed_by
from muster.ledger.redaction import Redaction, Redactions
from muster.ledger.seal import Seal
from muster.ledger.succession import Succession, read_succession, trusted_with

MOST_BREAKS = 1000


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What a verification found.

    `unsealed` entries are chained, but newer than the last seal (`sealed_at`): whoever can write to the database could
    still drop them from the end. `keys` signed the seals; unless `pinned`, nothing vouches that they are Muster's.
    `breaks` holds the first thousand of the `found`. `redactions` are entries from which words were taken out with a record of it.
    """

    entries: int
    streams: int
    seals: int
    sealed_at: datetime | None
    unsealed: int
    keys: tuple[str, ...]
    pinned: bool
    found: int
    breaks: tuple[Break, ...]
    redactions: tuple[Redaction, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether everything is as it was recorded."""
        return self.found == 0


class Verification:
    """Takes all seals by number, then all entries by position, then says what it found.

    `trusted` public keys are the only ones that may have signed; none given means any. `kept` are hashes of seals by
    number that somebody stored elsewhere: the ledger must still hold them.
    """

    def __init__(self, trusted: Collection[bytes] = (), kept: Mapping[int, bytes] | None = None) -> None:
        self._trusted = frozenset(trusted)
        self._kept = dict(kept or {})
        self._chain = Chain()
        self._last: Seal | None = None
        self._number, self._hash, self._seals = 0, GENESIS, 0
        self._keys: dict[bytes, None] = {}
        self._sealed: dict[str, Head] = {}
        self._claims: dict[str, dict[int, tuple[bytes, int]]] = {}
        self._doubted: list[Seal] = []
        self._changes: list[Succession] = []
        self._redactions = Redactions()
        self._found: list[Break] = []
        self._count = 0

    def add_seal(self, seal: Seal) -> None:
        """Check a seal against the one before it, its signature, and what was kept elsewhere."""
        self._seals += 1
        if seal.number <= self._number:
            self._seal(seal, Damage.MISPLACED, "The seal stands twice, or not in its place.")
        elif seal.number > self._number + 1:
            self._seal(seal, Damage.MISSING, f"Seals {self._number + 1} to {seal.number - 1} are missing before it.")
        elif seal.prev != self._hash:
            self._seal(seal, Damage.UNLINKED, "The seal does not follow the one before it.")
        if seal.expected_hash() != seal.hash:
            self._seal(seal, Damage.ALTERED, "The seal's content does not give its hash: it was altered.")
        if not signed_by(seal.public_key, seal.signature, seal.hash):
            self._seal(seal, Damage.FORGED, "The seal's signature is false.")
        if self._trusted and seal.public_key not in self._trusted:
            self._doubted.append(seal)
        if self._kept.pop(seal.number, seal.hash) != seal.hash:
            self._seal(seal, Damage.REWRITTEN, "It is not the seal that was kept elsewhere: history was rewritten.")
        self._claim(seal)
        self._keys[seal.public_key] = None
        if seal.number > self._number:
            self._last, self._number, self._hash = seal, seal.number, seal.hash

    def add_entry(self, entry: Entry) -> None:
        """Check an entry against its chain and against the seals that cover it."""
        for found in self._chain.add(entry):
            if found.flaw is Damage.ALTERED:
                self._redactions.doubt(entry, found)
            else:
                self.note(found)
        self._redactions.add(entry)
        # Signed by both keys, it needs no other proof.
        if entry.kind == LEDGER_KEY_ROTATED.name and (change := read_succession(entry.data)):
            self._changes.append(change)
        claims = self._claims.get(entry.stream)
        if claims and (claim := claims.pop(entry.seq, None)) and claim[0] != entry.hash:
            what = f"Seal {claim[1]} covers another entry in this place: history was rewritten."
            self.note(Break(entry.stream, entry.seq, Damage.REWRITTEN, what))

    def trusts(self, key: bytes) -> bool:
        """Whether a key is trusted, by itself or because a trusted one has named it in an entry read so far."""
        return not self._trusted or key in trusted_with(self._trusted, self._changes)

    def finish(self, heads: Mapping[str, Head] | None = None) -> VerificationResult:
        """The verdict. `heads`, where the database is at hand, are the heads that it held before the entries were read."""
        for seal in self._doubted:
            if not self.trusts(seal.public_key):
                what = f"It was signed by {key_text(seal.public_key)}, which is not trusted."
                self._seal(seal, Damage.UNTRUSTED, what)
        for stream, claims in self._claims.items():
            for seq, (_, number) in sorted(claims.items()):
                self.note(Break(stream, seq, Damage.TRUNCATED, f"Seal {number} covers this entry, and it is gone."))
        for number in sorted(self._kept):
            self.note(Break(SEALS, number, Damage.TRUNCATED, "This seal was kept elsewhere, and it is gone."))
        self._check_heads(heads or {})
        if self._last is not None and self._last.root != root_of(self._sealed):
            self._seal(self._last, Damage.ALTERED, "The root is not that of the heads which the seals cover.")
        redactions, altered = self._redactions.settle()
        for found in altered:
            self.note(found)
        present = self._chain.heads
        return VerificationResult(
            entries=self._chain.entries,
            streams=len(present),
            seals=self._seals,
            sealed_at=self._last.at if self._last else None,
            unsealed=sum(max(0, seq - self._sealed.get(stream, (0,))[0]) for stream, (seq, _) in present.items()),
            keys=tuple(key_text(key) for key in self._keys),
            pinned=bool(self._trusted),
            found=self._count,
            breaks=tuple(self._found),
            redactions=tuple(redactions),
        )

    def note(self, found: Break) -> None:
        """Add a break; beyond the first thousand they are only counted."""
        self._count += 1
        if len(self._found) < MOST_BREAKS:
            self._found.append(found)

    def _check_heads(self, heads: Mapping[str, Head]) -> None:
        for stream, (seq, hash_) in heads.items():
            last = self._chain.heads.get(stream, (0, GENESIS))
            if seq > last[0]:
                what = f"The stream had {seq} entries, and those after {last[0]} are gone."
                self.note(Break(stream, last[0] + 1, Damage.TRUNCATED, what))
            elif seq == last[0] and hash_ != last[1]:
                self.note(Break(stream, seq, Damage.UNLINKED, "It is not the entry that the stream's head names."))

    def _claim(self, seal: Seal) -> None:
        try:
            moved = seal.moved()
        except ValueError:
            self._seal(seal, Damage.UNREADABLE, "The seal's list of heads cannot be read.")
            return
        for head in moved:
            self._sealed[head.stream] = (head.seq, head.hash)
            self._claims.setdefault(head.stream, {})[head.seq] = (head.hash, seal.number)

    def _seal(self, seal: Seal, flaw: Damage, what: str) -> None:
        self.note(Break(SEALS, seal.number, flaw, what))
