"""An incident in the browser with its obligations, and what people do to it."""

from muster.base.features import installed, ports_of
from muster.incidents.action import IncidentAction
from muster.response.pages import asking, belongings, show
from muster.response.pages.verbs import action_pages

ROUTERS = (
    show.router,
    action_pages(ports_of(installed()).of(IncidentAction)),
    asking.router,
    belongings.router,
)
