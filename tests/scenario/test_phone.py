"""Text messages, calls and e-mail answers as stories: one vendor fails and another carries on, receipts that do not come,
answers by text, by key and by mail, callbacks that are not genuine (anchors, item 4)."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from tests.conftest import MovableClock
from tests.doubles.http_sink import HttpSink, Received, Reply
from tests.doubles.smpp import MessageCentre
from tests.doubles.twilio import Taken, Twilio
from tests.scenario.story import INTEGRATION, PLAN, Story, told

from muster.base.http import Http, Timeouts
from muster.paging.actions.test_page import send_test
from muster.paging.answer import HELP

ANA, BO = "+15125551234", "+15125555678"
PUBLIC = "https://muster.contoso.example"
SECRET = "a-secret-of-the-gateway"


def person(name: str, number: str, *kinds: str) -> str:
    """Somebody with a phone; kinds in the order in which they are tried."""
    contacts = [{"kind": kind, "address": number, "verified": True} for kind in kinds]
    return json.dumps(
        {
            "kind": "Person",
            "name": name,
            "email": f"{name}@contoso.example",
            "permission": "manager",
            "contacts": contacts,
        }
    )


async def rows(story: Story, query: str, *values: object) -> list[Any]:
    """Rows from the story's database."""
    async with story.muster.database.read() as conn:
        return list(await conn.fetch(query, *values))


async def holder(story: Story) -> str:
    """Who acknowledged the incident."""
    found = await rows(story, "SELECT name FROM persons JOIN incidents ON acknowledged_by = persons.id")
    return found[0]["name"] if found else ""


class Gateway(HttpSink):
    """An on-premises gateway as an administrator describes it."""

    def __init__(self) -> None:
        super().__init__(self._take)
        self.fails = False

    @property
    def setting(self) -> str:
        """MUSTER_GATEWAYS."""
        return json.dumps(
            {
                "gateway": {
                    "url": f"{self.url}/sms",
                    "json": {"to": "{to}", "text": "{text}"},
                    "id": "id",
                    "callbacks": {"secret": SECRET},
                    "reports": {"id": "id", "status": "status", "delivered": ["ok"], "failed": ["ko"], "within": "1m"},
                    "replies": {"from": "from", "text": "text"},
                }
            }
        )

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Numbers and texts."""
        return [(each.json["to"], each.json["text"]) for each in self.requests]

    def _take(self, request: Received) -> Reply:
        return Reply(500) if self.fails else Reply(200, json.dumps({"id": len(self.requests) + 1}).encode())


class Told:
    """A story with its vendors."""

    def __init__(self, story: Story, twilio: Twilio, gateway: Gateway) -> None:
        self.story, self.twilio, self.gateway = story, twilio, gateway

    @property
    def calls(self) -> list[Taken]:
        """The calls at Twilio."""
        return [each for each in self.twilio.taken if each.kind == "call"]

    @property
    def texts(self) -> list[Taken]:
        """The text messages at Twilio."""
        return [each for each in self.twilio.taken if each.kind == "message"]

    async def from_gateway(self, path: str, secret: str = SECRET, **values: str) -> httpx2.Response:
        """A callback of the gateway."""
        transport = httpx2.ASGITransport(app=self.story.muster.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inside") as http:
            answer = await http.post(f"/callbacks/gateway/gateway/{path}?secret={secret}", json=values)
        await self.story.settle()
        return answer

    async def states(self) -> list[tuple[str, str, str]]:
        """An incident's deliveries: channel, route or vendor of its provider id, state."""
        found = await rows(
            self.story, "SELECT channel, route, state FROM deliveries WHERE kind = 'page' ORDER BY created_at, id"
        )
        return [(row["channel"], row["route"], row["state"]) for row in found]


@pytest.fixture
async def phones(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Told]:
    """Ana by text and then by call, Bo by text; Twilio first, an own gateway second."""
    async with Twilio(public=PUBLIC) as twilio, Gateway() as gateway:
        settings = {**twilio.settings, "gateways": gateway.setting, "public_url": PUBLIC}
        async with told(connect, clock, bare=True, **settings, sms_vendors="twilio,gateway") as story:
            twilio.transport = httpx2.ASGITransport(app=story.muster.app)
            await story.apply(
                person("ana", ANA, "sms", "voice"), person("bo", BO, "sms"), story.person("cy"), INTEGRATION, PLAN
            )
            yield Told(story, twilio, gateway)


async def test_a_page_goes_out_as_a_text_and_its_receipt_comes_in(phones: Told) -> None:
    await phones.story.fires("DiskFull")
    [text] = phones.texts
    assert text.to == ANA
    assert text.form["Body"].startswith("CRITICAL INC-1: DiskFull")
    assert (await phones.twilio.delivered(text)).status_code == 204
    await phones.story.settle()
    assert (await phones.states())[0][2] == "delivered"


async def test_a_text_answers_and_the_sender_is_told(phones: Told) -> None:
    await phones.story.fires("DiskFull")
    said = await phones.twilio.text(ANA, "Ack")
    await phones.story.settle()
    assert "INC-1" in said
    assert await holder(phones.story) == "ana"
    await phones.story.wait(hours=1)
    assert not [each for each in phones.texts if each.to == BO]


async def test_a_text_that_the_vendor_tells_twice_escalates_once(phones: Told) -> None:
    await phones.story.fires("DiskFull")
    assert "INC-1" in await phones.twilio.text(ANA, "escalate", sid="SM1")
    await phones.story.settle()
    assert await phones.twilio.text(ANA, "escalate", sid="SM1") == ""
    await phones.story.settle()
    assert [each.to for each in phones.texts] == [ANA, BO]
    assert not phones.story.texts


async def test_nonsense_and_strangers_are_answered_and_change_nothing(phones: Told) -> None:
    await phones.story.fires("DiskFull")
    assert HELP in await phones.twilio.text(ANA, "what is this?")
    assert "does not know" in await phones.twilio.text("+15125550000", "ack")
    assert await holder(phones.story) == ""


async def test_when_the_first_vendor_fails_the_second_carries_the_same_page(phones: Told) -> None:
    phones.twilio.wrong[ANA] = 21408
    await phones.story.fires("DiskFull")
    assert [number for number, _ in phones.gateway.sent] == [ANA]
    assert not phones.calls


async def test_when_no_receipt_comes_in_time_the_second_vendor_is_tried_and_then_the_phone_rings(phones: Told) -> None:
    await phones.story.fires("DiskFull")
    await phones.story.wait(minutes=4)
    assert [each.to for each in phones.texts] == [ANA]
    assert [number for number, _ in phones.gateway.sent] == [ANA]
    assert [each.to for each in phones.calls] == [ANA]


async def test_a_text_that_fails_at_the_network_goes_on_at_once(phones: Told) -> None:
    await phones.story.fires("DiskFull")
    await phones.twilio.status(phones.texts[0], "undelivered", 30003)
    await phones.story.settle()
    assert [number for number, _ in phones.gateway.sent] == [ANA]
    failed = await phones.story.told_of("MessageFailed")
    assert failed[0]["reason"] == "It was not delivered (30003): the phone is off or out of reach."
    # And once more from the gateway: the phone rings.
    assert (await phones.from_gateway("report", id="1", status="ko")).status_code == 200
    assert [each.to for each in phones.calls] == [ANA]


async def test_whoever_answers_the_call_acknowledges_by_a_key(phones: Told) -> None:
    await phones.story.apply(person("ana", ANA, "voice"))
    await phones.story.fires("DiskFull")
    [call] = phones.calls
    assert "That key means nothing" in await phones.twilio.press(call, "9")
    said = await phones.twilio.press(call, "1")
    await phones.story.settle()
    assert "INC-1" in said
    assert await holder(phones.story) == "ana"
    assert (await phones.states())[0][2] == "delivered"


async def test_an_answering_machine_is_no_answer(phones: Told) -> None:
    await phones.story.apply(person("ana", ANA, "voice", "sms"))
    await phones.story.fires("DiskFull")
    await phones.twilio.answered_by(phones.calls[0], "machine_start")
    await phones.story.settle()
    assert [each.to for each in phones.texts] == [ANA]
    failed = await phones.story.told_of("MessageFailed")
    assert failed[0]["reason"] == "An answering machine took the call; the message is left there."


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
async def test_a_call_that_nobody_takes_goes_on_at_once(phones: Told, status: str) -> None:
    await phones.story.apply(person("ana", ANA, "voice", "sms"))
    await phones.story.fires("DiskFull")
    await phones.twilio.status(phones.calls[0], status)
    await phones.story.settle()
    assert [each.to for each in phones.texts] == [ANA]


async def test_a_person_who_picks_up_is_a_receipt(phones: Told) -> None:
    await phones.story.apply(person("ana", ANA, "voice", "sms"))
    await phones.story.fires("DiskFull")
    await phones.twilio.answered_by(phones.calls[0], "human")
    await phones.twilio.status(phones.calls[0], "completed")
    await phones.story.wait(minutes=4)
    assert (await phones.states())[0][2] == "delivered"
    assert not phones.texts


@pytest.mark.parametrize(
    "path", ["/callbacks/twilio/sms", "/callbacks/twilio/sms-status", "/callbacks/twilio/voice", "/callbacks/twilio/voice-status",
             "/callbacks/twilio/voice-answered"]
)  # fmt: skip
async def test_a_callback_that_is_not_genuine_has_no_effect(phones: Told, path: str) -> None:
    await phones.story.fires("DiskFull")
    before = await phones.story.count("SELECT count(*) FROM ledger")
    values = {"From": ANA, "Body": "ack", "MessageSid": phones.texts[0].sid, "MessageStatus": "failed", "Digits": "1"}
    answer = await phones.twilio.call(f"{PUBLIC}{path}", values, token="another token")
    await phones.story.settle()
    assert answer.status_code == 403
    assert "MUSTER_PUBLIC_URL" in answer.text
    assert await phones.story.count("SELECT count(*) FROM ledger") == before
    assert await holder(phones.story) == ""


async def test_a_reply_by_the_gateway_is_answered_through_it(phones: Told) -> None:
    phones.twilio.wrong[ANA] = 21408
    await phones.story.fires("DiskFull")
    assert (await phones.from_gateway("reply", secret="wrong", **{"from": ANA, "text": "ack"})).status_code == 403
    assert await holder(phones.story) == ""
    assert (await phones.from_gateway("reply", **{"from": ANA[1:], "text": "ack"})).status_code == 200
    assert await holder(phones.story) == "ana"
    number, text = phones.gateway.sent[-1]
    assert number == ANA
    assert "INC-1" in text


@pytest.mark.parametrize("trouble", ["429", "500", "hang", "reset", "garbage"])
async def test_a_troubled_vendor_loses_no_page(phones: Told, trouble: str) -> None:
    phones.twilio.next(*[trouble] * 3)
    if trouble == "hang":
        phones.story.muster.services.of(Http)._timeouts = Timeouts(1.0, 0.2, 0.5)
    await phones.story.fires("DiskFull")
    await phones.story.wait(minutes=1)
    reached = [each.to for each in phones.texts] + [number for number, _ in phones.gateway.sent]
    assert ANA in reached


async def test_the_live_test_takes_the_way_of_a_real_page(phones: Told) -> None:
    async with phones.story.unit("ana") as unit:
        sent = await send_test(unit, "ana", ANA)
    [text] = phones.texts
    assert text.form["Body"].startswith("TEST: Test page from Muster")
    await phones.twilio.delivered(text)
    await phones.story.settle()
    row = (await rows(phones.story, "SELECT state, reason FROM deliveries WHERE id = $1", sent.id))[0]
    assert (row["state"], row["reason"]) == ("delivered", "The network says that it was delivered.")


async def test_a_message_centre_carries_pages_and_answers(connect: dict[str, Any], clock: MovableClock) -> None:
    async with (
        MessageCentre() as centre,
        told(connect, clock, bare=True, smpp=centre.url, sms_from="MUSTER", public_url=PUBLIC) as story,
    ):
        await story.apply(person("ana", ANA, "sms"), story.person("bo"), story.person("cy"), INTEGRATION, PLAN)
        await story.fires("DiskFull")
        parts = list(centre.taken)
        assert {each.to for each in parts} == {ANA[1:]}
        assert await centre.receipt(parts[-1], "DELIVRD") == 0
        assert (await rows(story, "SELECT state FROM deliveries"))[0]["state"] == "delivered"
        assert await centre.text(ANA, "ack") == 0
        await story.settle()
        assert await holder(story) == "ana"
        answer = await centre.wait(len(parts) + 1)
        assert b"INC-1" in answer[-1].message
