"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="privacy",
    holds="what Muster holds of a person: export, erasure, retention",
    settings=("privacy.settings:RetentionSettings",),
    routers=("privacy.api:router", "privacy.api:pages", "privacy.pages:router"),
    jobs=("privacy.wiring:jobs",),
    begin=("privacy.jobs:begin",),
    provides=(("ledger.event_kind:EventKind", "privacy.events:EVENTS"),),
)
