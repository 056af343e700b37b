"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="operations",
    holds="the doctor, keys, figures, copies, how a node stands",
    settings=("operations.settings:OutsideSettings",),
    commands={
        "doctor": "operations.actions.doctor:doctor",
        "keys": "operations.cli.keys:app",
        "token": "operations.cli.token:app",
    },
    routers=("operations.api.health:router", "operations.api.security_txt:router"),
    services=("operations.wiring:make",),
    provides=(("ledger.event_kind:EventKind", "operations.events:EVENTS"),),
)
