"""What the ledger says of alerts, silences and integrations."""

from muster.ledger.event_kind import EventKind, declared

ALERT_JUDGED = EventKind(
    "AlertJudged", "Somebody said whether an alert was real, or took that back; a rule's fidelity is counted from it."
)
SILENCE_CREATED = EventKind(
    "SilenceCreated", "A silence or maintenance window was made; the data hold its matchers and times."
)
SILENCE_CHANGED = EventKind(
    "SilenceChanged", "A silence or maintenance window was changed; the data hold before and after."
)
SILENCE_EXPIRED = EventKind("SilenceExpired", "Somebody ended a silence or maintenance window before its time.")
SILENCE_ENDED = EventKind(
    "SilenceEnded", "A silence or maintenance window ran out; the data say how many alerts it released."
)
INTEGRATION_CREATED = EventKind("IntegrationCreated", "A source of signals was added.")
INTEGRATION_CHANGED = EventKind(
    "IntegrationChanged", "An integration's title, format, options or key was changed, or it was switched on or off."
)
INTEGRATION_KEY_ROTATED = EventKind(
    "IntegrationKeyRotated",
    "An integration got a new key; the old one is refused from then on, or after the time in the data.",
    sensitive=True,
)
INTEGRATION_KEY_ENDED = EventKind(
    "IntegrationKeyEnded",
    "An integration's old key, which was taken beside the new one for a while, is refused from then on.",
)
INTEGRATION_KEY_SHOWN = EventKind("IntegrationKeyShown", "Somebody looked at an integration's key.", sensitive=True)
INTEGRATION_TESTED = EventKind(
    "IntegrationTested", "Somebody sent the sample of an integration's format through it; nobody is paged by that."
)
INTEGRATION_DELETED = EventKind(
    "IntegrationDeleted", "An integration was deleted with its alerts and signals.", sensitive=True
)
HEARTBEAT_DECLARED = EventKind(
    "HeartbeatDeclared", "Somebody said what must be heard of regularly; its silence is an alert from then on."
)
HEARTBEAT_CHANGED = EventKind("HeartbeatChanged", "A heartbeat's rhythm, title, severity or labels were changed.")
HEARTBEAT_FORGOTTEN = EventKind(
    "HeartbeatForgotten", "A heartbeat is not expected any more; its alert, where it had one, ended."
)
SIGNAL_SENT = EventKind("SignalSent", "Somebody sent a signal by hand.")

EVENTS = declared(globals())
