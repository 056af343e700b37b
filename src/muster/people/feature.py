"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="people",
    holds="persons, teams, contacts, sign-in, tokens",
    settings=("people.settings:PasswordSettings",),
    commands={
        "notify": "people.cli.notify:app",
        "organisation": "people.cli.organisation:app",
        "person": "people.cli.person:app",
        "session": "people.cli.session:app",
        "team": "people.cli.team:app",
        "whoami": "people.cli.whoami:whoami",
    },
    routers=("people.api:ROUTERS", "people.pages:ROUTERS"),
    services=("people.wiring:make",),
    provides=(
        ("ledger.event_kind:EventKind", "people.events:EVENTS"),
        ("base.manifests:ManifestKind", "people.actions.apply:MANIFESTS"),
    ),
)
