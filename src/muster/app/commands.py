"""The commands of the features, named so that starting `muster` imports none that is not asked for."""

COMMANDS: dict[str, str] = {
    "alert": "muster.alerts.cli.alerts:alert",
    "change": "muster.changes.cli:app",
    "clock": "muster.clocks.cli:app",
    "incident": "muster.incidents.cli:app",
    "integration": "muster.alerts.cli.integrations:integration",
    "ledger": "muster.ledger.cli:app",
    "maintenance": "muster.alerts.cli.alerts:maintenance",
    "oncall": "muster.oncall.cli:oncall",
    "organisation": "muster.people.cli.organisation:app",
    "override": "muster.oncall.cli:override",
    "person": "muster.people.cli.person:app",
    "page": "muster.paging.cli:app",
    "plan": "muster.plan.cli:app",
    "schedule": "muster.oncall.cli:schedule",
    "signal": "muster.alerts.cli.integrations:signal",
    "silence": "muster.alerts.cli.alerts:silence",
    "team": "muster.people.cli.team:app",
    "token": "muster.people.cli.token:app",
    "whoami": "muster.people.cli.whoami:whoami",
    "workload": "muster.catalog.cli:app",
}
