"""The names and words that monitoring systems use, without capitals and separators, the most telling first."""

_NAMES = {
    "title": "title alerttitle eventtitle problemtitle incidenttitle alertname summary headline subject rulename conditionname "
    "policyname monitorfriendlyname monitorname checkname triggername eventname entitydisplayname servicedesc "
    "servicedescription alarmname alertmessage sensor name message msg text item description",
    "key": "dedupkey deduplicationkey dedup fingerprint alias alertkey incidentkey entityid problemid pid incidentid alertid "
    "alertuid alertcyclekey aggregkey aggregationkey issueid monitorid checkid ruleid triggerid sensorid alarmarn eventid "
    "alarmname id uuid key reference",
    "severity": "severity priority level urgency criticality problemseverity eventseverity impact",
    "description": "description message details body text msg output reason summary alertbody statemessage serviceoutput",
    "starts_at": "startsat startedat starttime firedat triggeredat detectedat createdat openedat timestamp eventtime "
    "occurredat time date ts datetime",
    "ends_at": "endsat endedat endtime resolvedat closedat clearedat",
    "name": "alertname rulename policyname conditionname monitorname checkname alarmname",
}
_LATE = "sensor name message msg text item description"
_PER_EVENT = "eventid id uuid"
_TRANSITIONS = "eventaction notificationtype messagetype alerttransition transition alerttype"
_STATES = (
    "status state alertstatus alertstate currentstate newstate newstatevalue eventstatus incidentstatus problemstatus "
    "problemstate monitorstatus servicestate hoststate alerttypefriendlyname"
)
_EVENTS = "action event eventtype type"
_CERTAIN = (
    "resolved resolve recovered cleared alertresolved incidentresolved problemresolved monitorresolved alertclosed "
    "incidentclosed alertrecovery alertrecovered down2up backtonormal returnedtonormal"
)
_LIKELY = "ok okay closed up normal clear healthy green deactivated"
_VAGUE = "recovery recover close inactive fixed ended restored passed available solved"
_FIRING = (
    "firing fired fire triggered trigger alerting alert alarm problem open opened active activated new created create down "
    "critical crit error failed failure warning warn bad unhealthy degraded unavailable red started ongoing up2down "
    "alertfailure"
)
_ACKNOWLEDGED = "acknowledged acknowledge ack acked acknowledgement alertacknowledged incidentacknowledged"
_LABELS = (
    "host hostname service servicename servicedesc servicedescription environment env region cluster namespace team "
    "application app component source severity project instance resource site zone check sensor device chart"
)
_PEOPLE = (
    "actor user author sender owner requester account organization installation assignee assignees "
    "agent responder responders createdby assignedto links urls "
    "meta metadata"
)
_ENVELOPES = (
    "alert alarm event incident problem issue monitor check heartbeat notification message body payload data detail details "
    "content attributes condition metricalert object objectattributes"
)

NAMES: dict[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _NAMES.items()}
LATE = frozenset(_LATE.split())
"""Names of a title that say less: among these the one nearest to the top counts, whatever its name."""
PER_EVENT = frozenset(_PER_EVENT.split())
"""Names of a key that may be new with each message, where the title says what it is about."""
TRANSITIONS: tuple[str, ...] = tuple(_TRANSITIONS.split())
"""Fields that say what became of an alert; they are believed before all others."""
STATES: tuple[str, ...] = tuple(_STATES.split())
"""Fields that say how an alert stands."""
EVENTS: tuple[str, ...] = tuple(_EVENTS.split())
"""Fields that may say it, or may say something else."""
CERTAIN = frozenset(_CERTAIN.split())
"""Over, in any of these fields, without a doubt."""
LIKELY = frozenset(_LIKELY.split())
"""Over, as the value of a state; a state of something else can be called so too."""
VAGUE = frozenset(_VAGUE.split())
"""Perhaps over: a valve closes, a certificate's date has passed, a service that is inactive does not run."""
ACKNOWLEDGED = frozenset(_ACKNOWLEDGED.split())
FIRING = frozenset(_FIRING.split())
LABELS = frozenset(_LABELS.split())
PEOPLE = frozenset(_PEOPLE.split())
ENVELOPES = frozenset(_ENVELOPES.split())
"""Objects whose members speak of the alert itself, and not of something beside it."""
