"""What users of other pagers suffered, told once each as a story that Muster must not repeat.

`docs/pains.md` lists every pain with the test that holds it; these are those that no other story tells, but for schedules,
which stand in `test_pains_of_schedules.py`.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
from tests.conftest import MovableClock
from tests.doubles.http_sink import HttpSink, Received, Reply
from tests.doubles.modem import Modem
from tests.doubles.twilio import Twilio
from tests.running import PASSWORD, Running, csrf
from tests.scenario.story import INTEGRATION, PLAN, Story, told

from muster.incidents.incident import State
from muster.paging.actions.audit import audit
from muster.paging.actions.test_page import send_test

ANA, BO = "+15125551234", "+15125555678"
PUBLIC = "https://muster.contoso.example"
ACK = "00040B915121551532F400006230209000000003E1F11A"
"""`ack` from Ana, as a modem gets it from the network."""
ONLY_ANA = PLAN[: PLAN.index("escalation:")] + 'escalation: {first: [{notify: ["person:ana"], wait: 10m}]}\n'


def person(story: Story, name: str, **addresses: str) -> str:
    """Somebody who is reached by these kinds of contact, in this order."""
    contacts = [{"kind": kind, "address": address, "verified": True} for kind, address in addresses.items()]
    return story.person(name, phone=False, contacts=contacts)


async def test_a_page_that_waits_for_the_morning_comes_in_the_morning_through_all_restarts(story: Story) -> None:
    """oncall#1206: an escalation paused until 08:00 never went on after a restart; nobody was paged for 5.5 hours."""
    await story.jump(datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
    await story.apply(story.person("ana", quiet_hours={"from": "22:00", "to": "07:00"}), ONLY_ANA)
    await story.fires("DiskFull", severity="low")
    for _ in range(5):
        await story.restart()
        await story.wait(hours=2)
    assert [(each.phone, each.at) for each in story.texts] == [("ana", datetime(2026, 3, 3, 7, 0, tzinfo=UTC))]
    (page,) = await story.pages()
    assert (page.state, page.ended_at) == ("exhausted", datetime(2026, 3, 3, 7, 10, tzinfo=UTC))


async def test_every_wait_is_kept_however_often_muster_restarts(story: Story) -> None:
    """oncall#1931: waits were ignored; here a person's own waits, the steps' and the end's."""
    rules = [{"do": [{"by": "webhook"}, {"after": "2m", "by": "webhook"}]}]
    final = 'paging: {final: {notify: ["person:cy"], every: 10m, times: 2}}\n'
    await story.apply(story.person("ana", "ana-2", notify=rules), PLAN + final)
    await story.fires("DiskFull")
    for _ in range(16):
        await story.wait(seconds=170)
        await story.restart()
    began = story.texts[0].at
    assert [(each.phone, (each.at - began).total_seconds() / 60) for each in story.texts] == [
        ("ana", 0), ("ana-2", 2), ("bo", 5), ("cy", 15), ("cy", 30), ("cy", 40),
    ]  # fmt: skip
    assert len({each.id for each in story.texts}) == 6
    (page,) = await story.pages()
    assert page.state == "running", "the end's last wait is kept as well"


async def test_the_self_audit_asks_no_more_of_the_database_when_more_pages_run(story: Story) -> None:
    """oncall#724: the self-audit was switched off, for its query took too long; so nothing found the silent stop."""
    asked: list[str] = []

    async def statements() -> int:
        async with story.unit() as unit:
            asked.clear()
            with unit.conn.query_logger(lambda query: asked.append(query.query)):
                assert await audit(unit) == 0
            return len(asked)

    await story.fires("One")
    few = await statements()
    await story.fires(*(f"Alert{number}" for number in range(80)))
    assert few
    assert await statements() == few


async def test_when_the_first_sms_vendor_dies_in_the_middle_the_second_delivers(
    connect: dict[str, Any], clock: MovableClock
) -> None:
    """goalert#871, goalert#2102: only Twilio could be used, "a show stopper"; when it is down, nothing rings."""
    gateway = HttpSink(lambda request: Reply(200, b'{"id": "g1"}'))
    async with Twilio(public=PUBLIC) as twilio, gateway:
        described = {"url": f"{gateway.url}/sms", "json": {"to": "{to}", "text": "{text}"}, "id": "id"}
        settings = {**twilio.settings, "gateways": json.dumps({"own": described}), "sms_vendors": "twilio,own"}
        async with told(connect, clock, bare=True, public_url=PUBLIC, **settings) as story:
            twilio.transport = httpx2.ASGITransport(app=story.muster.app)
            await story.apply(person(story, "ana", sms=ANA), person(story, "bo", sms=BO), story.person("cy"))
            await story.apply(INTEGRATION, PLAN)
            await story.fires("DiskFull")
            await twilio.delivered(twilio.taken[0])
            await story.settle()
            assert gateway.requests == [], "while the first one delivers, it is the first one"
            await twilio.sink.__aexit__(None, None, None)
            await story.wait(minutes=6)
            assert [each.json["to"] for each in gateway.requests] == [BO]
            assert gateway.requests[0].json["text"].startswith("CRITICAL INC-1: DiskFull")
            assert story.texts == [], "and nobody else is woken for it"


async def test_phones_ring_and_answer_with_no_vendor_s_cloud_between(
    connect: dict[str, Any], clock: MovableClock
) -> None:
    """oncall#3044, oncall#5039, oncall#4561, goalert#3789: no push and no text without somebody's cloud."""
    spoken_to: set[str] = set()
    listening = True

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if listening and event in ("socket.connect", "socket.getaddrinfo"):
            address = arguments[1] if event == "socket.connect" else arguments[0]
            spoken_to.add(str(address[0]) if isinstance(address, tuple) else str(address))

    sys.addaudithook(hear)
    own = HttpSink(lambda request: Reply(200, json.dumps({"id": "sPs71M8A2T", **request.json}).encode()))
    async with own, Modem() as modem:
        settings = {"modem": modem.device, "ntfy_server": own.url}
        async with told(connect, clock, bare=True, **settings) as story:
            await story.apply(person(story, "ana", sms=ANA), person(story, "bo", ntfy=f"{own.url}/bo-7Hq2"))
            await story.apply(story.person("cy"), INTEGRATION, PLAN)
            await story.fires("DiskFull")
            assert "0B915121551532F4" in modem.sent[0][1]
            await story.wait(minutes=5)
            assert [each.json["topic"] for each in own.requests] == ["bo-7Hq2"]
            modem.receives(ACK)
            for _ in range(500):
                if (await story.incident()).state is State.ACKNOWLEDGED:
                    break
                await asyncio.sleep(0.02)
            assert (await story.incident()).state is State.ACKNOWLEDGED
    listening = False
    assert not [each for each in spoken_to if not each.startswith(("127.0.0.1", "/"))]


ROWS = """
CREATE TABLE queued (kind text, urgent boolean, payload jsonb);
CREATE FUNCTION queued() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO queued VALUES (NEW.kind, NEW.run_at <= now(), NEW.payload); RETURN NEW; END';
CREATE TRIGGER queued BEFORE INSERT ON work FOR EACH ROW WHEN (NEW.kind LIKE 'delivery%') EXECUTE FUNCTION queued();
"""
BY_ONE_MESSAGE = {"content-length", "webhook-id", "webhook-timestamp", "webhook-signature"}


def wire(request: Received) -> tuple[Any, ...]:
    """What of a request is not one message's own words."""
    if request.headers["content-type"] == "application/json":
        body: Any = {"": set(request.json), "data": set(request.json["data"])}
    else:
        body = {name: value for name, value in parse_qsl(request.body.decode()) if name not in ("Body", "Twiml")}
        assert {name for name, _ in parse_qsl(request.body.decode())} - set(body), "it says something"
    headers = {name: value for name, value in request.headers.items() if name not in BY_ONE_MESSAGE}
    return request.method, request.path, headers, set(request.headers), body


@pytest.mark.parametrize("kind", ["sms", "voice", "webhook"])
async def test_a_test_page_takes_the_very_way_of_a_real_one_and_fails_where_that_fails(
    connect: dict[str, Any], clock: MovableClock, kind: str
) -> None:
    """oncall#3206: test notifications arrived, sent by another program with other settings; escalations got a 403."""
    async with (
        Twilio(public=PUBLIC) as twilio,
        told(connect, clock, bare=True, public_url=PUBLIC, **twilio.settings) as story,
    ):
        address = f"{story.phones.url}/ana" if kind == "webhook" else ANA
        await story.apply(person(story, "ana", **{kind: address}), INTEGRATION, ONLY_ANA)
        async with story.unit() as unit:
            await unit.conn.execute(ROWS)
        requests = story.phones.requests if kind == "webhook" else twilio.sink.requests
        await story.fires("DiskFull")
        story.clock.move(timedelta(seconds=1))
        async with story.unit("ana") as unit:
            await send_test(unit, "ana")
        real, test = requests
        assert wire(test) == wire(real)
        assert test.body != real.body
        async with story.unit() as unit:
            jobs = [tuple(row) for row in await unit.conn.fetch("SELECT * FROM queued")]
            rows = await unit.conn.fetch("SELECT kind, channel, route, state FROM deliveries ORDER BY created_at")
        assert jobs
        assert jobs[: len(jobs) // 2] == jobs[len(jobs) // 2 :]
        assert [row["kind"] for row in rows] == ["page", "test"]
        assert tuple(rows[0])[1:] == tuple(rows[1])[1:]

        # And what is wrong on the way is wrong for both, in the same words.
        if kind == "webhook":
            story.phones.next(Reply(403), Reply(403))
        else:
            twilio.wrong[ANA] = 21408
        story.clock.move(timedelta(seconds=1))
        await story.fires("Second")
        story.clock.move(timedelta(seconds=1))
        async with story.unit("ana") as unit:
            await send_test(unit, "ana")
        async with story.unit() as unit:
            newest = "SELECT kind, state, reason FROM deliveries ORDER BY created_at DESC LIMIT 2"
            rows = await unit.conn.fetch(newest)
        assert {row["kind"] for row in rows} == {"page", "test"}
        assert rows[0]["reason"] == rows[1]["reason"]
        assert {row["state"] for row in rows} == {"failed"}


PEOPLE = """
{kind: Person, name: ana, email: ana@contoso.example, permission: responder}
---
{kind: Person, name: bo, email: bo@contoso.example, permission: responder}
"""
ROTA = """
kind: Schedule
name: rota
time_zone: UTC
layers: [{name: week, people: [bo], rotate: weekly, hand_off: "Mon 09:00", start: 2026-01-05}]
"""
REASONS = ("needs the level manager", "needs the level administrator", "has to agree", "manager of schedules")


async def test_a_responder_changes_no_rota_and_nobody_else_s_shift_by_page_api_or_command(tmp_path: Any) -> None:
    """goalert#4544: everybody who could sign in could edit every rota, or take themselves off it; covering stays free."""
    file = tmp_path / "rota.yaml"
    file.write_text(ROTA.replace("[bo]", "[ana]"))
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    edges = {"start": start.isoformat(), "end": (start + timedelta(hours=4)).isoformat()}
    async with Running() as muster:
        await muster.init()
        await muster.apply(PEOPLE + "---" + ROTA)
        before = await muster.json("schedule", "show", "rota")
        theirs = await muster.json("override", "add", "rota", "bo", "--from", edges["start"], "--to", edges["end"])
        ana = await muster.token_of("ana")

        here = "/api/v1/schedules"
        definition = {"name": "rota", "time_zone": "UTC", "layers": [{"name": "x", "people": ["ana"], "rotate": "weekly",
                      "hand_off": "Mon 09:00", "start": "2026-01-05"}]}  # fmt: skip
        for method, path, body in (
            ("PUT", f"{here}/rota", definition),
            ("POST", here, {**definition, "name": "another"}),
            ("DELETE", f"{here}/rota", None),
            ("POST", f"{here}/rota/undo", {}),
            ("POST", f"{here}/rota/overrides", {**edges, "person": "admin"}),
            ("POST", f"{here}/rota/overrides", {**edges, "person": None}),
            ("DELETE", f"{here}/rota/overrides/{theirs['id']}", None),
        ):
            answer = await muster.api(method, path, body, token=ana)
            assert (answer.status_code, bool(answer.json()["detail"])) == (403, True), (method, path, answer.text)

        for words in (
            ("schedule", "save", str(file)),
            ("apply", "-f", str(file)),
            ("schedule", "delete", "rota"),
            ("override", "add", "rota", "admin", "--from", edges["start"], "--to", edges["end"]),
            ("override", "remove", "rota", theirs["id"]),
        ):
            said = await muster.cli(*words, code=1, token=ana)
            assert any(each in said for each in REASONS), said

        link = (await muster.json("person", "password-link", "ana"))["url"]
        async with httpx2.AsyncClient(trust_env=False, base_url=muster.url, follow_redirects=True) as browser:
            form = {"csrf": csrf((await browser.get(link)).text), "password": PASSWORD}
            mine = await browser.post(link, data=form, headers={"origin": muster.url})
            page = await browser.get("/on-call/schedules/rota")
            assert page.status_code == 200
            assert "/on-call/schedules/rota/edit" not in page.text
            assert (await browser.get("/on-call/schedules/rota/edit")).status_code == 403
            sealed = {"csrf": csrf(mine.text)}
            text = {"definition": file.read_text(), "name_now": "rota", "verb": "save", **sealed}
            shift = {**edges, "person": "admin", **sealed}
            for path, fields in (
                ("/on-call/save", text),
                ("/on-call/schedules/rota/delete", sealed),
                ("/on-call/schedules/rota/overrides", shift),
                (f"/on-call/schedules/rota/overrides/{theirs['id']}/remove", sealed),
            ):
                answer = await browser.post(path, data=fields, headers={"origin": muster.url})
                assert answer.status_code == 403, path
                assert any(each in answer.text for each in REASONS), answer.text

        after = await muster.json("schedule", "show", "rota")
        assert (after["version"], after["definition"]) == (before["version"], before["definition"])
        # Her new password took her token back.
        ana = await muster.token_of("ana")
        taken = await muster.api("POST", f"{here}/rota/overrides", {**edges, "person": "ana"}, token=ana)
        assert taken.status_code == 201, "whoever helps out needs nobody's leave"


async def test_a_receiver_that_fails_for_a_while_gets_each_page_once_from_two_nodes(story: Story) -> None:
    """alertmanager#4108, alertmanager#3865: after a receiver's trouble each node of the cluster sent the same alert."""
    failing = True
    arrived: list[str] = []

    def phone(request: Received) -> Reply:
        if failing:
            return Reply(500)
        arrived.append(request.json["data"]["incident"])
        return Reply()

    story.phones.answer = phone
    other = story.node("node-2")
    await other.start()
    try:
        await asyncio.gather(*(story.posts(f"A{n}", node=other if n % 2 else None) for n in range(6)))
        for second in range(120):
            failing = second < 20
            await asyncio.gather(story.muster.runner.drain(), other.runner.drain())
            story.clock.move(timedelta(seconds=1))
        await story.settle()
        assert len(story.texts) > 12, "it was tried again and again"
        assert sorted(arrived) == [f"INC-{n}" for n in range(1, 7)]
        assert len({each.id for each in story.texts}) == 6
    finally:
        await other.stop()
