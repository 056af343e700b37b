"""The names and words that monitoring systems use, without capitals and separators, the most telling first."""

_NAMES = {
    "title": "title alerttitle eventtitle problemtitle incidenttitle alertname summary headline subject rulename conditionname "
    "policyname monitorfriendlyname monitorname checkname triggername alertmessage name message msg text item description",
    "key": "dedupkey deduplicationkey fingerprint alias alertkey incidentkey problemid pid incidentid alertid alertcyclekey "
    "aggregkey aggregationkey issueid monitorid checkid ruleid triggerid alarmarn eventid id uuid key reference",
    "status": "status state alertstatus alertstate currentstate newstate newstatevalue eventaction eventstatus "
    "alerttransition transition incidentstatus problemstatus problemstate action alerttype eventtype "
    "alerttypefriendlyname event",
    "severity": "severity priority level urgency criticality problemseverity impact",
    "description": "description message details body text msg output reason summary alertbody",
    "starts_at": "startsat startedat starttime firedat triggeredat detectedat createdat openedat timestamp eventtime "
    "occurredat time date ts datetime",
    "ends_at": "endsat endedat endtime resolvedat closedat clearedat",
    "name": "alertname rulename policyname conditionname monitorname checkname",
}
_RESOLVED = (
    "resolved resolve ok okay closed close recovered recovery recover up normal clear cleared healthy inactive fixed ended "
    "green returnedtonormal deactivated restored passed alertresolved incidentresolved monitorresolved alertclosed down2up "
    "backtonormal available"
)
_FIRING = (
    "firing fired fire triggered trigger alerting alert alarm problem open opened active activated new created create down "
    "critical error failed failure warning bad unhealthy degraded unavailable red started ongoing up2down"
)
_ACKNOWLEDGED = "acknowledged acknowledge ack acked alertacknowledged incidentacknowledged"
_LABELS = (
    "host hostname service servicename environment env region cluster namespace team application app component source "
    "severity project instance resource site zone check"
)
_PEOPLE = (
    "actor user author sender owner requester account organization installation assignee createdby assignedto links urls "
    "meta metadata"
)

NAMES: dict[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _NAMES.items()}
RESOLVED = frozenset(_RESOLVED.split())
ACKNOWLEDGED = frozenset(_ACKNOWLEDGED.split())
FIRING = frozenset(_FIRING.split())
LABELS = frozenset(_LABELS.split())
PEOPLE = frozenset(_PEOPLE.split())
