"""The page of an incident: what it costs the database, and that a panel that fails takes nothing else with it."""

from fastapi import FastAPI, Request, Response
from tests.store.incidents.conftest import House

from muster.base.ports import Ports
from muster.base.unit import Unit
from muster.base.web.render import Renderer
from muster.base.web.view import View
from muster.incidents.action import IncidentAction
from muster.incidents.actions.facts import FactSource
from muster.incidents.decision import Rule
from muster.incidents.pages.incident import incident_shown
from muster.incidents.pages.panel import Content, Panel, PanelPlace, Viewed
from muster.ledger.event_kind import EventKind

MOST = 31
"""It was 37 before the pages of an incident were loaded once."""


async def page_of(unit: Unit, ref: str) -> Response:
    """The page as the unit's principal sees it."""
    app = FastAPI()
    app.state.renderer = Renderer()
    view = View(unit.now, unit.principal, path=f"/incidents/{ref}")
    request = Request({"type": "http", "method": "GET", "headers": [], "app": app, "state": {"view": view}})
    return await incident_shown(unit, request, ref)


async def test_the_page_of_an_incident_loads_everything_once(house: House) -> None:
    incident = await house.report(severity="critical")
    async with house.database.unit(house.person("ana")) as unit:
        sent: list[str] = []

        def keep(query: object) -> None:
            sent.append(str(getattr(query, "query", query)))

        unit.conn.add_query_logger(keep)
        answer = await page_of(unit, incident.ref)
        unit.conn.remove_query_logger(keep)
    assert answer.status_code == 200
    assert len(sent) <= MOST, "\n".join(sent)


async def test_a_panel_that_fails_leaves_a_quiet_line_and_all_others(house: House) -> None:
    async def broken(unit: Unit, viewed: Viewed) -> Content:
        await unit.conn.execute("SELECT nothing FROM nowhere")
        return Content(None)

    incident = await house.report(severity="critical")
    ports = house.database.bus.ports
    others = [value for port in (Panel, IncidentAction, EventKind, FactSource, Rule) for value in ports.of(port)]
    house.database.bus.ports = Ports([Panel("weather", "Weather", PanelPlace.FACTS, 15, broken), *others])
    async with house.database.unit(house.person("ana")) as unit:
        page = bytes((await page_of(unit, incident.ref)).body).decode()
    assert "Weather: this part could not be loaded." in page
    assert all(
        f'id="{name}"' in page for name in ("obligation-acknowledge", "responders", "roles", "affected", "pages")
    )
