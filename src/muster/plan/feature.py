"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature, NavigationEntry

FEATURE = Feature(
    name="plan",
    holds="the response plan: model, checks, versions, differences, triage",
    commands={"plan": "plan.cli:app"},
    routers=("plan.api:router", "plan.pages:ROUTERS"),
    navigation=(NavigationEntry("Plan", "/plan", "plan", "p", 50),),
    subscriptions=(
        ("people.happenings:PersonDeactivating", "plan.actions.guard:object_to_person"),
        ("people.happenings:TeamDeleting", "plan.actions.guard:object_to_team"),
    ),
    provides=(
        ("ledger.event_kind:EventKind", "plan.events:EVENTS"),
        ("base.manifests:ManifestKind", "plan.actions.apply:MANIFESTS"),
    ),
)
