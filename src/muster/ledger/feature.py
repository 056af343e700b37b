"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature, NavigationEntry

FEATURE = Feature(
    name="ledger",
    holds="append-only events, hash chains, seals, verification",
    settings=("ledger.settings:SealSettings",),
    commands={"ledger": "ledger.cli:app"},
    routers=("ledger.api:router", "ledger.pages:router"),
    navigation=(NavigationEntry("Ledger", "/ledger", "ledger", "l", 70),),
    services=("ledger.wiring:make",),
    jobs=("ledger.wiring:jobs",),
    begin=("ledger.jobs:begin_sealing",),
    provides=(("ledger.event_kind:EventKind", "ledger.events:EVENTS"),),
)
