"""An account at Twilio and the one way to talk to its API."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from muster.base.http import Http, ParsedUrl, Response, read_url
from muster.channels.http_receipts import cut_short, exchange, wait_of
from muster.channels.telephony.twilio.errors import explain
from muster.kit.errors import Fault
from muster.paging.channel import Receipt, handed_over, refused, retry

API = "https://api.twilio.com"


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """`sid` (AC…) and `token` sign in and sign callbacks; `sender` is a number (+1…), a short code, a name, or a messaging
    service (MG…); `api` is the root of the API (a region's, or another that speaks the same); `here` is Muster's public
    address, empty where it has none: Twilio refuses to send what is to be reported to an address that it cannot reach."""

    sid: str
    sender: str
    token: str = field(default="", repr=False)
    caller: str = ""
    api: str = API
    here: str = ""
    language: str = "en-US"

    @property
    def missing(self) -> str:
        """A sentence that says which settings are still to be made."""
        wanted = {
            "MUSTER_TWILIO_ACCOUNT": self.sid,
            "MUSTER_TWILIO_TOKEN": self.token,
            "MUSTER_TWILIO_FROM": self.sender,
        }
        names = [name for name, value in wanted.items() if not value]
        return f"Twilio is not set up: set {' and '.join(names)}." if names else ""

    def callback(self, path: str) -> str:
        """The address of one of Muster's routes for Twilio."""
        return f"{self.here}/callbacks/twilio/{path}"


async def create(http: Http, account: TwilioAccount, resource: str, form: Mapping[str, str]) -> Receipt:
    """POST a form to a resource of the account, such as `Messages`; the receipt carries the new thing's SID.

    Twilio knows no idempotency key for these resources: what was lost on the way back may go out twice.
    """
    target = read_url(f"{account.api.rstrip('/')}/2010-04-01/Accounts/{account.sid}/{resource}.json")
    if isinstance(target, Fault):
        return refused(f"MUSTER_TWILIO_URL cannot be used: {target.rule}")
    credentials = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
    headers = {
        "authorization": f"Basic {credentials}",
        "content-type": "application/x-www-form-urlencoded",
        "accept": "application/json",
    }
    response = await exchange(http, "POST", target, headers, urlencode(form).encode())
    return response if isinstance(response, Receipt) else _read(target, response)


def _read(target: ParsedUrl, response: Response) -> Receipt:
    said = response.json()
    body = said if isinstance(said, dict) else {}
    if 200 <= response.status < 300:
        if (cut := cut_short(target.host, response)) is not None:
            return cut
        sid = body.get("sid")
        if not isinstance(sid, str) or not sid:
            # Taken or not, nobody knows: another try may double the message, none may lose it.
            return retry(f"{target.host} answered {response.status} with something that is not Twilio's.")
        if body.get("status") in ("failed", "undelivered", "canceled"):
            return refused(f"Twilio took it and failed at once: {body.get('error_message') or body['status']}.")
        return handed_over(f"Twilio took it ({body.get('status', 'accepted')}).", sid[:64])
    return explain(target.host, response.status, body, response.text(), wait_of(response))
