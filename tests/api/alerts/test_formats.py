"""The formats on their pages and as JSON: found, connected, tried as a pair, and with a sender's secret."""

import httpx2
import pytest
from tests.api.alerts.conftest import MONA

from muster.inbound.registry import FORMATS
from muster.inbound.vendors.catalogue import VENDORS


async def create(client: httpx2.AsyncClient, name: str, **rest: str) -> None:
    made = await client.post("/api/v1/integrations", json={"name": name, "format": name, **rest}, headers=MONA)
    assert made.status_code == 201, made.text


async def test_all_formats_are_listed_with_what_to_do_at_the_source(client: httpx2.AsyncClient) -> None:
    listed = {found["name"]: found for found in (await client.get("/api/v1/formats")).json()}
    assert set(listed) == set(FORMATS)
    assert listed["github"]["secret"] == "webhook secret"
    assert listed["zabbix"]["steps"][0]["code"].startswith("url                  MUSTER-ADDRESS")
    assert "RECOVERY" in listed["checkmk"]["recovery"]


async def test_a_format_is_found_by_its_name_and_chosen(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/settings/integrations/new", params={"q": "dog"}, headers=MONA)).text
    found = page.partition("<aside")[2]
    assert "format=datadog" in found
    assert "format=zabbix" not in found
    chosen = (await client.get("/settings/integrations/new", params={"format": "zabbix"}, headers=MONA)).text
    assert '<option value="zabbix" selected>' in chosen
    assert '<optgroup label="Uptime checks">' in chosen
    nothing = (await client.get("/settings/integrations/new", params={"q": "no such"}, headers=MONA)).text
    assert "No format matches" in nothing


@pytest.mark.parametrize("name", ["datadog", "splunk"])
async def test_the_sample_pair_comes_and_goes_on_the_page(client: httpx2.AsyncClient, name: str) -> None:
    await create(client, name)
    place = f"/settings/integrations/{name}"
    page = (await client.get(place)).text
    assert "/i/KEY" in page
    assert "MUSTER-ADDRESS" not in page
    came = (await client.post(f"{place}/test")).text
    assert "The sample went all the way" in came
    assert ("Send its recovery" in came) == (name == "datadog")
    gone = await client.post(f"{place}/test", data={"recovery": "yes"})
    if name == "splunk":
        assert "reports no recovery" in gone.text
        return
    assert "is over" in gone.text
    (alert,) = (await client.get("/api/v1/alerts", params={"status": "resolved"})).json()["items"]
    assert alert["title"] == "CPU of web1"


async def test_only_the_placeholder_becomes_the_address(client: httpx2.AsyncClient) -> None:
    await create(client, "checkmk")
    page = (await client.get("/settings/integrations/checkmk")).text
    assert "HOSTALIAS HOSTADDRESS HOSTSTATE" in page
    assert "/i/KEY/checkmk" in page


async def test_every_pair_is_tried_over_the_api_and_pages_nobody(client: httpx2.AsyncClient) -> None:
    for vendor in VENDORS:
        await create(client, vendor.name)
        place = f"/api/v1/integrations/{vendor.name}/test"
        (came,) = (await client.post(place)).json()["alerts"]
        assert (came["status"], came["hold"]) == ("firing", "test"), vendor.name
        gone = await client.post(place, json={"recovery": True})
        if vendor.recovery:
            assert [(one["id"], one["status"]) for one in gone.json()["alerts"]] == [(came["id"], "resolved")], (
                vendor.name
            )
        else:
            assert gone.status_code == 422


async def test_a_secret_is_set_kept_and_removed_and_never_shown(client: httpx2.AsyncClient) -> None:
    await create(client, "github", secret="a long secret")
    place, page = "/api/v1/integrations/github", "/settings/integrations/github"
    assert (await client.get(place)).json()["has_secret"] is True
    shown = (await client.get(page, headers=MONA)).text
    assert "a long secret" not in shown
    assert "One is set" in shown
    form = {"title": "GitHub", "format": "github", "options": "", "secret": ""}
    assert (await client.post(page, data=form, headers=MONA)).status_code == 303
    assert (await client.get(place)).json()["has_secret"] is True
    short = await client.post(page, data={**form, "secret": "short"}, headers=MONA)
    assert "A secret has 8 to 200 characters." in short.text
    assert (await client.post(f"{page}/secret/forget", headers=MONA)).status_code == 303
    assert (await client.get(place)).json()["has_secret"] is False
    odd = await client.post(
        "/api/v1/integrations", json={"name": "x", "format": "splunk", "secret": "a long secret"}, headers=MONA
    )
    assert odd.json()["faults"][0]["field"] == "secret"
