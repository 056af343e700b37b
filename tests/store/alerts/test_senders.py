"""Requests that must be their sender's own: secrets, Amazon's signatures, and subscriptions that are confirmed."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, SECRETS, count, stored
from tests.store.alerts.intakes import intake_on

from muster.alerts.actions import integrations
from muster.alerts.actions.intake import Intake, Reply
from muster.alerts.actions.receive import CONFIRM
from muster.alerts.integration_draft import IntegrationDraft
from muster.alerts.port import Request
from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.http.failure import Failure, Unreachable
from muster.base.http.wire import Response
from muster.base.work import Leased, queue
from muster.inbound.actions.senders import Senders
from muster.inbound.formats import forms
from muster.inbound.registry import FORMATS
from muster.inbound.vendors.sns_signature import signed_text, subscribe_fault
from muster.kit.errors import Invalid

PLACE = "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
CONFIRM_AT = "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=t&Token=abc"
TOPIC = "arn:aws:sns:eu-north-1:111122223333:ops"


class Amazon:
    """Amazon's side: a key that signs, its certificate, and what was asked of it. `away` is when nothing answers."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
        built = x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
        start = datetime(2026, 1, 1, tzinfo=UTC)
        built = built.not_valid_before(start).not_valid_after(start + timedelta(days=900))
        self.certificate = built.sign(self.key, SHA256()).public_bytes(Encoding.PEM)
        self.asked: list[str] = []
        self.away = False

    async def request(self, method: str, url: str) -> Response:
        """As the guarded client does."""
        self.asked.append(url)
        if self.away:
            raise Unreachable(Failure.TIMEOUT, "Nothing answers.")
        return Response(200, {}, self.certificate if url == PLACE else b"<ok/>")

    def signed(self, version: str = "2", **fields: str) -> dict[str, str]:
        """A message as Amazon signs it."""
        message = {"Type": "Notification", "MessageId": "1", "TopicArn": TOPIC, "Timestamp": "2026-03-02T09:00:00Z",
                   "SignatureVersion": version, "SigningCertURL": PLACE, **fields}  # fmt: skip
        digest = SHA256() if version == "2" else SHA1()
        message["Signature"] = base64.b64encode(self.key.sign(signed_text(message), PKCS1v15(), digest)).decode()
        return message

    def alarm(self, state: str, version: str = "2") -> dict[str, str]:
        """An alarm's change of state."""
        return self.signed(
            version, Message=json.dumps({"AlarmName": "cpu", "NewStateValue": state, "AlarmArn": "arn:cpu"})
        )


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return Amazon()


@pytest.fixture
def senders(amazon: Amazon) -> Senders:
    amazon.asked, amazon.away = [], False
    return Senders(SECRETS, amazon)


async def made(
    database: Database, tmp_path: Path, senders: Senders, name: str, secret: str | None = None, **options: Any
) -> Intake:
    async with database.unit(SYSTEM) as unit:
        draft = IntegrationDraft(name=name, format=name, key=KEY, secret=secret, options=options)
        await integrations.create(unit, draft, forms(), SECRETS)
    return intake_on(database, tmp_path / "spool", senders)


async def post(intake: Intake, at: MovableClock, body: Any, path: str = "/", **headers: str) -> Reply:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await intake.accept(
        KEY, Request(path, "POST", {"content-type": "application/json", **named}, {}, sent, at.now())
    )


@pytest.mark.parametrize("version", ["1", "2"])
async def test_an_alarm_that_amazon_signed_comes_and_goes(
    database: Database, tmp_path: Path, clock: MovableClock, senders: Senders, amazon: Amazon, version: str
) -> None:
    intake = await made(database, tmp_path, senders, "cloudwatch-sns")
    for state in ("ALARM", "OK"):
        assert (await post(intake, clock, amazon.alarm(state, version))).status == 200
    (alert,) = await stored(database)
    assert (alert.title, alert.status) == ("cpu", "resolved")
    assert amazon.asked == [PLACE]


async def test_what_amazon_did_not_sign_is_refused_counted_and_shown(
    database: Database, tmp_path: Path, clock: MovableClock, senders: Senders, amazon: Amazon
) -> None:
    intake = await made(database, tmp_path, senders, "cloudwatch-sns")
    altered = {**amazon.alarm("OK"), "Message": json.dumps({"AlarmName": "other", "NewStateValue": "OK"})}
    elsewhere = {**amazon.alarm("OK"), "SigningCertURL": "https://sns.eu-north-1.amazonaws.com.example.org/a.pem"}
    for forged in (altered, elsewhere, {**amazon.alarm("ALARM"), "Signature": "x"}):
        for path in ("/", "/generic", "/cloudwatch-sns"):
            reply = await post(intake, clock, forged, path)
            assert reply.status == 401
            assert reply.body["faults"][0]["field"] in ("Signature", "SigningCertURL")
    assert await count(database, "SELECT count(*) FROM signals WHERE outcome = 'malformed'") == 9
    assert await count(database, "SELECT count(*) FROM alerts") == 0
    assert set(amazon.asked) == {PLACE}


async def test_while_the_certificate_is_out_of_reach_an_alarm_fires_and_nothing_ends(
    database: Database, tmp_path: Path, clock: MovableClock, senders: Senders, amazon: Amazon
) -> None:
    intake = await made(database, tmp_path, senders, "cloudwatch-sns")
    amazon.away = True
    assert (await post(intake, clock, amazon.alarm("ALARM"))).status == 200
    assert (await post(intake, clock, amazon.alarm("OK"))).status == 503
    assert [alert.status for alert in await stored(database)] == ["firing"]
    amazon.away = False
    assert (await post(intake, clock, amazon.alarm("OK"))).status == 200
    assert [alert.status for alert in await stored(database)] == ["resolved"]


async def test_raw_messages_need_the_option_to_end_anything(
    database: Database, tmp_path: Path, clock: MovableClock, senders: Senders
) -> None:
    intake = await made(database, tmp_path, senders, "cloudwatch-sns")
    alarm = {"AlarmName": "cpu", "AlarmArn": "arn:cpu"}
    assert (await post(intake, clock, {**alarm, "NewStateValue": "ALARM"})).status == 200
    assert (await post(intake, clock, {**alarm, "NewStateValue": "OK"})).status == 503
    async with database.unit(SYSTEM) as unit:
        draft = IntegrationDraft(name="cloudwatch-sns", format="cloudwatch-sns", options={"signature": "off"})
        await integrations.update(unit, "cloudwatch-sns", draft, forms(), SECRETS)
    assert (await post(intake, clock, {**alarm, "NewStateValue": "OK"})).status == 200


async def test_only_named_topics_are_listened_to(
    database: Database, tmp_path: Path, clock: MovableClock, senders: Senders, amazon: Amazon
) -> None:
    intake = await made(database, tmp_path, senders, "cloudwatch-sns", topics=["arn:aws:sns:eu-north-1:1:other"])
    assert (await post(intake, clock, amazon.alarm("ALARM"))).status == 401


@pytest.mark.parametrize(
    ("change", "kind", "asked"),
    [
        ({}, "SubscriptionConfirmed", [PLACE, CONFIRM_AT]),
        ({"Token": "another"}, "SubscriptionRefused", [PLACE]),
        ({"SubscribeURL": "https://example.org/?Action=ConfirmSubscription"}, "SubscriptionRefused", []),
        ({"SigningCertURL": "https://169.254.169.254/a.pem"}, "SubscriptionRefused", []),
    ],
)
async def test_a_subscription_is_confirmed_only_where_amazon_asks_for_it(
    database: Database, tmp_path: Path, clock: MovableClock, senders: Senders, amazon: Amazon,
    change: dict[str, str], kind: str, asked: list[str],
) -> None:  # fmt: skip
    intake = await made(database, tmp_path, senders, "cloudwatch-sns")
    message = amazon.signed(Type="SubscriptionConfirmation", Message="Confirm.", Token="abc", SubscribeURL=CONFIRM_AT)
    reply = await post(intake, clock, {**message, **change})
    assert reply.status == 200
    assert TOPIC in reply.body["ignored"][0]
    await run_confirmation(database, senders)
    assert amazon.asked == asked
    assert await count(database, "SELECT count(*) FROM ledger WHERE kind = $1", kind) == 1
    assert await count(database, "SELECT count(*) FROM alerts") == 0


async def run_confirmation(database: Database, senders: Senders) -> None:
    async with database.unit(SYSTEM) as unit:
        (job,) = await queue.claim(unit.conn, "test", unit.now, [CONFIRM], 1)
    await senders.confirm(Leased(database, job))


@pytest.mark.parametrize(
    "address",
    ["http://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription", "https://sns.eu-north-1.amazonaws.com/?Action=Publish",
     "https://sns.eu-north-1.amazonaws.com:8443/?Action=ConfirmSubscription", "https://[", "",
     "https://a@sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription", "https://sns.x.amazonaws.com.cn.evil.example/"],
)  # fmt: skip
def test_only_amazons_own_address_is_called(address: str) -> None:
    assert subscribe_fault({"SubscribeURL": address}) is not None


def signature(body: bytes) -> str:
    return hmac.new(b"a long secret", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [("github", "x-hub-signature-256", "sha256=%s"), ("sentry", "sentry-hook-signature", "%s"),
     ("checkly", "x-checkly-signature", "%s"), ("gitlab", "x-gitlab-token", "a long secret"),
     ("newrelic", "x-muster-secret", "a long secret"), ("datadog", "authorization", "Bearer a long secret")],
)  # fmt: skip
async def test_with_a_secret_only_its_holder_is_heard(
    database: Database, tmp_path: Path, clock: MovableClock, senders: Senders, name: str, header: str, value: str
) -> None:
    intake = await made(database, tmp_path, senders, name, "a long secret")
    sample = FORMATS[name].sample()
    plain = {key.replace("-", "_"): told for key, told in sample.headers.items() if key != "content-type"}
    right = value % signature(sample.body) if "%s" in value else value
    wrong = {"missing": {}, "wrong": {header.replace("-", "_"): right[:-1] + "X"}}
    for headers in wrong.values():
        assert (await post(intake, clock, sample.body, **plain, **headers)).status == 401
    assert (await post(intake, clock, sample.body, "/generic")).status == 401
    assert await count(database, "SELECT count(*) FROM alerts") == 0
    assert (await post(intake, clock, sample.body, **plain, **{header.replace("-", "_"): right})).status == 200
    assert await count(database, "SELECT count(*) FROM alerts") == 1


async def test_a_secret_is_kept_sealed_told_to_nobody_and_goes_with_its_format(
    database: Database, tmp_path: Path, senders: Senders
) -> None:
    await made(database, tmp_path, senders, "github", "a long secret")
    async with database.unit(SYSTEM) as unit:
        for draft in (
            IntegrationDraft(name="github", format="github", title="Title"),
            IntegrationDraft(name="github", format="github", secret="a long secret"),
        ):
            await integrations.update(unit, "github", draft, forms(), SECRETS)
        assert (await integrations.existing(unit, "github")).secret_sealed
        with pytest.raises(Invalid) as refusal:
            await integrations.update(
                unit,
                "github",
                IntegrationDraft(name="github", format="generic", secret="a long secret"),
                forms(),
                SECRETS,
            )
        assert [fault.field for fault in refusal.value.faults] == ["secret"]
        kept = await integrations.update(
            unit, "github", IntegrationDraft(name="github", format="generic"), forms(), SECRETS
        )
        assert not kept.secret_sealed
    assert await count(database, "SELECT count(*) FROM ledger WHERE data::text LIKE '%a long secret%'") == 0
    assert await count(database, "SELECT count(*) FROM ledger WHERE data::text LIKE '%\"secret\"%'") == 1


async def test_a_vendor_that_asks_whose_the_address_is_gets_its_answer(
    database: Database, tmp_path: Path, senders: Senders
) -> None:
    await made(database, tmp_path, senders, "netdata", "a long secret")
    async with database.unit(SYSTEM) as unit:
        netdata = await integrations.existing(unit, "netdata")
    signed = hmac.new(b"a long secret", b"token", hashlib.sha256).digest()
    assert senders.answer(netdata, {"crc_token": "token"}) == {
        "response_token": f"sha256={base64.b64encode(signed).decode()}"
    }
    assert senders.answer(netdata, {"other": "token"}) is None
    assert senders.answer(replace(netdata, secret_sealed=""), {"crc_token": "token"}) is None
    assert senders.answer(replace(netdata, format="zabbix"), {"crc_token": "token"}) is None
