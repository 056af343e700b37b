"""One recorded event: a row of the ledger and its place in the chain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from muster.ledger.canon import digest, instant

TAG = b"muster.ledger.event.v1"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as stored. `position` orders the whole ledger, `seq` (from 1) its stream; `actor` and `body` are JSON text.

    `prev` is the hash of the entry before it in the stream (32 zero bytes for the first); `hash` covers all the rest.
    """

    position: int
    stream: str
    seq: int
    at: datetime
    kind: str
    actor: str
    reason: str
    body: str
    prev: bytes
    hash: bytes

    @property
    def data(self) -> Any:
        """What the event carries; the bare text if somebody has altered it so that it no longer reads."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return self.body

    @property
    def who(self) -> dict[str, str]:
        """The actor as recorded: kind, name, and person and via where known."""
        try:
            return msgspec.json.decode(self.actor, type=dict[str, str])
        except msgspec.DecodeError:
            return {"kind": "unreadable", "name": self.actor}

    def expected_hash(self) -> bytes:
        """The hash that the other columns demand."""
        return link(
            self.prev, self.position, self.stream, self.seq, instant(self.at), self.kind, self.actor, self.reason, self.body
        )  # fmt: skip


def link(
    prev: bytes, position: int, stream: str, seq: int, at: str, kind: str, actor: str, reason: str, body: str
) -> bytes:
    """The hash of an entry that follows `prev`; `at` is spelt by `canon.instant`."""
    return digest(
        TAG,
        prev,
        b"%d" % position,
        stream.encode(),
        b"%d" % seq,
        at.encode(),
        kind.encode(),
        actor.encode(),
        reason.encode(),
        body.encode(),
    )
