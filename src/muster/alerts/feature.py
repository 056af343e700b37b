"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature, NavigationEntry

FEATURE = Feature(
    name="alerts",
    holds="signals in, deduplication, silences, flapping",
    settings=("alerts.settings:SignalSettings",),
    commands={
        "alert": "alerts.cli.alerts:alert",
        "heartbeat": "alerts.cli.heartbeats:heartbeat",
        "integration": "alerts.cli.integrations:integration",
        "maintenance": "alerts.cli.alerts:maintenance",
        "signal": "alerts.cli.integrations:signal",
        "silence": "alerts.cli.alerts:silence",
    },
    routers=("alerts.api:ROUTERS", "alerts.pages:ROUTERS"),
    navigation=(NavigationEntry("Alerts", "/alerts", "bell", "a", 30, phone=True),),
    services=("alerts.wiring:make",),
    jobs=("alerts.wiring:jobs",),
    begin=("alerts.jobs:begin",),
    provides=(
        ("ledger.event_kind:EventKind", "alerts.events:EVENTS"),
        ("base.manifests:ManifestKind", "alerts.actions.apply:MANIFESTS"),
    ),
)
