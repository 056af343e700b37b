"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature, NavigationEntry

FEATURE = Feature(
    name="incidents",
    holds="lifecycle, roles, severity, timeline",
    commands={"explain": "incidents.cli:explain", "incident": "incidents.cli:app"},
    routers=("incidents.api:ROUTERS", "incidents.pages:ROUTERS"),
    navigation=(NavigationEntry("Incidents", "/incidents", "incident", "i", 20, phone=True),),
    subscriptions=(
        ("people.happenings:PersonDeactivating", "incidents.actions.roles:on_person_deactivating"),
        ("catalog.happenings:WorkloadDeleting", "incidents.actions.objections:object_to_workload"),
        ("alerts.happenings:AlertsChanged", "incidents.actions.receive:on_alerts_changed"),
        ("alerts.happenings:IntegrationDeleting", "incidents.actions.objections:object_to_integration"),
        ("paging.page:PageExhausted", "incidents.actions.paging_again:on_page_exhausted"),
        ("paging.happenings:AnswerGiven", "incidents.actions.answering:on_answer_given"),
        ("paging.happenings:AlertsCounted", "incidents.actions.answering:count_alerts"),
    ),
    provides=(
        ("incidents.pages.panel:Panel", "incidents.pages.panels:PANELS"),
        ("ledger.event_kind:EventKind", "incidents.events:EVENTS"),
        ("clocks.clock:ClockKind", "incidents.deadline:CLOCKS"),
        ("clocks.actions:OnBreach", "incidents.actions.paging_again:BREACHES"),
        ("incidents.action:IncidentAction", "incidents.action:ACTIONS"),
        ("incidents.closure_check:ClosureCheck", "incidents.closure_check:CHECKS"),
        ("plan.check_kind:CheckKind", "incidents.closure_check:CHECKS"),
        ("plan.action:Action", "incidents.action:ACTIONS"),
        ("incidents.decision:Rule", "incidents.rules:RULES"),
    ),
)
