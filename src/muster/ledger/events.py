"""What the ledger says of itself."""

EVENTS: dict[str, str] = {
    "AccessDenied": "Somebody tried what they may not do; repeats within a minute are one event with a count.",
    "LedgerExported": "Somebody took a copy of the whole ledger.",
    "LedgerSealed": "Somebody sealed the ledger by hand; the periodic seals need no event, they are their own record.",
    "InstanceAdopted": "An operator said that this Muster, which looked like a copy of another, is the real one now.",
    "LedgerVerified": "Somebody had the ledger verified; the data say what was found.",
}

STREAM = "ledger"
ACCESS = "access"
