"""An integration's mail address: who sees it, what is said where there is none, and a mail that is tried out."""

from typing import Any, cast

import httpx2
import pytest
from tests.api.alerts.conftest import MONA, VERA

from muster.alerts.formats import MailAddresses
from muster.base.services import Services
from muster.inbound.email.alert_address import AlertAddresses
from muster.inbound.email.samples import PROBLEM, RECOVERY

API = "/api/v1/integrations/nagios"
PAGE = "/settings/integrations/nagios"


@pytest.fixture
async def mailless(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """A client with an integration."""
    body = {"name": "nagios", "format": "email"}
    assert (await client.post("/api/v1/integrations", json=body, headers=MONA)).status_code == 201
    return client


@pytest.fixture
async def nagios(mailless: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """The same where mail is taken in."""
    services: Services = cast(Any, mailless)._transport.app.state.services
    services.add(MailAddresses(AlertAddresses("alerts@muster.example", b"k" * 32).of))
    return mailless


async def address(client: httpx2.AsyncClient) -> str:
    """The address as the API gives it."""
    return str((await client.get(API, headers=MONA)).json()["email_address"])


async def test_who_may_see_the_key_sees_the_address_and_nobody_else(nagios: httpx2.AsyncClient) -> None:
    told = await nagios.get(API, headers=MONA)
    found = told.json()["email_address"]
    assert found.startswith("alerts+")
    assert "no-store" in told.headers["cache-control"]
    assert found in (await nagios.get(PAGE, headers=MONA)).text
    assert (await nagios.get(API, headers=VERA)).json()["email_address"] == ""
    page = (await nagios.get(PAGE, headers=VERA)).text
    assert found not in page
    assert "A manager can see its address" in page


async def test_another_key_makes_another_address(nagios: httpx2.AsyncClient) -> None:
    before = await address(nagios)
    assert (await nagios.post(f"{API}/key:rotate", headers=MONA)).status_code == 200
    assert await address(nagios) != before


async def test_where_no_mail_is_taken_in_the_page_says_what_to_set(mailless: httpx2.AsyncClient) -> None:
    assert await address(mailless) == ""
    assert "Set MUSTER_MAIL_IN" in (await mailless.get(PAGE, headers=MONA)).text


async def test_a_mail_is_tried_out_with_other_rules(nagios: httpx2.AsyncClient) -> None:
    mail = {"body": RECOVERY.decode(), "content_type": "message/rfc822", "path": "/email"}
    (found,) = (await nagios.post(f"{API}:try", json=mail)).json()["alerts"]
    assert (found["status"], found["key"]) == ("resolved", "web1/http")
    assert found["guess"] == "subject: recovery"
    rules = {"key": {"regex": "Address: ([0-9.]+)"}, "severity": {"State: CRITICAL": "low"}}
    problem = {**mail, "body": PROBLEM.decode(), "options": rules}
    (found,) = (await nagios.post(f"{API}:try", json=problem)).json()["alerts"]
    assert (found["key"], found["severity"], found["status"]) == ("192.0.2.10", "low", "firing")
    wrong = (await nagios.post(f"{API}:try", json={**mail, "options": {"keys": {}}})).json()
    assert [fault["field"] for fault in wrong["faults"]] == ["keys"]


async def test_the_sample_pair_comes_and_goes(nagios: httpx2.AsyncClient) -> None:
    came = (await nagios.post(f"{PAGE}/test")).text
    assert "The sample went all the way" in came
    assert "Send its recovery" in came
    assert "is over" in (await nagios.post(f"{PAGE}/test", data={"recovery": "yes"})).text
