"""What `muster doctor` looks at of text messages, calls and answers by mail: settings, credentials, connections."""

import asyncio
import base64
from collections.abc import Sequence
from pathlib import Path

from muster.base.http import Http, Timeouts, Unreachable
from muster.base.postgres import Finding
from muster.base.secrets import Secrets
from muster.base.settings import Settings
from muster.channels.email.actions.mailbox import MailboxAway, MailboxSettings, check
from muster.channels.email.jobs.incoming import read_answers, read_mailbox
from muster.channels.telephony.build import build_vendors, read_account
from muster.channels.telephony.port import Vendor
from muster.channels.telephony.smpp.session import Broken, Refused, open_session
from muster.channels.telephony.smpp.settings import SmppSettings, read_smpp
from muster.channels.telephony.smpp.status import meaning
from muster.kit.errors import Problem

PATIENCE = 5.0


async def examine_phones(settings: Settings) -> list[Finding]:
    """Findings about text messages, calls and incoming mail."""
    http = Http(allow_private=settings.allow_private_targets, timeouts=Timeouts(PATIENCE, PATIENCE, PATIENCE))
    try:
        sms, voice = build_vendors(settings, http)
        found = [_vendors("text messages", sms), _vendors("calls", voice)]
        if settings.twilio_account and not read_account(settings).missing:
            found.append(await _twilio(settings, http))
    except Problem as problem:
        return [Finding("text messages", False, problem.title, str(problem)), await _answers(settings)]
    finally:
        await http.close()
    if settings.smpp:
        found.append(await _smpp(settings))
    if settings.modem:
        found.append(_modem(Path(settings.modem.partition("@")[0])))
    return [*found, await _answers(settings)]


def _vendors(name: str, vendors: Sequence[Vendor]) -> Finding:
    missing = [vendor.missing for vendor in vendors if vendor.missing]
    if not vendors:
        return Finding(name, True, f"{name.capitalize()} are off: no vendor is set up.")
    if missing:
        return Finding(name, False, f"{name.capitalize()} are not ready.", " ".join(missing))
    return Finding(name, True, f"{name.capitalize()} leave by {', then '.join(vendor.name for vendor in vendors)}.")


def _modem(device: Path) -> Finding:
    there = device.exists()
    sentence = f"The modem {device} is {'there' if there else 'not there'}."
    return Finding("modem", there, sentence, "" if there else "Plug it in, or correct MUSTER_MODEM.")


async def _twilio(settings: Settings, http: Http) -> Finding:
    account = read_account(settings)
    credentials = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
    url = f"{account.api.rstrip('/')}/2010-04-01/Accounts/{account.sid}.json"
    try:
        answer = await http.request("GET", url, headers={"authorization": f"Basic {credentials}"})
    except Unreachable as failure:
        return Finding("twilio", False, str(failure), "Check the way out to MUSTER_TWILIO_URL.")
    body = answer.json()
    status = body.get("status") if isinstance(body, dict) else None
    if answer.status == 200 and status == "active":
        lost = "" if account.here else " Without MUSTER_PUBLIC_URL it brings back no receipts and no answers."
        return Finding("twilio", True, f"Twilio knows the account, and it is active.{lost}")
    if answer.status == 200:
        return Finding("twilio", False, f"The account at Twilio is {status}.", "Look at the console of Twilio.")
    fix = "Check MUSTER_TWILIO_ACCOUNT and MUSTER_TWILIO_TOKEN."
    return Finding("twilio", False, f"Twilio does not accept the credentials ({answer.status}).", fix)


async def _smpp(settings: Settings) -> Finding:
    read = read_smpp(settings.smpp, settings.sms_from)
    assert isinstance(read, SmppSettings)

    async def deaf(_: object) -> None:
        raise ConnectionError("only looking")

    try:
        session = await open_session(read, deaf)
        await session.close()
    except Refused as error:
        sentence = f"The message centre {read.host} does not let Muster in: {meaning(error.status)}."
        return Finding("smpp", False, sentence, "Check user and password in MUSTER_SMPP.")
    except Broken as error:
        return Finding("smpp", False, str(error), "Check host and port in MUSTER_SMPP.")
    return Finding("smpp", True, f"The message centre {read.host} lets Muster in.")


async def _answers(settings: Settings) -> Finding:
    name = "answers by mail"
    try:
        addresses, mailbox = read_answers(settings, Secrets(bytes(32))), read_mailbox(settings)
    except Problem as problem:
        return Finding(name, False, problem.title, str(problem))
    if addresses is None:
        return Finding(name, True, "Answers by mail are off (MUSTER_MAIL_IN is not set).")
    if mailbox is not None:
        return await _mailbox(name, mailbox)
    return Finding(name, True, f"Mail to {addresses.base} is taken on {settings.mail_host}:{settings.mail_port}.")


async def _mailbox(name: str, mailbox: MailboxSettings) -> Finding:
    try:
        await asyncio.to_thread(check, mailbox)
    except MailboxAway as error:
        return Finding(name, False, str(error), "Check the settings MUSTER_IMAP_….")
    return Finding(name, True, f"The mailbox at {mailbox.host} can be read.")
