"""What the ledger says of incidents."""

from muster.ledger.event_kind import EventKind, declared

INCIDENT_OPENED = EventKind(
    "IncidentOpened", "An incident began, from alerts or a person's report; data holds every decision with its reasons."
)
ALERT_JOINED = EventKind("AlertJoined", "An alert joined an open incident.")
ALERT_FIRED_AGAIN = EventKind("AlertFiredAgain", "An alert of the incident that had ended fires again.")
FIRED_AGAIN = EventKind(
    "FiredAgain", "An alert fired in an incident that somebody has: it was paged again, or its owner was told."
)
ALERT_ENDED = EventKind("AlertEnded", "An alert of the incident is over.")
ALL_ALERTS_ENDED = EventKind("AllAlertsEnded", "No alert of the incident fires any more.")
INCIDENT_ACKNOWLEDGED = EventKind("IncidentAcknowledged", "Somebody took the incident.")
INCIDENT_MITIGATED = EventKind("IncidentMitigated", "The impact is reduced.")
INCIDENT_RESOLVED = EventKind("IncidentResolved", "The disruption is over.")
INCIDENT_SELF_RESOLVED = EventKind("IncidentSelfResolved", "Every alert ended before anybody had acknowledged.")
INCIDENT_CLOSED = EventKind("IncidentClosed", "The closure gate was passed and the incident closed.")
INCIDENT_REOPENED = EventKind("IncidentReopened", "The incident is open again.")
INCIDENT_MERGED = EventKind("IncidentMerged", "The incident was merged into another, which goes on for both.")
INCIDENT_ABSORBED = EventKind("IncidentAbsorbed", "Another incident was merged into this one.")
FALSE_ALARM_DECLARED = EventKind("FalseAlarmDeclared", "There was no disruption; the alerts count as false.")
SEVERITY_CHANGED = EventKind("SeverityChanged", "The severity changed, with the reason.")
ROLE_ASSIGNED = EventKind("RoleAssigned", "A person took a role.")
ROLE_ENDED = EventKind("RoleEnded", "A person gave a role up.")
HAND_OVER_ASKED = EventKind(
    "HandOverAsked", "Somebody was asked to take a role over; until they accept it stays where it is."
)
HAND_OVER_ACCEPTED = EventKind("HandOverAccepted", "Whoever was asked has taken the role over.")
HAND_OVER_DECLINED = EventKind("HandOverDeclined", "Whoever was asked to take a role over declined.")
HAND_OVER_TIMED_OUT = EventKind(
    "HandOverTimedOut", "Whoever was asked to take a role over did not answer in time; it stays where it was."
)
HAND_OVER_WITHDRAWN = EventKind("HandOverWithdrawn", "A hand-over was taken back before it was answered.")
RESPONDERS_ASKED = EventKind("RespondersAsked", "Further people were paged by hand.")
HELP_ASKED = EventKind("HelpAsked", "Somebody called for help.")
RESPONDER_JOINED = EventKind("ResponderJoined", "Somebody who was asked is coming.")
RESPONDER_DECLINED = EventKind("ResponderDeclined", "Somebody who was asked is not coming.")
NOTE_ADDED = EventKind("NoteAdded", "Somebody wrote a note.")
LINK_ADDED = EventKind("LinkAdded", "Somebody attached a link.")
INCIDENT_EDITED = EventKind("IncidentEdited", "Title, summary, workload or record fields changed.")
NOBODY_TO_PAGE = EventKind(
    "NobodyToPage", "An alert began while no response plan was published: no incident opened, and nobody was paged."
)

EVENTS = declared(globals())
