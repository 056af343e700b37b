"""Everything that the technical ground brings, as one object; see `base/features.py`."""

from muster.base.features import Feature

FEATURE = Feature(
    name="base",
    holds="the technical ground: database and its own server, lanes of connections, supervised tasks, queue and nodes, HTTP edge, "
    "templates, live stream, settings, secrets, permissions",
    routers=("base.web.stream:router",),
)
