"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature, NavigationEntry

FEATURE = Feature(
    name="catalog",
    holds="workloads, components, dependencies, blast radius",
    commands={"workload": "catalog.cli:app"},
    routers=("catalog.api:ROUTERS", "catalog.pages:ROUTERS"),
    navigation=(NavigationEntry("Catalogue", "/catalogue", "catalogue", "c", 60),),
    subscriptions=(("people.happenings:TeamDeleting", "catalog.actions.guard:object_to_team"),),
    provides=(
        ("ledger.event_kind:EventKind", "catalog.events:EVENTS"),
        ("base.manifests:ManifestKind", "catalog.actions.apply:MANIFESTS"),
    ),
)
