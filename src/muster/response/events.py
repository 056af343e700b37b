"""What the ledger says of the response, in the stream of the incident."""

EVENTS: dict[str, str] = {
    "CheckAttested": "Somebody of the authority that the plan asks for declared an item of the closure checklist.",
    "AttestationWithdrawn": "An attestation counts no more: taken back, or the incident was reopened.",
}
