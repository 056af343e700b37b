"""The panels that incidents themselves bring to their page."""

from muster.incidents.pages.panel import Panel, Place
from muster.incidents.pages.panels.affected import affected
from muster.incidents.pages.panels.alerts import alerts, guides
from muster.incidents.pages.panels.paged import paged
from muster.incidents.pages.panels.people import responding, roles
from muster.incidents.pages.panels.refusals import refusals
from muster.incidents.pages.panels.written import links, record

PANELS = (
    Panel("guides", "What the alert says to do", Place.STEPS, 20, guides),
    Panel("refusals", "What cannot be done now", Place.STEPS, 90, refusals),
    Panel("responders", "Responding", Place.FACTS, 10, responding),
    Panel("roles", "Roles", Place.FACTS, 20, roles),
    Panel("affected", "Affected", Place.FACTS, 30, affected),
    Panel("alerts", "Alerts", Place.FACTS, 40, alerts),
    Panel("pages", "Paged", Place.FACTS, 60, paged),
    Panel("links", "Links", Place.FACTS, 70, links),
    Panel("record", "Record", Place.FACTS, 80, record),
)
