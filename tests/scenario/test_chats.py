"""People answer where they were paged, in Slack, Mattermost, Telegram or a notification; nobody else in their place."""

import contextlib
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.conftest import MovableClock
from tests.doubles import mattermost as mm
from tests.doubles import slack as sl
from tests.doubles import telegram as tg
from tests.doubles.push import PushService
from tests.scenario.story import INTEGRATION, PLAN, Phones, Story

from muster.channels.telegram.actions import invite
from muster.people.actions.contacts import add_contact, reorder_contacts
from muster.people.drafts import ContactDraft
from muster.people.reach import Reach
from muster.people.store import contacts_of, person_named

COMMAND = "commandtoken26charactersxx"


class Chatty(Story):
    """A story whose Muster speaks with chats."""

    async def post(self, path: str, body: bytes, **headers: str) -> httpx2.Response:
        """What a provider sends."""
        transport = httpx2.ASGITransport(app=self.muster.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
            answer = await client.post(path, content=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
        await self.settle()
        return answer

    async def use_browser(self, address: str, secret: str) -> None:
        """Make a browser Ana's first contact, and apply her manifest again, which does not know of it."""
        async with self.unit() as unit:
            draft = ContactDraft(kind="web_push", address=address, verified=True, secret=secret)
            await add_contact(unit, "ana", draft, self.muster.services.of(Reach))
        await self.turn_round("ana")
        await self.apply(self.person("ana"))

    async def turn_round(self, name: str) -> None:
        """The last contact comes first."""
        async with self.unit(name) as unit:
            person = await person_named(unit.conn, name)
            assert person
            mine = (await contacts_of(unit.conn, [person.id]))[person.id]
            await reorder_contacts(unit, name, [each.id for each in reversed(mine)])

    async def state(self, number: int = 1) -> tuple[str, str]:
        """An incident's state, and who has it."""
        incident = await self.incident(number)
        async with self.muster.database.read() as conn:
            name = await conn.fetchval("SELECT name FROM persons WHERE id = $1", incident.acknowledged_by)
        return str(incident.state), name or ""


@contextlib.asynccontextmanager
async def chatty(connect: dict[str, Any], clock: MovableClock, *people: str, **chats: Any) -> AsyncIterator[Chatty]:
    """A running story with these people's manifests besides Bo and Cy with their phones."""
    with tempfile.TemporaryDirectory(prefix="muster-chat-") as folder:
        async with Phones(clock) as phones:
            story = Chatty(connect, clock, phones, Path(folder), **chats)
            await story.muster.start()
            try:
                names = {json.loads(each)["name"] for each in people}
                others = [story.person(name) for name in ("ana", "bo", "cy") if name not in names]
                await story.apply(*people, *others, INTEGRATION, PLAN)
                yield story
            finally:
                await story.muster.stop()


def contact(name: str, kind: str, address: str) -> str:
    """The manifest of a person with one proved contact."""
    given = {"kind": kind, "address": address, "verified": True}
    email = f"{name}@contoso.example"
    full = {"kind": "Person", "name": name, "full_name": name.title(), "email": email, "permission": "responder"}
    return json.dumps({**full, "contacts": [given]})


@pytest.fixture
async def workspace() -> AsyncIterator[sl.Slack]:
    """A Slack workspace."""
    async with sl.Slack() as workspace:
        yield workspace


def slack_settings(workspace: sl.Slack) -> dict[str, Any]:
    """What connects Muster with it."""
    return {"slack_token": sl.TOKEN, "slack_signing_secret": sl.SECRET, "slack_api": workspace.api}


async def press(story: Chatty, workspace: sl.Slack, action: str, user: str, **wrong: Any) -> httpx2.Response:
    """Press a button of the first message that still has it."""
    post = next(each for each in workspace.posts.values() if f'"action_id": "{action}"' in json.dumps(each))
    body, kind = workspace.press(post, action, user)
    headers = sl.sign(body, wrong.get("at", story.clock.now().timestamp()), wrong.get("secret", sl.SECRET))
    return await story.post("/callbacks/slack/actions", body, content_type=kind, **headers)


async def test_a_button_in_slack_takes_the_incident_and_the_message_says_so(
    connect: dict[str, Any], clock: MovableClock, workspace: sl.Slack
) -> None:
    async with chatty(connect, clock, contact("ana", "slack", "U0ANA01"), **slack_settings(workspace)) as story:
        await story.fires("DiskFull")
        assert (await press(story, workspace, "acknowledge", "U0ANA01")).status_code == 200
        assert await story.state() == ("acknowledged", "ana")
        assert [each["text"] for each in workspace.whispers] == ["You have INC-1: DiskFull happened."]
        [post] = workspace.posts.values()
        assert "Acknowledged by Ana at " in json.dumps(post)
        assert "acknowledge" not in [each.get("action_id") for each in post["blocks"][-1]["elements"]]


async def test_slack_is_believed_only_by_its_signature_of_now(
    connect: dict[str, Any], clock: MovableClock, workspace: sl.Slack
) -> None:
    async with chatty(connect, clock, contact("ana", "slack", "U0ANA01"), **slack_settings(workspace)) as story:
        await story.fires("DiskFull")
        before = await story.count("SELECT count(*) FROM ledger")
        forged = await press(story, workspace, "acknowledge", "U0ANA01", secret="other")
        late = await press(story, workspace, "acknowledge", "U0ANA01", at=story.clock.now().timestamp() - 301)
        bare = await story.post("/callbacks/slack/actions", b"payload={}")
        assert [each.status_code for each in (forged, late, bare)] == [403, 403, 403]
        assert "did not sign" in forged.json()["title"]
        assert "not from now" in late.json()["title"]
        assert await story.state() == ("triggered", "")
        assert await story.count("SELECT count(*) FROM ledger") == before


async def test_a_button_pressed_once_counts_once_however_often_it_comes(
    connect: dict[str, Any], clock: MovableClock, workspace: sl.Slack
) -> None:
    async with chatty(connect, clock, contact("ana", "slack", "U0ANA01"), **slack_settings(workspace)) as story:
        await story.fires("DiskFull")
        for _ in range(3):
            assert (await press(story, workspace, "escalate", "U0ANA01")).status_code == 200
        assert [each.phone for each in story.texts] == ["bo"]
        assert len(workspace.whispers) == 1


async def test_in_a_channel_everybody_acts_as_themselves(
    connect: dict[str, Any], clock: MovableClock, workspace: sl.Slack
) -> None:
    people = (contact("ana", "slack", "C0OPS01"), contact("bo", "slack", "U0BO001"))
    async with chatty(connect, clock, *people, **slack_settings(workspace)) as story:
        await story.fires("DiskFull")
        await press(story, workspace, "acknowledge", "U0STRANGER")
        assert "Muster knows nobody by U0STRANGER" in workspace.whispers[-1]["text"]
        assert await story.state() == ("triggered", "")
        await press(story, workspace, "acknowledge", "U0BO001")
        assert await story.state() == ("acknowledged", "bo")


async def test_nobody_answers_in_anothers_direct_messages(
    connect: dict[str, Any], clock: MovableClock, workspace: sl.Slack
) -> None:
    async with chatty(connect, clock, contact("ana", "slack", "U0ANA01"), **slack_settings(workspace)) as story:
        await story.fires("DiskFull")
        await press(story, workspace, "acknowledge", "U0STRANGER")
        assert await story.state() == ("triggered", "")


async def test_a_direct_message_to_the_app_is_an_answer(
    connect: dict[str, Any], clock: MovableClock, workspace: sl.Slack
) -> None:
    async with chatty(connect, clock, contact("ana", "slack", "U0ANA01"), **slack_settings(workspace)) as story:
        await story.fires("DiskFull")

        async def event(body: bytes) -> httpx2.Response:
            return await story.post("/callbacks/slack/events", body, **sl.sign(body, story.clock.now().timestamp()))

        challenge = await event(json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode())
        assert challenge.json() == {"challenge": "3eZbrw1aB"}
        await event(sl.write("U0ANA01", "ack", "Ev0", bot_id="B1"))
        await event(b"[" * 20_000)
        assert await story.state() == ("triggered", "")
        await event(sl.write("U0ANA01", "nonsense please", "Ev1"))
        await event(sl.write("U0ANA01", "ack INC-1", "Ev2"))
        await event(sl.write("U0ANA01", "ack INC-1", "Ev2"))
        assert await story.state() == ("acknowledged", "ana")
        said = [post["text"] for post in workspace.posts.values() if post["channel"] == "D0ANA01" and "ts" not in post]
        assert said[0].startswith("Muster did not understand this.")
        assert said[1] == "You have INC-1: DiskFull happened."
        assert len(said) == 2


async def test_mattermosts_button_and_command_answer(connect: dict[str, Any], clock: MovableClock) -> None:
    async with mm.Mattermost() as server:
        server.join("ana")
        settings = {"mattermost_url": server.url, "mattermost_token": mm.TOKEN, "mattermost_command_token": COMMAND}
        async with chatty(connect, clock, contact("ana", "mattermost", "@ana"), **settings) as story:
            await story.fires("DiskFull")
            [post] = server.posts.values()
            url, body = mm.press(post["props"]["attachments"][0], "acknowledge", "ana")
            path = url.removeprefix("http://127.0.0.1:8600")
            assert path.startswith("/callbacks/mattermost/")
            assert (await story.post(path[:-2] + "xx", body)).status_code == 403
            stranger = await story.post(path, mm.press(post["props"]["attachments"][0], "acknowledge", "mallory")[1])
            assert "knows nobody by mallory" in stranger.json()["ephemeral_text"]
            assert await story.state() == ("triggered", "")
            assert (await story.post(path, body)).json() == {"ephemeral_text": "You have INC-1: DiskFull happened."}
            assert await story.state() == ("acknowledged", "ana")
            assert "Acknowledged by Ana" in json.dumps(server.posts)

            await story.fires("SecondThing")
            form = f"token={COMMAND}&user_name=ana&command=%2Fmuster&text=ack".encode()
            wrong = await story.post("/callbacks/mattermost/command", form.replace(b"token=c", b"token=x"))
            assert wrong.status_code == 403
            said = await story.post("/callbacks/mattermost/command", form)
            assert said.json()["text"] == "You have INC-2: SecondThing happened."


async def test_a_chat_in_telegram_is_linked_proved_paged_and_answered(
    connect: dict[str, Any], clock: MovableClock
) -> None:
    async with tg.Telegram() as server:
        settings = {"telegram_token": tg.TOKEN, "telegram_api": server.url, "telegram_answers": "webhook"}
        async with chatty(connect, clock, **settings) as story:
            await story.settle()
            secret = server.hook["secret_token"]
            assert server.hook["url"] == "http://127.0.0.1:8600/callbacks/telegram"

            async def update(number: int, **content: Any) -> int:
                body = json.dumps({"update_id": number, **content}).encode()
                answer = await story.post("/callbacks/telegram", body, x_telegram_bot_api_secret_token=secret)
                return answer.status_code

            async with story.unit("ana") as unit:
                made = await invite(unit)
            assert made.url == f"https://t.me/contoso_muster_bot?start={made.code}"
            forged = await story.post("/callbacks/telegram", b"{}", x_telegram_bot_api_secret_token="guess")
            assert forged.status_code == 403
            await update(1, message=tg.wrote(4711, "/start wrong"))
            assert "used already or has expired" in server.sent[1]["text"]
            await update(2, message=tg.wrote(4711, f"/start {made.code}"))
            assert "Linked" in server.sent[2]["text"]
            await update(3, message=tg.wrote(666, f"/start {made.code}"))
            assert "used already" in server.sent[3]["text"]
            row = (
                "SELECT count(*) FROM contacts WHERE kind = 'telegram' AND address = '4711' AND verified_at IS NOT NULL"
            )
            assert await story.count(row) == 1

            await story.turn_round("ana")
            await story.fires("DiskFull")
            page = server.sent[4]
            assert page["chat_id"] == "4711"
            await update(4, callback_query=tg.pressed(page, "Acknowledge", 666))
            assert "knows nobody by 666" in server.said[0]["text"]
            assert await story.state() == ("triggered", "")
            for _ in range(2):
                assert await update(5, callback_query=tg.pressed(page, "Acknowledge", 4711)) == 200
            assert await story.state() == ("acknowledged", "ana")
            assert [each["text"] for each in server.said[1:]] == ["You have INC-1: DiskFull happened."]
            assert "Acknowledged by" in server.sent[4]["text"]
            assert await update(6, message={"chat": {"id": "x"}}) == 200


async def test_a_browser_that_is_gone_is_dropped_and_the_next_contact_rings(
    connect: dict[str, Any], clock: MovableClock
) -> None:
    async with PushService() as service:
        address, secret = service.browser()
        async with chatty(connect, clock) as story:
            await story.use_browser(address, secret)
            await story.fires("DiskFull")
            assert [each["ref"] for each in service.pushes] == ["INC-1"]
            push = service.pushes[0]
            path = push["receipt"].removeprefix("http://127.0.0.1:8600")
            assert (await story.post(path[:-2] + "xx", b"")).status_code == 403
            assert (await story.post(path, b"")).status_code == 204
            assert (await story.messages())[0][1:] == ("delivered", "The browser has shown it.")

            service.gone["phone"] = 410
            await story.fires("SecondThing")
            assert [each.phone for each in story.texts] == ["ana"]
            told = {state: reason for _, state, reason in await story.messages(2)}
            assert set(told) == {"failed", "handed_over"}
            assert "takes no pushes at this address any more" in told["failed"]
            gone = "SELECT count(*) FROM contacts WHERE kind = 'web_push' AND active"
            assert await story.count(gone) == 0
            lost = "SELECT count(*) FROM ledger WHERE kind = 'ContactLost' AND reason LIKE '%410%'"
            assert await story.count(lost) == 1


async def test_a_notifications_buttons_answer(connect: dict[str, Any], clock: MovableClock) -> None:
    async with PushService() as service:
        address, secret = service.browser()
        async with chatty(connect, clock) as story:
            await story.use_browser(address, secret)
            await story.fires("DiskFull")
            push = service.pushes[0]
            root = "http://127.0.0.1:8600"
            said = await story.post(push["escalate"].removeprefix(root), b"")
            assert said.json() == {"said": "INC-1: the next are being paged."}
            assert [each.phone for each in story.texts] == ["bo"]
            said = await story.post(push["acknowledge"].removeprefix(root), b"")
            assert said.json() == {"said": "You have INC-1: DiskFull happened."}
            assert await story.state() == ("acknowledged", "ana")
            # The receipt's address answers nothing, and an answer's address is no receipt.
            swapped = push["acknowledge"].removeprefix(root).replace("/answer/", "/web_push/")
            assert (await story.post(swapped, b"")).status_code == 403
