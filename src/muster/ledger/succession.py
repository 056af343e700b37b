"""One signing key follows another: both sign the change, so that whoever trusts one of them can trust the other (pure)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from muster.kit.errors import Invalid
from muster.ledger.canon import digest
from muster.ledger.key import LedgerKey, key_text, parse_key, signed_by

TAG = b"muster.ledger.succession.v1"


@dataclass(frozen=True, slots=True)
class Succession:
    """Two public keys of which each has signed that the other belongs to the same ledger."""

    before: bytes
    after: bytes


def succession_data(before: LedgerKey, after: LedgerKey) -> dict[str, str]:
    """What the event of a rotation carries."""
    message = digest(TAG, before.public, after.public)
    return {
        "before": key_text(before.public),
        "after": key_text(after.public),
        "signed_by_before": before.sign(message).hex(),
        "signed_by_after": after.sign(message).hex(),
    }


def read_succession(data: Any) -> Succession | None:
    """The change that an event tells of; None where it is not signed by both."""
    if not isinstance(data, Mapping):
        return None
    try:
        before, after = parse_key(str(data["before"])), parse_key(str(data["after"]))
        first, second = bytes.fromhex(str(data["signed_by_before"])), bytes.fromhex(str(data["signed_by_after"]))
    except (KeyError, ValueError, Invalid):
        return None
    message = digest(TAG, before, after)
    return (
        Succession(before, after) if signed_by(before, first, message) and signed_by(after, second, message) else None
    )


def trusted_with(trusted: Collection[bytes], changes: Collection[Succession]) -> frozenset[bytes]:
    """All keys that belong together with the trusted ones."""
    found = set(trusted)
    growing = True
    while growing:
        size = len(found)
        for change in changes:
            if change.before in found or change.after in found:
                found |= {change.before, change.after}
        growing = len(found) > size
    return frozenset(found)
