"""The features that this Muster is made of, in their order: each imports only those before it.

Everything else follows from their objects (see `base/features.py`): routes, commands, jobs, subscriptions, migrations, layers.
"""

NAMES = (
    "base",
    "ledger",
    "people",
    "catalog",
    "plan",
    "clocks",
    "changes",
    "alerts",
    "oncall",
    "paging",
    "incidents",
    "response",
    "inbound",
    "channels",
    "manifests",
    "importing",
    "privacy",
    "operations",
    "desk",
    "app",
)
