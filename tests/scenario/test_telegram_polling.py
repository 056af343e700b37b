"""A real Muster listens to Telegram from behind a firewall, links a chat, and goes on where it was after kill -9."""

import json
from typing import Any

from tests.doubles import mattermost as mm
from tests.doubles import slack as sl
from tests.doubles import telegram as tg
from tests.running import Running


async def test_polling_links_a_chat_and_takes_each_update_once_across_a_kill() -> None:
    async with tg.Telegram() as telegram, sl.Slack() as slack, mm.Mattermost() as mattermost:
        settings: dict[str, Any] = {
            "telegram_token": tg.TOKEN,
            "telegram_api": telegram.url,
            "slack_token": "xoxb-revoked",
            "slack_api": slack.api,
            "mattermost_url": mattermost.url,
            "mattermost_token": mm.TOKEN,
        }
        async with Running(**settings) as muster:
            await muster.init()
            await telegram.until(lambda: telegram.polls > 0)
            made = await muster.json("channel", "link-telegram")
            assert made["url"] == f"https://t.me/contoso_muster_bot?start={made['code']}"
            telegram.put(message=tg.wrote(4711, f"/start {made['code']}"))
            await telegram.until(lambda: bool(texts(telegram, "Linked")))
            [contact] = (await muster.api("GET", "/api/v1/persons/admin/contacts")).json()["items"]
            assert (contact["kind"], contact["address"], contact["verified"]) == ("telegram", "4711", True)

            await muster.kill()
            telegram.put(message=tg.wrote(4711, "help"))
            await muster.start()
            await telegram.until(lambda: bool(texts(telegram, "ack all")), within=60)
            await telegram.until(lambda: not telegram.queue)
            assert len(texts(telegram, "ack all")) == 1

            await muster.cli("page", "test", "admin")
            await telegram.until(lambda: bool(texts(telegram, "TEST: Test page from Muster")))

            checked = json.loads(_json(await muster.cli("channel", "check", "--json", code=1)))
            said = {each["channel"]: (each["ok"], each["reason"]) for each in checked}
            assert said["telegram"] == (True, "The provider knows Muster as @contoso_muster_bot.")
            assert said["mattermost"] == (True, "The provider knows Muster as @muster.")
            assert said["slack"][0] is False
            assert "MUSTER_SLACK_TOKEN" in said["slack"][1]
            assert said["teams"][0] is None
            doctor = await muster.cli("doctor", code=1)
            assert "BAD  Slack: Slack refused it: the token is not valid" in doctor
            assert "ok   Telegram: Telegram knows Muster as @contoso_muster_bot." in doctor
            assert tg.TOKEN not in doctor

            key = (await muster.json("channel", "push-key"))["public_key"]
            await muster.kill()
            await muster.start()
            assert (await muster.json("channel", "push-key"))["public_key"] == key


def texts(telegram: tg.Telegram, words: str) -> list[str]:
    """What the bot said with these words in it."""
    return [each["text"] for each in telegram.sent.values() if words in each["text"]]


def _json(printed: str) -> str:
    return printed[: printed.rindex("]") + 1]
