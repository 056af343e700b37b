"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="importing",
    holds="other systems' exports to manifests",
    commands={"import": "importing.cli:app"},
    routers=("importing.api:router", "importing.pages:router"),
    provides=(("ledger.event_kind:EventKind", "importing.events:EVENTS"),),
)
