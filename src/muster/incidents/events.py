"""What the ledger says of incidents."""

EVENTS: dict[str, str] = {
    "IncidentOpened": "An incident began, from alerts or a person's report; data holds every decision with its reasons.",
    "AlertJoined": "An alert joined an open incident.",
    "AlertEnded": "An alert of the incident is over.",
    "AllAlertsEnded": "No alert of the incident fires any more.",
    "IncidentAcknowledged": "Somebody took the incident.",
    "IncidentMitigated": "The impact is reduced.",
    "IncidentResolved": "The disruption is over.",
    "IncidentSelfResolved": "Every alert ended before anybody had acknowledged.",
    "IncidentClosed": "The closure gate was passed and the incident closed.",
    "IncidentReopened": "The incident is open again.",
    "IncidentMerged": "The incident was merged into another, which goes on for both.",
    "IncidentAbsorbed": "Another incident was merged into this one.",
    "FalseAlarmDeclared": "There was no disruption; the alerts count as false.",
    "SeverityChanged": "The severity changed, with the reason.",
    "RoleAssigned": "A person took a role.",
    "RoleEnded": "A person gave a role up.",
    "NoteAdded": "Somebody wrote a note.",
    "LinkAdded": "Somebody attached a link.",
    "IncidentEdited": "Title, summary, workload or record fields changed.",
    "NobodyToPage": "The incident opened, and no plan or policy led to anybody.",
}
