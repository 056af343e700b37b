"""Which events are sealed within seconds: those whose trace an intruder would want to cut before the next periodic seal."""

from datetime import timedelta

SEAL_WITHIN = timedelta(seconds=3)
"""Those that come together share one seal."""

SENSITIVE = frozenset(
    {
        # Somebody tries, or fails.
        "AccessDenied", "SignInFailed", "SignInThrottled",
        # Who may do what, and as whom.
        "PersonCreated", "PersonChanged", "PersonDeactivated", "PersonReactivated", "PasswordSet", "PasswordLinkMade",
        "FirstRunLinkMade", "TokenCreated", "TokenRevoked", "TeamChanged", "PlanPublished", "PlanActivated",
        # Keys, and what leaves the house.
        "IntegrationKeyRotated", "IntegrationKeyShown", "LedgerExported", "InstanceAdopted",
        # What is gone.
        "PersonErased", "EntriesRedacted",
        "IntegrationDeleted", "WorkloadDeleted", "TeamDeleted", "ScheduleDeleted", "CalendarDeleted", "AttestationWithdrawn",
    }
)  # fmt: skip
