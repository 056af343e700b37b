"""One hash over the heads of all streams: a tree of 256 branches, so that the database can do the adding up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256

from muster.ledger.canon import digest

LEAF, ROOT = b"muster.ledger.head.v1", b"muster.ledger.root.v1"


def leaf(stream: str, seq: int, hash_: bytes) -> bytes:
    """The hash of one head."""
    return digest(LEAF, stream.encode(), b"%d" % seq, hash_)


def branch(stream: str) -> int:
    """The branch that a stream hangs on: the first byte of its name's SHA-256."""
    return sha256(stream.encode()).digest()[0]


def root(branches: Iterable[tuple[int, bytes]]) -> bytes:
    """The root over (number, hash) of the branches that bear leaves, by number.

    A branch's hash is SHA-256 of its leaves, joined in the order of their streams' UTF-8 bytes.
    """
    return digest(ROOT, *(bytes([number]) + hash_ for number, hash_ in branches))


def root_of(heads: Mapping[str, tuple[int, bytes]]) -> bytes:
    """The root over all heads, computed here."""
    leaves: defaultdict[int, list[bytes]] = defaultdict(list)
    for stream in sorted(heads):
        leaves[branch(stream)].append(leaf(stream, *heads[stream]))
    return root((number, sha256(b"".join(leaves[number])).digest()) for number in sorted(leaves))
