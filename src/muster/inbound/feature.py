"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="inbound",
    holds="formats: bytes to signals and changes (those of vendors are declarations in `inbound/vendors/`), and the APIs that "
    "senders expect",
    routers=("inbound.api:ROUTERS",),
    services=("inbound.wiring:make",),
    jobs=("inbound.wiring:jobs",),
    provides=(("ledger.event_kind:EventKind", "inbound.events:EVENTS"),),
)
