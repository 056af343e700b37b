"""What `muster doctor` looks at of text messages and calls: settings, credentials, connections."""

import base64
from collections.abc import Sequence
from pathlib import Path

from muster.base.http import Http, Unreachable
from muster.base.postgres import Finding
from muster.base.settings import Settings
from muster.channels.telephony.build import build_vendors, read_account
from muster.channels.telephony.port import PhoneVendor
from muster.channels.telephony.settings import TelephonySettings, TwilioSettings
from muster.channels.telephony.smpp.session import BindRefused, ConnectionLost, open_session
from muster.channels.telephony.smpp.settings import SmppSettings, read_smpp
from muster.channels.telephony.smpp.status import meaning
from muster.kit.errors import Problem


async def examine(settings: Settings, http: Http) -> list[Finding]:
    """Findings about text messages and calls."""
    try:
        sms, voice = build_vendors(settings, http)
    except Problem as problem:
        return [Finding("text messages", False, problem.title, str(problem))]
    findings = [_vendors("text messages", sms), _vendors("calls", voice)]
    own = settings.of(TelephonySettings)
    if settings.of(TwilioSettings).twilio_account and not read_account(settings).missing:
        findings.append(await _twilio(settings, http))
    if own.smpp:
        findings.append(await _smpp(own))
    if own.modem:
        findings.append(_modem(Path(own.modem.partition("@")[0])))
    return findings


def _vendors(name: str, vendors: Sequence[PhoneVendor]) -> Finding:
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


async def _smpp(settings: TelephonySettings) -> Finding:
    read = read_smpp(settings.smpp, settings.sms_from)
    assert isinstance(read, SmppSettings)

    async def deaf(_: object) -> None:
        raise ConnectionError("only looking")

    try:
        session = await open_session(read, deaf)
        await session.close()
    except BindRefused as error:
        sentence = f"The message centre {read.host} does not let Muster in: {meaning(error.status)}."
        return Finding("smpp", False, sentence, "Check user and password in MUSTER_SMPP.")
    except ConnectionLost as error:
        return Finding("smpp", False, str(error), "Check host and port in MUSTER_SMPP.")
    return Finding("smpp", True, f"The message centre {read.host} lets Muster in.")
