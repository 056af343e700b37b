"""Twilio as its documentation describes it, over HTTP: takes messages and calls, reports by signed callbacks, misbehaves as told.

The signature is made here in its own words (twilio.com/docs/usage/security), not with Muster's code, and the double refuses
what the real API refuses: bad credentials, absent parameters, TwiML that is no XML, unknown parameters, addresses for reports
that only this machine can reach (but where `door` says that it stands on this machine).
"""

import base64
import hashlib
import hmac
import itertools
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

import httpx2

from tests.doubles.http_sink import Answer, Fault, HttpSink, Received, Reply

SID, TOKEN = "AC" + "0" * 32, "12345token"
PUBLIC = "https://public.example"
MESSAGE = {"To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod"}
CALL = {
    "To", "From", "Twiml", "Timeout", "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "MachineDetection",
    "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod",
}  # fmt: skip
TROUBLES: dict[str, Answer] = {
    "429": Reply(
        429, json.dumps({"code": 20429, "message": "Too Many Requests", "status": 429}).encode(), {"Retry-After": "7"}
    ),
    "500": Reply(500, json.dumps({"code": 20500, "message": "Internal Server Error", "status": 500}).encode()),
    "hang": Fault.HANG,
    "reset": Fault.RESET,
    "garbage": Reply(201, b"<html>a portal that wants you to sign in"),
}


@dataclass
class Taken:
    """A message or call that the double took."""

    kind: str
    sid: str
    form: dict[str, str]

    @property
    def to(self) -> str:
        """The number."""
        return self.form["To"]


@dataclass
class Twilio:
    """`async with Twilio() as twilio: …; await twilio.wait(1); await twilio.delivered(twilio.taken[0])`.

    `wrong` maps numbers to the error code with which they are refused; `next(trouble, …)` injects faults of `TROUBLES`.
    `call` sends a callback to `public`, as Twilio would to the address that it was given, connects to `door` through `transport`.
    """

    public: str = ""
    door: str = ""
    transport: Any = None
    wrong: dict[str, int] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sink = HttpSink(self._answer)
        self._troubles: deque[Answer] = deque()
        self._numbers = itertools.count(10_000)

    async def __aenter__(self) -> "Twilio":
        await self.sink.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.sink.__aexit__(*error)

    @property
    def settings(self) -> dict[str, str]:
        """The settings by which Muster uses this double."""
        return {
            "twilio_url": self.sink.url,
            "twilio_account": SID,
            "twilio_token": TOKEN,
            "twilio_from": "+15005550006",
        }

    def next(self, *troubles: str) -> None:
        """What the coming requests get."""
        self._troubles.extend(TROUBLES[each] for each in troubles)

    async def wait(self, count: int, within: float = 5.0) -> list[Taken]:
        """What was taken, once there are `count` of them."""
        await self.sink.wait(count, within)
        return self.taken

    async def delivered(self, taken: Taken) -> httpx2.Response:
        """The network says that a message arrived."""
        return await self.status(taken, "delivered")

    async def status(self, taken: Taken, status: str, code: int | None = None) -> httpx2.Response:
        """The status of a message or call changed."""
        if taken.kind == "call":
            return await self.call(
                taken.form["StatusCallback"], {"CallSid": taken.sid, "CallStatus": status, **self._about(taken)}
            )
        error = {"ErrorCode": str(code)} if code else {}
        values = {"MessageSid": taken.sid, "SmsSid": taken.sid, "MessageStatus": status, "SmsStatus": status, **error}
        return await self.call(taken.form["StatusCallback"], {**values, **self._about(taken)})

    async def answered_by(self, taken: Taken, who: str) -> httpx2.Response:
        """A call's answering machine detection is done."""
        values = {"CallSid": taken.sid, "AccountSid": SID, "AnsweredBy": who, "MachineDetectionDuration": "2400"}
        return await self.call(taken.form["AsyncAmdStatusCallback"], values)

    async def press(self, taken: Taken, digits: str) -> str:
        """Whoever answered pressed a key; what the call says then."""
        twiml = ElementTree.fromstring(taken.form["Twiml"])
        gather = twiml.find("Gather")
        assert gather is not None, "the call asks for no key"
        values = {"CallSid": taken.sid, "CallStatus": "in-progress", "Digits": digits, **self._about(taken)}
        answer = await self.call(gather.attrib["action"], values)
        assert answer.status_code == 200, answer.text
        return spoken(answer.text)

    async def text(self, sender: str, words: str, sid: str = "") -> str:
        """Somebody sends a text; what Twilio is to send back. With the `sid` of an earlier one it is told again."""
        sid = sid or f"SM{next(self._numbers):032x}"
        values = {"MessageSid": sid, "From": sender, "To": "+15005550006", "Body": words, "NumMedia": "0"}
        answer = await self.call(f"{self.public}/callbacks/twilio/sms", values)
        assert answer.status_code == 200, answer.text
        return "".join(ElementTree.fromstring(answer.text).itertext())

    async def call(self, url: str, values: Mapping[str, str], *, token: str = TOKEN) -> httpx2.Response:
        """A signed request to an address."""
        assert url.startswith(self.public), url
        body = urlencode(values).encode()
        headers = {
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "x-twilio-signature": sign(token, url, values),
            "user-agent": "TwilioProxy/1.1",
        }
        async with httpx2.AsyncClient(trust_env=False, timeout=20, transport=self.transport) as http:
            # The proxy in front of Muster has another name than the one that people know.
            there = (self.door or "http://127.0.0.1:8600") + url.removeprefix(self.public)
            return await http.post(there, content=body, headers=headers)

    def _about(self, taken: Taken) -> dict[str, str]:
        return {"AccountSid": SID, "To": taken.to, "From": taken.form.get("From", ""), "ApiVersion": "2010-04-01"}

    def _answer(self, request: Received) -> Answer:
        if self._troubles:
            return self._troubles.popleft()
        credentials = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {credentials}":
            return _error(401, 20003, "Authenticate")
        root = f"/2010-04-01/Accounts/{SID}"
        kinds = {f"{root}/Messages.json": ("message", MESSAGE), f"{root}/Calls.json": ("call", CALL)}
        if (request.method, request.path) == ("GET", f"{root}.json"):
            return Reply(200, json.dumps({"sid": SID, "status": "active"}).encode())
        if request.method != "POST" or request.path not in kinds:
            return _error(404, 20404, f"The requested resource {request.path} was not found")
        kind, known = kinds[request.path]
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
        form = dict(pairs)
        assert set(form) <= known, f"unknown parameters {set(form) - known}"
        if urlsplit(form.get("StatusCallback", PUBLIC)).hostname in ("127.0.0.1", "localhost") and not self.door:
            return _error(400, 21609, f"The 'StatusCallback' URL {form['StatusCallback']} is not a valid URL.")
        if form["To"] in self.wrong:
            return _error(400, self.wrong[form["To"]], "told by the double")
        if not form["To"].startswith("+") or not form["To"][1:].isdecimal():
            return _error(400, 21211, f"The 'To' number {form['To']} is not a valid phone number.")
        if kind == "message" and not 0 < len(form["Body"]) <= 1600:
            return _error(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        if kind == "call" and (len(form["Twiml"]) > 4000 or ElementTree.fromstring(form["Twiml"]).tag != "Response"):
            return _error(400, 21218, "Invalid TwiML")
        sid = ("SM" if kind == "message" else "CA") + f"{len(self.taken):032x}"
        self.taken.append(Taken(kind, sid, form))
        made = {"sid": sid, "account_sid": SID, "status": "queued", "to": form["To"], "error_code": None}
        return Reply(201, json.dumps(made).encode(), {"Content-Type": "application/json"})


def sign(token: str, url: str, values: Mapping[str, str]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 of the URL and the sorted parameters, in base64."""
    mac = hmac.new(token.encode("utf-8"), url.encode("utf-8"), hashlib.sha1)
    for name in sorted(values.keys()):
        mac.update(name.encode("utf-8") + values[name].encode("utf-8"))
    return base64.b64encode(mac.digest()).decode("ascii")


def spoken(twiml: str) -> str:
    """What TwiML says, sentence after sentence."""
    return " ".join(say.text or "" for say in ElementTree.fromstring(twiml).iter("Say"))


def _error(status: int, code: int, message: str) -> Reply:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, json.dumps({"code": code, "message": message, "more_info": more, "status": status}).encode())
