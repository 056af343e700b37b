"""The events that the catalogue records, with what each means."""

EVENTS: dict[str, str] = {
    "WorkloadCreated": "a workload was added to the catalogue; the data holds its whole entry",
    "WorkloadChanged": "a workload's entry was changed; the data holds before and after of each field",
    "WorkloadReviewed": "somebody confirmed that a workload's entry still holds",
    "WorkloadDeleted": "a workload was removed from the catalogue; the data holds its last entry",
}
