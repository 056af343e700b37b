"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="response",
    holds="obligations, the closure checklist and its gate",
    routers=("response.api:router", "response.pages:ROUTERS"),
    subscriptions=(("incidents.happenings:IncidentMoved", "response.actions.attest:on_incident_moved"),),
    provides=(
        ("incidents.pages.panel:Panel", "response.pages.panels:PANELS"),
        ("ledger.event_kind:EventKind", "response.events:EVENTS"),
        ("incidents.action:IncidentAction", "response.action:ACTIONS"),
        ("incidents.closure_check:ClosureCheck", "response.checks:CHECKS"),
        ("plan.check_kind:CheckKind", "response.checks:CHECKS"),
        ("plan.action:Action", "response.action:ACTIONS"),
        ("incidents.actions.facts:FactSource", "response.actions.facts:SOURCES"),
        ("incidents.decision:Rule", "response.rules:RULES"),
    ),
)
