"""The pages of the one-tap links. The incident itself, with its obligations, is shown by `response/pages`."""

from muster.incidents.pages import one_tap, one_tap_all

ROUTERS = (one_tap_all.router, one_tap.router)
