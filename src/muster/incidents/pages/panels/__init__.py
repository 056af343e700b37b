"""The panels that incidents themselves bring to their page."""

from muster.incidents.pages.panel import Panel, PanelPlace
from muster.incidents.pages.panels.affected import affected
from muster.incidents.pages.panels.alerts import alerts, guides
from muster.incidents.pages.panels.paged import paged
from muster.incidents.pages.panels.people import responding, roles
from muster.incidents.pages.panels.refusals import refusals
from muster.incidents.pages.panels.written import links, record

PANELS = (
    Panel("guides", "What the alert says to do", PanelPlace.STEPS, 20, guides),
    Panel("refusals", "What cannot be done now", PanelPlace.STEPS, 90, refusals),
    Panel("responders", "Responding", PanelPlace.FACTS, 10, responding),
    Panel("roles", "Roles", PanelPlace.FACTS, 20, roles),
    Panel("affected", "Affected", PanelPlace.FACTS, 30, affected),
    Panel("alerts", "Alerts", PanelPlace.FACTS, 40, alerts),
    Panel("pages", "Paged", PanelPlace.FACTS, 60, paged),
    Panel("links", "Links", PanelPlace.FACTS, 70, links),
    Panel("record", "Record", PanelPlace.FACTS, 80, record),
)
