"""Builds ledgers without a database, for tests that then damage them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muster.ledger.canon import GENESIS, instant, json_text
from muster.ledger.chain import Head
from muster.ledger.entry import Entry, link
from muster.ledger.events import ENTRIES_REDACTED
from muster.ledger.export import ExportWriter
from muster.ledger.heads import root_of
from muster.ledger.key import LedgerKey
from muster.ledger.redaction import vouching
from muster.ledger.seal import Seal, SealedHead, make_seal
from muster.ledger.verification import Verification, VerificationResult

START = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
KEY = LedgerKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = LedgerKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


@dataclass
class Ledger:
    """A ledger in memory: what the store would hold."""

    entries: list[Entry] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)

    def record(
        self,
        stream: str,
        kind: str = "NoteWritten",
        text: str = "…",
        reason: str = "",
        data: dict[str, Any] | None = None,
    ) -> Entry:
        """Append one entry."""
        seq, prev = self.heads.get(stream, (0, GENESIS))
        position, at = len(self.entries) + 1, START + timedelta(seconds=len(self.entries))
        actor, body = json_text({"kind": "person", "name": "ada"}), json_text(data or {"text": text})
        hash_ = link(prev, position, stream, seq + 1, instant(at), kind, actor, reason, body)
        entry = Entry(position, stream, seq + 1, at, kind, actor, reason, body, prev, hash_)
        self.entries.append(entry)
        self.heads[stream] = (entry.seq, entry.hash)
        return entry

    def redact(self, *positions: int, to: str = "erased-0123456789ab") -> Entry:
        """Put a pseudonym in the place of these entries' actors, and let an entry vouch for what is left."""
        for position in positions:
            before = self.entries[position - 1]
            self.entries[position - 1] = replace(before, actor=before.actor.replace("ada", to), reason="", body="{}")
        (data,) = vouching(self.entries[position - 1] for position in positions)
        return self.record("ledger", ENTRIES_REDACTED.name, data=data, reason="request 12")

    def seal(self, key: LedgerKey = KEY) -> Seal:
        """Seal what has moved."""
        sealed = {head.stream: head.seq for seal in self.seals for head in seal.moved()}
        moved = [SealedHead(s, seq, hash_) for s, (seq, hash_) in self.heads.items() if seq > sealed.get(s, 0)]
        number, at = len(self.seals) + 1, START + timedelta(hours=len(self.seals) + 1)
        prev = self.seals[-1].hash if self.seals else GENESIS
        self.seals.append(make_seal(number, at, prev, moved, root_of(self.heads), key))
        return self.seals[-1]

    def export(self, key: LedgerKey = KEY) -> list[bytes]:
        """The lines of an export."""
        writer = ExportWriter(key)
        lines = [writer.heading(START), *map(writer.seal, self.seals), *map(writer.entry, self.entries)]
        return [*lines, writer.end()]

    def verdict(
        self, trusted: Sequence[bytes] = (), heads: dict[str, Head] | None = None, kept: dict[int, bytes] | None = None
    ) -> VerificationResult:
        """What the verification finds."""
        check = Verification(trusted, kept)
        for seal in self.seals:
            check.add_seal(seal)
        for entry in self.entries:
            check.add_entry(entry)
        return check.finish(heads)


def small_ledger() -> Ledger:
    """Three streams, interleaved, sealed twice, with two entries after the last seal."""
    ledger = Ledger()
    for stream in ("incident:1", "access", "incident:1", "incident:2", "incident:1"):
        ledger.record(stream, reason="because", text="naïve ☃")
    ledger.seal()
    for stream in ("incident:2", "incident:1"):
        ledger.record(stream)
    ledger.seal()
    for stream in ("access", "incident:2"):
        ledger.record(stream)
    return ledger
