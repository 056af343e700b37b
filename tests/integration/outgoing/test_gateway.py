"""Any HTTP gateway: what is sent as its description says, what its answers mean, and what is wrong with descriptions."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.doubles.http_sink import Fault, HttpSink, Reply
from tests.doubles.messages import a_message

from muster.base.http import Http
from muster.channels.telephony.channels import SmsChannel, VoiceChannel
from muster.channels.telephony.gateway.spec import Gateway, read_gateways
from muster.channels.telephony.gateway.vendor import HttpGateway
from muster.channels.telephony.port import Callback
from muster.channels.telephony.port import PhoneReply as Answer
from muster.paging.channel import Receipt, SendOutcome

NUMBER = "+4915112345678"
SECRET = "0123456789abcdef"


def gateway(http: Http, **description: Any) -> HttpGateway:
    """The vendor of a description."""
    read = read_gateways(json.dumps({"own": description}))
    assert isinstance(read, dict), read
    return HttpGateway(http, "own", read["own"], "+491")


async def send(http: Http, **description: Any) -> Receipt:
    """Send an ordinary message."""
    return await SmsChannel([gateway(http, **description)]).send(NUMBER, a_message(happening='Say "hi" & <go>.'))


async def test_a_json_body_is_filled(http: Http) -> None:
    async with HttpSink(Reply(202, b'{"messages":[{"id":"m-1"}]}')) as sink:
        receipt = await send(
            http,
            url=f"{sink.url}/send",
            headers={"Authorization": "Bearer abc"},
            json={"to": ["{to}"], "text": "{text}", "from": "{from}", "ref": "{key}", "flash": False, "n": 1},
            id="messages.0.id",
        )
        [request] = sink.requests
    assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, "own:m-1")
    assert request.headers["authorization"] == "Bearer abc"
    assert request.json["to"] == [NUMBER]
    assert 'Say "hi" & <go>.' in request.json["text"]
    assert (request.json["from"], request.json["ref"]) == ("+491", "delivery-7-1")
    assert (request.json["flash"], request.json["n"]) == (False, 1)


async def test_a_form_a_query_and_xml_are_filled_safely(http: Http) -> None:
    async with HttpSink() as sink:
        await send(http, url=sink.url, form={"To": "{to}", "Text": "{text}"})
        await send(http, url=f"{sink.url}/x?to={{to}}&text={{text}}", method="GET")
        await send(http, url=sink.url, xml="<sms to='{to}'>{text}</sms>")
        form, query, xml = await sink.wait(3)
    assert parse_qs(form.body.decode())["To"] == [NUMBER]
    assert query.method == "GET"
    given = parse_qs(query.path.partition("?")[2])
    assert given["to"] == [NUMBER]
    assert 'Say "hi" & <go>.' in given["text"][0]
    assert b"Say &quot;hi&quot; &amp; &lt;go&gt;." in xml.body


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (Reply(200, b'{"status":"queued","id":7}'), SendOutcome.HANDED_OVER, "took it"),
        (
            Reply(200, b'{"status":"rejected","id":7,"why":"no credit"}'),
            SendOutcome.REFUSED,
            "status is rejected (no credit)",
        ),
        (Reply(200, b'{"id":7}'), SendOutcome.REFUSED, "status is absent"),
        (Reply(200, b'{"status":"queued"}'), SendOutcome.RETRY, "without the message's id"),
        (Reply(201, b'{"status":"queued","id":7}'), SendOutcome.REFUSED, "201"),
        (Reply(400, b'{"why":"bad number"}'), SendOutcome.REFUSED, "bad number"),
        (Reply(429, b"", {"Retry-After": "9"}), SendOutcome.RETRY, "too much"),
        (Reply(503, b"<html>"), SendOutcome.RETRY, "problem of its own"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (b"garbage", SendOutcome.RETRY, "HTTP"),
    ],
)
async def test_every_answer_means_something(http: Http, answer: Any, outcome: SendOutcome, words: str) -> None:
    async with HttpSink(answer) as sink:
        receipt = await send(
            http,
            url=sink.url,
            json={"text": "{text}"},
            accepted=[200],
            accepted_if=["status", ["queued", "sent"]],
            id="id",
            error="why",
        )
    assert receipt.outcome is outcome, receipt
    assert words in receipt.reason


async def test_the_id_may_stand_in_a_header(http: Http) -> None:
    async with HttpSink(Reply(200, b"ok", {"X-Message-Id": "h-1"})) as sink:
        assert (await send(http, url=sink.url, form={"t": "{text}"}, id="header:X-Message-Id")).provider_id == "own:h-1"


async def test_a_call_hands_over_what_is_to_be_said(http: Http) -> None:
    async with HttpSink() as sink:
        description = {"url": sink.url, "for": "voice", "json": {"say": "{text}", "about": "{delivery}"}}
        await VoiceChannel([gateway(http, **description)]).send(NUMBER, a_message())
        assert sink.requests[0].json["say"].startswith("This is Muster. Critical incident INC 1 4 2.")
        assert sink.requests[0].json["about"] == str(a_message().delivery_id)


CALLBACKS: dict[str, Any] = {
    "url": "https://gw.example/{to}",
    "form": {"t": "{text}"},
    "id": "id",
    "callbacks": {"secret": SECRET, "by": "hmac-sha256", "header": "X-Sign"},
    "reports": {"id": "data.id", "status": "data.status", "delivered": ["ok"], "failed": ["ko"], "reason": "data.why"},
    "replies": {"from": "msisdn", "text": "words"},
}


def call(body: bytes, *, url: str = "https://m.example/x", **headers: str) -> Callback:
    """A callback with a JSON body."""
    return Callback(url, {"content-type": "application/json", **headers}, body)


def test_callbacks_prove_themselves_in_any_of_three_ways(http: Http) -> None:
    body = b'{"data":{"id":7,"status":"ok"}}'
    mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    signed = gateway(http, **CALLBACKS)
    assert not signed.verify(call(body, **{"x-sign": mac}))
    assert not signed.verify(call(body, **{"x-sign": f"sha256={mac}"}))
    assert "X-Sign" in signed.verify(call(body + b" ", **{"x-sign": mac}))
    assert signed.verify(call(body))
    assert signed.verify(call(body, **{"x-sign": "é"}))
    header = gateway(http, **{**CALLBACKS, "callbacks": {"secret": SECRET, "by": "header", "header": "authorization"}})
    assert not header.verify(call(body, authorization=f"Bearer {SECRET}"))
    assert header.verify(call(body, authorization="Bearer x"))
    query = gateway(http, **{**CALLBACKS, "callbacks": {"secret": SECRET}})
    assert not query.verify(call(body, url=f"https://m.example/x?a=1&secret={SECRET}"))
    assert query.verify(call(body, url="https://m.example/x?secret="))


def test_reports_and_replies_are_found_by_their_paths(http: Http) -> None:
    own = gateway(http, **CALLBACKS)
    delivered = own.read_report(call(b'{"data":{"id":7,"status":"ok"}}'))
    failed = own.read_report(call(b'{"data":{"id":7,"status":"ko","why":"off"}}'))
    assert delivered is not None
    assert failed is not None
    assert (delivered.provider_id, delivered.outcome) == ("own:7", SendOutcome.DELIVERED)
    assert (failed.outcome, failed.reason) == (SendOutcome.REFUSED, "own could not deliver it (ko): off.")
    for nothing in (b'{"data":{"id":7,"status":"between"}}', b"[]", b"{", b'{"data":[]}'):
        assert own.read_report(call(nothing)) is None
    assert own.read_reply(call(b'{"msisdn":"4915112345678","words":"ack"}')) == Answer(NUMBER, "ack")
    form = Callback("https://m.example/x", {}, b"msisdn=..", {"msisdn": NUMBER, "words": "esc"})
    assert own.read_reply(form) == Answer(NUMBER, "esc")


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("[", "MUSTER_GATEWAYS", "not a JSON object"),
        ('{"a": {"url": "https://x/{text}", "colour": 1}}', "MUSTER_GATEWAYS a", "colour"),
        ('{"a": {}}', "MUSTER_GATEWAYS a", "url"),
        ('{"a": {"url": "ftp://x/{text}"}}', "MUSTER_GATEWAYS a.url", "http"),
        ('{"a": {"url": "https://x/{txt}"}}', "MUSTER_GATEWAYS a", "{txt} stands for nothing"),
        ('{"a": {"url": "https://x/"}}', "MUSTER_GATEWAYS a", "text stands nowhere"),
        ('{"twilio": {"url": "https://x/{text}"}}', "MUSTER_GATEWAYS twilio", "name"),
        ('{"a": {"url": "https://x/{text}", "json": {}, "form": {}}}', "MUSTER_GATEWAYS a", "exclude"),
        (
            '{"a": {"url": "https://x/{text}", "replies": {"from": "a", "text": "b"}}}',
            "MUSTER_GATEWAYS a.callbacks",
            "secret",
        ),
        (
            '{"a": {"url": "https://x/{text}", "callbacks": {"secret": "x"}}}',
            "MUSTER_GATEWAYS a.callbacks.secret",
            "short",
        ),
    ],
)
def test_a_wrong_description_is_told_precisely(text: str, field: str, words: str) -> None:
    faults = read_gateways(text)
    assert isinstance(faults, list)
    assert (faults[0].field, words in faults[0].rule) == (field, True), faults


def test_a_brace_may_be_meant() -> None:
    read = read_gateways('{"a": {"url": "https://x/", "xml": "{{{text}}}"}}')
    assert isinstance(read, dict)
    assert isinstance(read["a"], Gateway)
