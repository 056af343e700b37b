"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="clocks",
    holds="deadlines that breach exactly once",
    commands={"clock": "clocks.cli:app"},
    routers=("clocks.api:router",),
    jobs=("clocks.wiring:jobs",),
    provides=(("ledger.event_kind:EventKind", "clocks.events:EVENTS"),),
)
