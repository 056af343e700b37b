"""A seal signs what all streams looked like at an instant, so that not even the database's owner can rewrite them unseen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from muster.ledger.canon import digest, instant, json_text
from muster.ledger.key import LedgerKey

TAG = b"muster.ledger.seal.v1"


@dataclass(frozen=True, slots=True)
class SealedHead:
    """A stream's newest entry at the time of a seal."""

    stream: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """A row as stored. `heads` is JSON text of the heads that moved since the seal before, [[stream, seq, hash], …].

    `root` covers the heads of all streams; `prev` is the hash of the seal before (32 zero bytes for the first);
    `signature` is Ed25519 by `public_key` over `hash`, which covers all the rest.
    """

    number: int
    at: datetime
    prev: bytes
    heads: str
    root: bytes
    public_key: bytes
    hash: bytes
    signature: bytes

    def expected_hash(self) -> bytes:
        """The hash that the other columns demand."""
        return _hash(self.number, self.at, self.prev, self.heads, self.root, self.public_key)

    def moved(self) -> list[SealedHead]:
        """The heads that this seal covers anew.

        Raises:
            ValueError: `heads` is not such a list.
        """
        try:
            parts = msgspec.json.decode(self.heads, type=list[tuple[str, int, str]])
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error
        return [SealedHead(stream, seq, bytes.fromhex(hash_)) for stream, seq, hash_ in parts]

    def size(self) -> int:
        """How many streams it covers anew; 0 if somebody has altered the list so that it no longer reads."""
        try:
            return len(self.moved())
        except ValueError:
            return 0


def make_seal(number: int, at: datetime, prev: bytes, moved: Sequence[SealedHead], root: bytes, key: LedgerKey) -> Seal:
    """Sign a seal that follows the one with the hash `prev`."""
    heads = heads_text(moved)
    hash_ = _hash(number, at, prev, heads, root, key.public)
    return Seal(number, at, prev, heads, root, key.public, hash_, key.sign(hash_))


def heads_text(moved: Iterable[SealedHead]) -> str:
    """Heads as a seal keeps them, by stream."""
    ordered = sorted(moved, key=lambda head: head.stream)
    return json_text([(head.stream, head.seq, head.hash.hex()) for head in ordered])


def _hash(number: int, at: datetime, prev: bytes, heads: str, root: bytes, public_key: bytes) -> bytes:
    return digest(TAG, b"%d" % number, instant(at).encode(), prev, heads.encode(), root, public_key)
