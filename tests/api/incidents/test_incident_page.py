"""What the page of an incident costs the database."""

from fastapi import FastAPI, Request
from tests.store.incidents.conftest import House

from muster.base.web.render import Renderer
from muster.base.web.view import View
from muster.response.pages.show import incident_shown

MOST = 33
"""It was 37 before the pages of an incident were loaded once."""


async def test_the_page_of_an_incident_loads_everything_once(house: House) -> None:
    incident = await house.report(severity="critical")
    app = FastAPI()
    app.state.renderer = Renderer()
    async with house.database.unit(house.person("ana")) as unit:
        view = View(unit.now, unit.principal, path=f"/incidents/{incident.ref}")
        request = Request({"type": "http", "method": "GET", "headers": [], "app": app, "state": {"view": view}})
        sent: list[str] = []

        def keep(query: object) -> None:
            sent.append(str(getattr(query, "query", query)))

        unit.conn.add_query_logger(keep)
        answer = await incident_shown(unit, request, incident.ref)
        unit.conn.remove_query_logger(keep)
    assert answer.status_code == 200
    assert len(sent) <= MOST, "\n".join(sent)
