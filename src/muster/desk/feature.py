"""Everything that this feature brings, as one object; see `base/features.py`."""

from muster.base.features import Feature, NavigationEntry

FEATURE = Feature(
    name="desk",
    holds="Now, the first steps, settings, search: pages over all features",
    routers=("desk.pages:ROUTERS",),
    navigation=(
        NavigationEntry("Now", "/", "now", "n", 10, phone=True),
        NavigationEntry("Settings", "/settings", "settings", "s", 80),
    ),
)
