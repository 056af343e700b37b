"""Twilio's error codes in sentences, and whether trying again may help (https://www.twilio.com/docs/api/errors). Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from muster.paging.channel import Receipt, refused, retry
from muster.paging.wording import one_line, shorten

MEANINGS = {
    20003: "the account or its token is wrong (MUSTER_TWILIO_ACCOUNT, MUSTER_TWILIO_TOKEN), or the account is suspended",
    20404: "the account does not exist there (MUSTER_TWILIO_ACCOUNT, MUSTER_TWILIO_URL)",
    20429: "too many requests at once",
    13223: "this is not a phone number that can be called",
    13224: "this number is invalid",
    13225: "calls to this number are blocked",
    13227: "calls to this country are not enabled in Twilio's geographic permissions",
    21201: "no number to call was given",
    21210: "the number in MUSTER_TWILIO_FROM is not verified for calls",
    21211: "the number is wrong",
    21212: "the sender in MUSTER_TWILIO_FROM is wrong",
    21214: "the number cannot be reached",
    21215: "calls to this country are not enabled in Twilio's geographic permissions",
    21216: "calls to this number are blocked",
    21217: "the number is wrong",
    21219: "a trial account reaches verified numbers only",
    21265: "a short code cannot be written to",
    21266: "the number is the sender's own",
    21401: "the sender in MUSTER_TWILIO_FROM cannot send text messages",
    21408: "text messages to this country are not enabled in Twilio's geographic permissions",
    21601: "the sender in MUSTER_TWILIO_FROM cannot send text messages",
    21603: "no sender was given (MUSTER_TWILIO_FROM)",
    21604: "no number to write to was given",
    21606: "the sender in MUSTER_TWILIO_FROM is not of this account",
    21608: "a trial account reaches verified numbers only",
    21610: "its owner has opted out; they opt in again by sending START to the sender",
    21611: "too many messages wait at this sender",
    21612: "this sender cannot reach this number",
    21614: "the number is no mobile number",
    21617: "the text is too long",
    30001: "too many messages wait at this sender",
    30002: "the account is suspended",
    30003: "the phone is off or out of reach",
    30004: "the phone's owner or network blocks it",
    30005: "the number is unknown or out of service",
    30006: "the number is a landline, or its network cannot be reached",
    30007: "the network took it for spam",
    30008: "it failed for a reason that the network does not tell",
    30009: "a part of the message was lost",
    30010: "the message costs more than the account allows",
    30017: "the network is congested",
    30022: "the network's limit for this sender is used up for now",
    30023: "the network's daily limit for this sender is used up",
    30024: "the sender is not provisioned at the network",
    30032: "the toll-free sender is not verified",
    30034: "the sender is not registered at the networks (A2P 10DLC)",
    30036: "it waited for too long",
    30410: "the network did not answer in time",
    30500: "Twilio had a problem of its own",
    32001: "Twilio is being sent too much",
}
_AGAIN = frozenset({20429, 20503, 21611, 30001, 30017, 30022, 30410, 30500, 32001})


def explain(host: str, status: int, body: Mapping[str, Any], text: str, wait: timedelta | None) -> Receipt:
    """The receipt of an answer that is no success."""
    code = body.get("code")
    number = code if isinstance(code, int) else 0
    said = shorten(one_line(str(body.get("message") or text)), 200)
    reason = f"Twilio refused it ({number}): {meaning(number, said)}." if number else ""
    if status == 429 or status >= 500 or status in (408, 425) or number in _AGAIN:
        problem = "is being sent too much" if status == 429 or number in (20429, 32001) else "has a problem of its own"
        return retry(f"{host} {problem} ({status}){f': {said}' if said else ''}.".replace("..", "."), wait)
    if status in (401, 403) and not number:
        return refused(f"{host} does not accept the account or its token ({status}): {MEANINGS[20003]}.")
    return refused(reason or f"{host} answered {status}{f' and said: {said}' if said else ''}.")


def failure(code: str, status: str) -> str:
    """A sentence about a message that failed after it was taken."""
    if code.isdecimal():
        return f"It was not delivered ({code}): {meaning(int(code), 'no reason given')}."
    return f"It was not delivered: Twilio calls it {status}."


def meaning(code: int, said: str) -> str:
    """What a code means, else what Twilio said."""
    return MEANINGS.get(code) or said.rstrip(".") or "no reason given"
