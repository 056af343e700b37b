"""The page of the one-tap link. The incident itself, with its obligations, is shown by `response/pages`."""

from muster.incidents.pages import one_tap

ROUTERS = (one_tap.router,)
