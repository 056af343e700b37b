"""Alerts, silences, noise and integrations in the browser: pages and what their forms do."""

from datetime import timedelta

import httpx2
from tests.api.alerts.conftest import MONA, VERA
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, Send, request

from muster.alerts.actions.intake import Intake


async def text(client: httpx2.AsyncClient, path: str, **headers: str) -> str:
    """A page as text, its white space folded."""
    return " ".join((await client.get(path, headers=headers)).raise_for_status().text.split())


async def test_the_list_shows_groups_and_says_why_something_is_held(client: httpx2.AsyncClient, send: Send) -> None:
    assert "Nothing fires" in await text(client, "/alerts")
    await send("DiskFull", instance="web1", service="shop")
    await send("DiskFull", instance="web2", service="shop")
    await client.post("/api/v1/silences", json={"matchers": ["instance=web2"], "comment": "move", "duration": "1h"})
    page = await text(client, "/alerts")
    assert "Silenced by ana until 2026-03-02 10:00 UTC: move" in page
    assert "Held back 1" in page
    grouped = await text(client, "/alerts?group=service")
    assert "filter=service%3D%22shop%22" in grouped
    assert "is not a matcher" in (await client.get("/alerts?filter=nonsense")).text


async def test_an_alert_says_what_to_do_or_that_it_does_not_say(client: httpx2.AsyncClient, send: Send) -> None:
    await send("DiskFull", instance="web1")
    (alert,) = (await client.get("/api/v1/alerts")).json()["items"]
    page = await text(client, f"/alerts/{alert['id']}")
    assert "This alert does not say what to do" in page
    assert "Give the rule DiskFull an annotation runbook_url" in page
    assert f"/incidents?alert={alert['id']}" in page
    answer = await client.post(f"/alerts/{alert['id']}/verdict", data={"verdict": "false"})
    assert answer.status_code == 303
    assert "No, it was a false alarm." in await text(client, f"/alerts/{alert['id']}")
    assert "say whether an alert was real needs the level responder" in await text(
        client, f"/alerts/{alert['id']}", **VERA
    )
    assert "alertname" in await text(client, f"/signals/{alert['signal_id']}")


async def test_a_silence_is_made_from_an_alert_with_a_preview(
    client: httpx2.AsyncClient, send: Send, clock: MovableClock
) -> None:
    await send("DiskFull", instance="web1")
    (alert,) = (await client.get("/api/v1/alerts")).json()["items"]
    form = await text(client, f"/silences/new?alert={alert['id']}")
    assert "alertname=&#34;DiskFull&#34; instance=&#34;web1&#34;" in form
    assert "It would hold back now" in form
    typed = {"matchers": "alertname=DiskFull", "length": "2h", "comment": "new disk", "kind": "silence"}
    preview = await client.post("/silences", data={**typed, "preview": "yes"})
    assert "DiskFull happened" in preview.text
    assert (await client.get("/api/v1/silences")).json()["items"] == []
    refused = await client.post("/silences", data={**typed, "matchers": "nonsense", "comment": "", "length": "until"})
    assert refused.status_code == 422
    for sentence in ("is not a matcher", "It does not say why.", "It does not say until when."):
        assert sentence in refused.text
    made = await client.post("/silences", data={**typed, "length": "until", "end": "2026-03-02T12:00"})
    assert made.status_code == 303
    page = await text(client, made.headers["location"])
    assert "DiskFull happened" in page
    (silence,) = (await client.get("/api/v1/silences")).json()["items"]
    assert silence["ends_at"].startswith("2026-03-02T12:00")
    assert (await client.post(f"/silences/{silence['id']}/prolong", data={"length": "1h"})).status_code == 303
    assert (await client.post(f"/silences/{silence['id']}/expire")).status_code == 303
    clock.move(timedelta(seconds=1))
    assert "Nothing is silenced" in await text(client, "/silences")
    assert "alertname=&#34;DiskFull&#34;" in await text(client, "/silences?view=All")


async def test_noise_ranks_rules(client: httpx2.AsyncClient, send: Send) -> None:
    assert "Nothing fired" in await text(client, "/alerts/noise")
    await send("DiskFull")
    assert "1 of 1 beginnings went on to paging" in await text(client, "/alerts/noise?days=7")


async def test_an_integration_is_added_tested_and_explained(
    client: httpx2.AsyncClient, intake: Intake, clock: MovableClock
) -> None:
    refused = await client.post("/settings/integrations", data={"name": "Bad Name", "key": "x"}, headers=MONA)
    assert refused.status_code == 422
    assert "A key has 16 to 200 characters." in refused.text
    assert (await client.post("/settings/integrations", data={"name": "prom"}, headers=MONA)).status_code == 409
    assert (await client.post("/settings/integrations", data={"name": "new-one"}, headers=MONA)).status_code == 303
    assert "new-one" in await text(client, "/settings/integrations")
    page = await text(client, "/settings/integrations/prom")
    assert "path_prefix: /i/KEY" in page
    assert KEY not in page
    shown = await client.post("/settings/integrations/prom/key", headers=MONA)
    assert f"path_prefix: /i/{KEY}" in shown.text
    assert (await client.post("/settings/integrations/prom/key")).status_code == 403
    tested = await client.post("/settings/integrations/prom/test")
    assert "The sample went all the way" in tested.text
    await intake.accept(KEY, request(clock.now(), b"{bad"))
    assert "Refused lately" in await text(client, "/settings/integrations/prom")
    fresh = await client.post("/settings/integrations/prom/rotate", data={"reason": "leaked"}, headers=MONA)
    assert "This is the new key" in fresh.text


async def test_an_integration_is_changed_switched_and_deleted(client: httpx2.AsyncClient, send: Send) -> None:
    here = "/settings/integrations/prom"
    for options, said in (
        ("{bad", "It is not JSON"),
        ("[1]", "Options are a JSON object"),
        ('{"x": 1}', "no such option"),
    ):
        refused = await client.post(here, data={"format": "alertmanager", "options": options}, headers=MONA)
        assert (refused.status_code, said in refused.text) == (422, True)
    changed = {"format": "alertmanager", "title": "Shop", "options": '{"resolve_timeout": "10m"}'}
    assert (await client.post(here, data=changed, headers=MONA)).status_code == 303
    assert "Shop" in await text(client, here)
    assert (await client.post(f"{here}/switch", data={"on": "no"}, headers=MONA)).status_code == 303
    assert "It is switched off" in await text(client, here)
    assert (await client.post(f"{here}/switch", data={"on": "yes"}, headers=MONA)).status_code == 303
    await send("DiskFull")
    assert "is not over" in (await client.post(f"{here}/delete", headers=MONA)).text
    await send("DiskFull", over=True)
    assert (await client.post(f"{here}/delete", headers=MONA)).status_code == 303
