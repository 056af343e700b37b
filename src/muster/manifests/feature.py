"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="manifests",
    holds="`muster apply`: the organisation as text",
    commands={"apply": "manifests.cli:apply"},
    routers=("manifests.api:router",),
)
