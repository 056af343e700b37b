"""Teams, Mattermost and Telegram, each against a double that speaks its documented form and injects its faults."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.doubles import mattermost as mm
from tests.doubles import telegram as tg
from tests.doubles.http_sink import Fault, HttpSink, Reply
from tests.doubles.messages import ACKNOWLEDGE, INCIDENT, a_message
from tests.doubles.teams import Teams, refusal

from muster.base.http import Http
from muster.base.secrets import load_secrets
from muster.channels.callback_links import CallbackLinks, CallbackSubject
from muster.channels.mattermost.channel import MattermostChannel
from muster.channels.teams.channel import TeamsChannel
from muster.channels.telegram.channel import Hook, TelegramChannel
from muster.paging.channel import MessageKind, SendOutcome

LONG = {"happening": "&\\*" * 800, "why": "<" * 1200, "next_steps": ("é" * 1200,), "title": "x" * 500}
ODD: list[dict[str, Any]] = [
    LONG,
    {"title": "", "happening": "", "why": "", "url": "", "acknowledge_url": None, "guides": (), "acknowledge_by": None},
    {"kind": MessageKind.RESOLVED},
    {"kind": MessageKind.TEST},
]


class Now:
    """A fixed time."""

    def now(self) -> datetime:
        """The present."""
        return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def links(tmp_path: Path) -> CallbackLinks:
    """Signed addresses."""
    return CallbackLinks("https://muster.example", load_secrets(tmp_path), Now())


async def test_teams_gets_a_card_with_links(http: Http) -> None:
    async with Teams() as teams:
        receipt = await TeamsChannel(http).send(teams.address, a_message())
        assert receipt.outcome is SendOutcome.HANDED_OVER, receipt
        [card] = teams.cards
    assert card["body"][0]["inlines"][0]["text"] == "CRITICAL INC-142: Checkout <errors> & more"
    assert [(each["title"], each["url"]) for each in card["actions"]] == [
        ("Acknowledge", ACKNOWLEDGE),
        ("Open INC-142", INCIDENT),
        ("Runbook", "https://wiki.example/checkout"),
    ]


@pytest.mark.parametrize("changes", ODD)
async def test_teams_takes_every_message(http: Http, changes: dict[str, Any]) -> None:
    async with Teams() as teams:
        receipt = await TeamsChannel(http).send(teams.address, a_message(**changes))
        assert receipt.outcome is SendOutcome.HANDED_OVER, receipt


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (refusal(404, "WorkflowNotFound"), SendOutcome.REFUSED, "the workflow was deleted"),
        (refusal(400, "WorkflowTriggerIsNotEnabled"), SendOutcome.REFUSED, "turned off"),
        (refusal(401, "InvalidSasSignature"), SendOutcome.REFUSED, "copy it again"),
        (refusal(403, "Unheard"), SendOutcome.REFUSED, "forbids"),
        (Reply(429, b"", {"Retry-After": "9"}), SendOutcome.RETRY, "too much"),
        (Reply(502, b"<html>"), SendOutcome.RETRY, "problem of its own"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (Fault.CLOSE, SendOutcome.RETRY, "no whole answer"),
    ],
)
async def test_every_fault_of_teams_is_explained(http: Http, answer: Any, outcome: SendOutcome, words: str) -> None:
    async with HttpSink(answer) as sink:
        receipt = await TeamsChannel(http).send(f"{sink.url}/workflows/x?sig=s3cr3t", a_message())
    assert (receipt.outcome, words in receipt.reason) == (outcome, True), receipt
    assert "s3cr3t" not in receipt.reason


def test_the_connectors_that_microsoft_retired_are_named(http: Http) -> None:
    fault = TeamsChannel(http).check_address("https://contoso.webhook.office.com/webhookb2/x/IncomingWebhook/y")
    assert fault
    assert "retired" in fault.rule
    assert TeamsChannel(http).check_address("https://prod-7.westeurope.logic.azure.com/workflows/x?sig=y") is None


def bot(http: Http, links: CallbackLinks, server: mm.Mattermost, token: str = mm.TOKEN) -> MattermostChannel:
    """The channel of a bot."""
    return MattermostChannel(http, links, server.url, token)


async def test_mattermosts_bot_writes_to_a_person(http: Http, links: CallbackLinks) -> None:
    async with mm.Mattermost() as server:
        server.join("ana")
        channel = bot(http, links, server)
        receipt = await channel.send("@ana", a_message())
        assert receipt.outcome is SendOutcome.HANDED_OVER, receipt
        await channel.send("ana", a_message())
        looked_up = [each.path for each in server.requests if "username" in each.path]
        post = server.posts[receipt.provider_id]
        assert len(looked_up) == 1
        [attachment] = post["props"]["attachments"]
        url, _ = mm.press(attachment, "escalate", "ana")
        assert links.read("mattermost", url.rpartition("/")[2]) == CallbackSubject(a_message().delivery_id, "escalate")
        assert r"\<b\>now\</b\>" in attachment["text"]
        assert attachment["title_link"] == INCIDENT
        calm = a_message(kind=MessageKind.NOTICE)
        assert (await channel.renew("@ana", receipt.provider_id, calm)).outcome is SendOutcome.HANDED_OVER
        assert "actions" not in server.posts[receipt.provider_id]["props"]["attachments"][0]
        assert (await channel.renew("@ana", "gone", calm)).outcome is SendOutcome.REFUSED


async def test_mattermosts_webhook_gets_the_same_buttons(http: Http, links: CallbackLinks) -> None:
    async with mm.Mattermost() as server:
        channel = MattermostChannel(http, links)
        assert (await channel.send(server.hook, a_message())).outcome is SendOutcome.HANDED_OVER
        [hooked] = server.hooked
        assert [each["id"] for each in hooked["attachments"][0]["actions"]] == ["acknowledge", "escalate"]
        refused = await channel.send(f"{server.url}/hooks/other", a_message())
        assert (refused.outcome, "Invalid webhook" in refused.reason) == (SendOutcome.REFUSED, True)


@pytest.mark.parametrize("changes", ODD)
async def test_mattermost_takes_every_message(http: Http, links: CallbackLinks, changes: dict[str, Any]) -> None:
    async with mm.Mattermost() as server:
        server.join("ana")
        receipt = await bot(http, links, server).send("ana", a_message(**changes))
        assert receipt.outcome is SendOutcome.HANDED_OVER, receipt


async def test_mattermosts_own_refusals_are_explained(http: Http, links: CallbackLinks) -> None:
    async with mm.Mattermost() as server:
        server.join("bo", left=True)
        said = {
            "nobody": await bot(http, links, server).send("nobody", a_message()),
            "left": await bot(http, links, server).send("bo", a_message()),
            "token": await bot(http, links, server, "wrong").send("bo", a_message()),
            "off": await MattermostChannel(http, links).send("bo", a_message()),
        }
    assert all(each.outcome is SendOutcome.REFUSED for each in said.values())
    assert "Unable to find the user" in said["nobody"].reason
    assert "@bo has left" in said["left"].reason
    assert "MUSTER_MATTERMOST_TOKEN" in said["token"].reason
    assert "MUSTER_MATTERMOST_URL" in said["off"].reason


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Reply(429, b"", {"Retry-After": "2"}), "too much (429)"),
        (Reply(200, b"<html>"), "not as it does"),
        (Reply(503, b""), "problem of its own"),
        (Fault.HANG, "said nothing"),
        (Fault.RESET, "no whole answer"),
    ],
)
async def test_every_fault_of_mattermost_is_tried_again(
    http: Http, links: CallbackLinks, answer: Any, words: str
) -> None:
    async with HttpSink(answer) as sink:
        receipt = await MattermostChannel(http, links, sink.url, mm.TOKEN).send("ana", a_message())
    assert (receipt.outcome, words in receipt.reason) == (SendOutcome.RETRY, True), receipt
    assert mm.TOKEN not in receipt.reason


def talker(http: Http, server: HttpSink, **more: Any) -> TelegramChannel:
    """The channel of a bot that listens."""
    return TelegramChannel(http, tg.TOKEN, api=server.url, **more)


async def test_telegrams_bot_writes_with_buttons(http: Http) -> None:
    async with tg.Telegram() as server:
        channel = talker(http, server)
        receipt = await channel.send("42", a_message())
        assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, "1"), receipt
        sent = server.sent[1]
        assert sent["text"].startswith("CRITICAL INC-142: Checkout <errors> & more\n\n")
        assert "parse_mode" not in sent
        answers, *links = sent["reply_markup"]["inline_keyboard"]
        assert [each["text"] for each in answers] == ["Acknowledge", "Escalate"]
        assert links == [
            [{"text": "Open INC-142", "url": INCIDENT}],
            [{"text": "Runbook", "url": "https://wiki.example/checkout"}],
        ]
        calm = a_message(kind=MessageKind.NOTICE, happening="Acknowledged by Ana at 03:07 UTC.")
        assert (await channel.renew("42", "1", calm)).outcome is SendOutcome.HANDED_OVER
        assert "callback_data" not in str(server.sent[1])
        assert (await channel.renew("42", "7", calm)).outcome is SendOutcome.REFUSED


async def test_telegram_takes_no_link_to_this_machine_as_a_button(http: Http) -> None:
    async with tg.Telegram() as server:
        receipt = await talker(http, server).send("42", a_message(url="http://localhost:8600/incidents/INC-142"))
        assert receipt.outcome is SendOutcome.HANDED_OVER, receipt
        assert "Open INC-142: http://localhost:8600/incidents/INC-142" in server.sent[1]["text"]


@pytest.mark.parametrize("changes", ODD)
async def test_telegram_takes_every_message(http: Http, changes: dict[str, Any]) -> None:
    async with tg.Telegram() as server:
        receipt = await talker(http, server).send("-100123", a_message(**changes))
        assert receipt.outcome is SendOutcome.HANDED_OVER, receipt


async def test_without_listening_telegrams_buttons_are_links(http: Http) -> None:
    async with tg.Telegram() as server:
        await talker(http, server, answers="off").send("42", a_message())
        assert server.sent[1]["reply_markup"]["inline_keyboard"][0] == [{"text": "Acknowledge", "url": ACKNOWLEDGE}]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((403, "Forbidden: bot was blocked by the user"), "blocked the bot"),
        ((403, "Forbidden: user is deactivated"), "has left Telegram"),
        ((403, "Forbidden: bot can't initiate conversation with a user"), "write to the bot first"),
        ((400, "Bad Request: chat not found"), "no such chat"),
        ((400, "Bad Request: something new"), "something new"),
    ],
)
async def test_telegrams_own_refusals_are_explained(http: Http, refusal: tuple[int, str], words: str) -> None:
    async with tg.Telegram() as server:
        server.refusals["42"] = refusal
        receipt = await talker(http, server).send("42", a_message())
    assert (receipt.outcome, words in receipt.reason) == (SendOutcome.REFUSED, True), receipt


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (tg.flood(35), SendOutcome.RETRY, "too much (429)"),
        (
            Reply(401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}'),
            SendOutcome.REFUSED,
            "MUSTER_TELEGRAM_TOKEN",
        ),
        (Reply(200, b"<html>"), SendOutcome.RETRY, "not as it does"),
        (Reply(502, b"Bad Gateway"), SendOutcome.RETRY, "problem of its own"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (Fault.RESET, SendOutcome.RETRY, "no whole answer"),
    ],
)
async def test_every_fault_of_telegram_has_its_receipt(
    http: Http, answer: Any, outcome: SendOutcome, words: str
) -> None:
    async with HttpSink(answer) as sink:
        receipt = await TelegramChannel(http, tg.TOKEN, api=sink.url).send("42", a_message())
    assert (receipt.outcome, words in receipt.reason) == (outcome, True), receipt
    assert "ABC-DEF" not in receipt.reason
    if words.startswith("too much"):
        assert receipt.retry_after == timedelta(seconds=35)


async def test_telegram_is_told_which_way_updates_go(http: Http) -> None:
    async with tg.Telegram() as server:
        hook = Hook("https://muster.example/callbacks/telegram", "s3cr3t")
        assert await talker(http, server, answers="webhook", hook=hook).prepare() == "contoso_muster_bot"
        assert server.hook["secret_token"] == "s3cr3t"
        assert server.hook["allowed_updates"] == ["message", "callback_query"]
        polling = talker(http, server)
        assert not isinstance(await polling.updates(0), list)
        assert await polling.prepare() == "contoso_muster_bot"
        server.put(message=tg.wrote(42, "ack"))
        assert [each["update_id"] for each in await polling.updates(0)] == [101]
        assert await polling.updates(102) == []
