"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="changes",
    holds="deployments and other changes",
    commands={"change": "changes.cli:app"},
    routers=("changes.api:router",),
)
