"""What the ledger says of alerts, silences and integrations."""

EVENTS: dict[str, str] = {
    "AlertJudged": "Somebody said whether an alert was real, or took that back; a rule's fidelity is counted from it.",
    "SilenceCreated": "A silence or maintenance window was made; the data holds its matchers and times.",
    "SilenceChanged": "A silence or maintenance window was changed; the data holds before and after.",
    "SilenceExpired": "Somebody ended a silence or maintenance window before its time.",
    "SilenceEnded": "A silence or maintenance window ran out; the data says how many alerts were let go.",
    "IntegrationCreated": "A source of signals was added.",
    "IntegrationChanged": "An integration's title, format, options or key was changed, or it was switched on or off.",
    "IntegrationKeyRotated": "An integration got a new key; the old one is refused from then on, or after the time in the data.",
    "IntegrationKeyEnded": "An integration's old key, which was taken beside the new one for a while, is refused from then on.",
    "IntegrationKeyShown": "Somebody looked at an integration's key.",
    "IntegrationTested": "Somebody sent the sample of an integration's format through it; nobody is paged by that.",
    "IntegrationDeleted": "An integration was deleted with its alerts and signals.",
    "HeartbeatDeclared": "Somebody said what must be heard of regularly; its silence is an alert from then on.",
    "HeartbeatChanged": "A heartbeat's rhythm, title, severity or labels were changed.",
    "HeartbeatForgotten": "A heartbeat is not expected any more; its alert, where it had one, ended.",
    "SignalSent": "Somebody sent a signal by hand.",
}
