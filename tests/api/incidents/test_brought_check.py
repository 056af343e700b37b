"""A kind of check that a feature brings, at the interface, on the page and at the gate."""

import httpx2
import pytest
from tests.api.incidents.test_incident_page import page_of
from tests.store.incidents.conftest import PLAN, House
from tests.unit.response.notice import ports_with_notice

from muster.plan.actions.publish import publish

ITEM = "  - {check: closing_notice_sent, to: team:directors}\n"


async def published(house: House) -> str:
    """An incident whose plan asked for the notice before any feature brought it."""
    async with house.database.unit(house.person("dora")) as unit:
        await publish(unit, PLAN.partition("closure:")[0] + "closure:\n  - {check: no_firing_alerts}\n" + ITEM)
    return (await house.report(severity="high")).ref


async def states(client: httpx2.AsyncClient, ref: str) -> dict[str, str]:
    """The items of the checklist and how they stand."""
    checks = (await client.get(f"/incidents/{ref}/checks")).json()["checks"]
    return {check["key"]: check["state"] for check in checks}


@pytest.mark.parametrize(
    ("sent_by", "state", "reason"),
    [
        ("", "open", "No closing notice went to everybody in the team directors."),
        ("mona", "met", ""),
        (None, "open", "It is not known whether this is met."),
    ],
)
async def test_a_published_check_holds_once_its_kind_is_brought(
    house: House, client: httpx2.AsyncClient, sent_by: str | None, state: str, reason: str
) -> None:
    ref = await published(house)
    assert await states(client, ref) == {"no_firing_alerts": "met", "closing_notice_sent": "not_enforced"}
    house.database.bus.ports = ports_with_notice(sent_by)
    assert await states(client, ref) == {"no_firing_alerts": "met", "closing_notice_sent": state}
    async with house.database.unit(house.person("mona")) as unit:
        page = bytes((await page_of(unit, ref)).body).decode()
    assert "The closing notice is out" in page
    assert reason in page
    for action in ("acknowledge", "mitigate", "resolve"):
        assert (await client.post(f"/incidents/{ref}/{action}", json={})).status_code == 200
    answer = await client.post(f"/incidents/{ref}/close", json={}, headers={"x-name": "mona"})
    assert answer.status_code == (200 if state == "met" else 409)
    assert reason in answer.text
