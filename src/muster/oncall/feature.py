"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature, NavigationEntry

FEATURE = Feature(
    name="oncall",
    holds="schedules, overrides, coverage",
    commands={
        "calendar": "oncall.cli.calendars:calendar",
        "feed": "oncall.cli.shifts:feed",
        "handoff": "oncall.cli.shifts:handoff",
        "oncall": "oncall.cli.load:oncall",
        "override": "oncall.cli.schedules:override",
        "schedule": "oncall.cli.schedules:schedule",
        "shifts": "oncall.cli.shifts:shifts",
        "swap": "oncall.cli.shifts:swap",
    },
    routers=("oncall.api:ROUTERS", "oncall.pages:ROUTERS"),
    navigation=(NavigationEntry("On call", "/on-call", "oncall", "o", 40, phone=True),),
    jobs=("oncall.wiring:jobs",),
    begin=("oncall.jobs:begin",),
    subscriptions=(
        ("people.happenings:PersonDeactivating", "oncall.actions.subscriptions:object_to_leaving"),
        ("plan.happenings:NamesWanted", "oncall.actions.subscriptions:name_schedules"),
    ),
    provides=(
        ("ledger.event_kind:EventKind", "oncall.events:EVENTS"),
        ("base.manifests:ManifestKind", "oncall.actions.apply:MANIFESTS"),
    ),
)
