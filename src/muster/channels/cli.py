"""`muster channel`: what carries pages, whether it works, and how a chat becomes one's own."""

import sys

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table

channel = cyclopts.App(name="channel", help="What carries pages.")
COLUMNS = {"channel": "channel", "ok": "accepted", "reason": "reason"}


@channel.command(name="check")
def check(*, json: Json = False) -> None:
    """Try each channel's credentials at its provider; exit code 1 if any is refused."""
    items = Client().get("/channels/check")["items"]
    if json:
        emit_json(items)
    else:
        shown = [{**item, "ok": {True: "yes", False: "no", None: ""}[item["ok"]]} for item in items]
        emit_table(shown, COLUMNS, json=False, empty="There are no channels.")
    if any(item["ok"] is False for item in items):
        sys.exit(1)


@channel.command(name="link-telegram")
def link_telegram(*, json: Json = False) -> None:
    """Get the code that makes a Telegram chat your own contact; say it to the bot, or open the link."""
    emit_facts(Client().post("/telegram/link"), json=json)


@channel.command(name="push-key")
def push_key(*, json: Json = False) -> None:
    """Show this Muster's public key for web push (VAPID)."""
    emit_facts(Client().get("/web-push/key"), json=json)
