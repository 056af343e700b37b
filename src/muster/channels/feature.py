"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="channels",
    holds="one folder a channel, whole: adapter, words, callbacks, settings",
    settings=("channels.folders:SETTINGS",),
    commands={"channel": "channels.cli:channel"},
    routers=("channels.api:ROUTERS", "channels.pages:ROUTERS"),
    services=("channels.wiring:make",),
    jobs=("channels.wiring:jobs",),
    begin=("channels.jobs:begin",),
    subscriptions=(("incidents.happenings:IncidentMoved", "channels.actions.renew:on_incident_moved"),),
    formerly=("integrations",),
    provides=(("ledger.event_kind:EventKind", "channels.events:EVENTS"),),
)
