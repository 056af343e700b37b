"""What the ledger says of itself."""

from collections.abc import Mapping
from typing import Any

from muster.kit.masking import mask_path
from muster.ledger.event_kind import EventKind, declared


def _without_path(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**data, "path": mask_path(data["path"])} if isinstance(data.get("path"), str) else data


ACCESS_DENIED = EventKind(
    "AccessDenied",
    "Somebody tried what they may not do; repeats within a minute are one event with a count.",
    sensitive=True,
    mask=_without_path,
)
ENTRIES_REDACTED = EventKind(
    "EntriesRedacted",
    "An erased person was taken out of entries; the data vouch for what is left of each.",
    sensitive=True,
)
LEDGER_EXPORTED = EventKind("LedgerExported", "Somebody took a copy of the whole ledger.", sensitive=True)
LEDGER_KEY_ROTATED = EventKind(
    "LedgerKeyRotated", "Another key signs the seals from here on; the old and the new one have signed that."
)
OLD_DATA_FORGOTTEN = EventKind(
    "OldDataForgotten", "Data older than the settings allow were deleted; the data say how much of each kind."
)
LEDGER_SEALED = EventKind(
    "LedgerSealed", "Somebody sealed the ledger by hand; the periodic seals need no event, they are their own record."
)
LEDGER_VERIFIED = EventKind("LedgerVerified", "Somebody had the ledger verified; the data say what was found.")

EVENTS = declared(globals())

STREAM = "ledger"
ACCESS = "access"
