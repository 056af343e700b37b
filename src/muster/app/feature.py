"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="app",
    holds="composition: wiring, HTTP, the node, the command line",
    commands={
        "adopt": "app.local:adopt",
        "demo": "app.demo.cli:demo",
        "init": "app.local:init",
        "serve": "app.local:serve",
    },
)
