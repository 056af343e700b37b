"""What the ledger says of clocks."""

EVENTS: dict[str, str] = {
    "ClockBreached": "A deadline passed before what it demanded had happened.",
}
