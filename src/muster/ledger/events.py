"""What the ledger says of itself."""

EVENTS: dict[str, str] = {
    "AccessDenied": "Somebody tried what they may not do; repeats within a minute are one event with a count.",
    "EntriesRedacted": "An erased person was taken out of entries; the data vouch for what is left of each.",
    "LedgerExported": "Somebody took a copy of the whole ledger.",
    "LedgerKeyRotated": "Another key signs the seals from here on; the old and the new one have signed that.",
    "LinkKeyRotated": "The key that signs one-tap links was exchanged: those that were out end.",
    "OldDataForgotten": "What is older than the settings allow was let go; the data say how much of each kind.",
    "PushKeyRotated": "The key for web push was exchanged: browsers that had subscribed were taken out of use.",
    "SecretsSealedAnew": "Secrets at rest were sealed with another key; the data say how many and which key.",
    "LedgerSealed": "Somebody sealed the ledger by hand; the periodic seals need no event, they are their own record.",
    "InstanceAdopted": "An operator said that this Muster, which looked like a copy of another, is the real one now.",
    "LedgerVerified": "Somebody had the ledger verified; the data say what was found.",
}

STREAM = "ledger"
ACCESS = "access"
