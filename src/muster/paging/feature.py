"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="paging",
    holds="escalation runs, deliveries, the channel port, the dry run",
    settings=("paging.settings:HeartbeatSettings",),
    commands={"chains": "paging.cli:chains", "page": "paging.cli:app", "simulate": "paging.cli:simulate"},
    routers=("paging.api:ROUTERS", "paging.pages:ROUTERS"),
    services=("paging.wiring:make",),
    jobs=("paging.wiring:jobs",),
    begin=("paging.jobs:begin",),
    subscriptions=(
        ("people.happenings:ContactProofWanted", "paging.actions.notices:send_proof"),
        ("people.happenings:AccountChanged", "paging.actions.notices:send_account_notice"),
        ("people.happenings:PersonLeft", "paging.actions.chain_check:on_person_left"),
        ("people.happenings:WaysChanged", "paging.actions.chain_check:on_ways_changed"),
        ("plan.happenings:PlanChecked", "paging.actions.chain_check:warn_of_chains"),
        ("plan.happenings:PlanPublished", "paging.actions.chain_check:on_plan_published"),
        ("alerts.happenings:ClockDiffers", "paging.actions.watchers:on_clock_differs"),
        ("oncall.happenings:ShiftNotice", "paging.actions.notices:send_notice"),
        ("oncall.happenings:InterruptionsWanted", "paging.actions.interruptions:tell_interruptions"),
        ("oncall.happenings:ScheduleDeleting", "paging.actions.objections:object_to_schedule"),
        ("paging.happenings:ContactUsed", "paging.actions.reprove:on_contact_used"),
    ),
    provides=(
        ("ledger.event_kind:EventKind", "paging.events:EVENTS"),
        ("clocks.clock:ClockKind", "paging.reproof:CLOCKS"),
    ),
)
