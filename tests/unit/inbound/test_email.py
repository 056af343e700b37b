"""Mail as alerts: problems and recoveries of the common monitors meet, and what only sounds like a recovery fires."""

from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.inbound.asking import NOW

from muster.alerts.integration import Integration
from muster.alerts.integration_draft import IntegrationDraft
from muster.alerts.port import Parsed, Request
from muster.alerts.signal import Signal
from muster.channels.email.reply_address import ReplyAddresses
from muster.inbound.email.alert_address import AlertAddresses
from muster.inbound.formats import InboundFormats, forms
from muster.inbound.registry import FORMATS, choose
from muster.kit.errors import Malformed

EMAIL = FORMATS["email"]
PAIRS = [
    ("** PROBLEM Service Alert: web1/HTTP is CRITICAL **", "** RECOVERY Service Alert: web1/HTTP is OK **"),
    ("** PROBLEM Host Alert: web1 is DOWN **", "** RECOVERY Host Alert: web1 is UP **"),
    ("[PROBLEM] HTTP on web1 is CRITICAL!", "[RECOVERY] HTTP on web1 is OK!"),
    ("[FIRING:2] DiskFull (web1)", "[RESOLVED] DiskFull (web1)"),
    ("[Alerting] Panel", "[OK] Panel"),
    ('ALARM: "CPU high" in EU (Ireland)', 'OK: "CPU high" in EU (Ireland)'),
    ("Problem: Free disk space is less than 20%", "Resolved in 1d 5m 3s: Free disk space is less than 20%"),
    ("Monitor is DOWN: Shop", "Monitor is UP: Shop"),
    ("DOWN alert: shop (shop.example) is DOWN", "UP alert: shop (shop.example) is UP"),
    ("[Shop] [\U0001f534 Down] timeout", "[Shop] [\u2705 Up] 200 - OK"),
    ("[Monitor Alert] Triggered: CPU", "[Monitor Alert] Recovered: CPU"),
    ("Check_MK: web1/HTTP OK -> CRIT", "Check_MK: web1/HTTP CRIT -> OK"),
    ("CRITICAL: disk of web1 95% full", "OK: disk of web1 40% full"),
    ("DOWN | nightly", "UP | nightly"),
    ("[EXTERNAL] [FIRING:1] x", "Fwd: [RESOLVED] x"),
    ("CRITICAL - db1 at 2026-03-02 10:00:01", "RECOVERED - db1 at 2026-03-02 10:09:44"),
]
FIRING = [
    "NOT RECOVERED: web1",
    "Recovery failed on web1",
    "RECOVERY: failed for web1",
    "Resolved: false",
    "Recovered: no, web1 is stuck",
    "[NOT RESOLVED] web1",
    "[RESOLVED?] web1",
    "RESOLVED? web1",
    "[OK] -> [CRITICAL] web1",
    "[FIRING:1, RESOLVED:1] web1",
    "** RECOVERY Service Alert: web1/HTTP is CRITICAL **",
    "** PROBLEM Service Alert: web1/HTTP is OK **",
    "web1 is not OK",
    "UNRESOLVED: web1",
    "The outage of web1 was resolved by nobody",
    "Re: [RESOLVED] web1",
    "ok - see you at the meeting",
    "",
]


def mail(subject: str, text: str = "Look at https://status.example/42.", **headers: str) -> bytes:
    """A mail as a monitor sends it."""
    message = EmailMessage()
    message["From"], message["To"] = "Monitor <monitor@x.example>", "page+aaaa@muster.example"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return bytes(message)


def parsed(raw: bytes, options: dict[str, Any] | None = None) -> Parsed:
    """What a mail says."""
    return EMAIL.parse(Request("/email", "POST", {"content-type": "message/rfc822"}, {}, raw, NOW), options or {})


def read(raw: bytes, options: dict[str, Any] | None = None) -> Signal:
    """The signal of a mail."""
    (signal,) = parsed(raw, options).signals
    return signal


@pytest.mark.parametrize(("problem", "recovery"), PAIRS, ids=[pair[1] for pair in PAIRS])
def test_a_problem_and_its_recovery_meet_under_one_key(problem: str, recovery: str) -> None:
    before, after = read(mail(problem)), read(mail(recovery))
    assert (before.status, before.guess) == ("firing", "")
    assert after.status == "resolved"
    assert after.guess.startswith("subject: ")
    assert before.key == after.key


@pytest.mark.parametrize("subject", FIRING)
def test_what_only_sounds_like_a_recovery_fires(subject: str) -> None:
    signal = read(mail(subject))
    assert (signal.status, signal.guess) == ("firing", "")
    assert signal.key
    assert signal.title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[RESOLVED] DiskFull (web1)", "[FIRING:1] DiskFull (web2)"),
        ("Resolved: disk less than 20%", "Problem: disk less than 10%"),
        ("OK: queue 3", "CRITICAL: queue 33"),
        ("** RECOVERY Service Alert: web1/HTTP is OK **", "** PROBLEM Host Alert: web1 is DOWN **"),
        ("[RESOLVED] [a] x", "[FIRING:1] [b] x"),
    ],
)
def test_a_recovery_never_has_another_alerts_key(one: str, other: str) -> None:
    assert read(mail(one)).key != read(mail(other)).key


def test_a_subject_of_nothing_but_a_state_is_an_alert_of_its_own() -> None:
    assert read(mail("RECOVERY", "db1")).key != read(mail("RECOVERY", "db2")).key


@pytest.mark.parametrize(
    ("subject", "severity"),
    [("[P1] x", "critical"), ("WARNING: x", "medium"), ("x is CRITICAL", "critical"), ("x", ""), ("highly odd", "")],
)
def test_words_of_the_subject_say_how_grave_it_is(subject: str, severity: str) -> None:
    assert read(mail(subject)).severity_hint == severity


def test_text_links_labels_and_attachments_are_read() -> None:
    message = EmailMessage()
    message["From"], message["To"] = "m@x.example", f"page+{'a' * 40}@muster.example"
    message["Subject"], message["X-Nagios-Host"], message["List-Id"] = "Disk full", "web1", "<ops.x.example>"
    message.set_content('<p>Disk of <b>web1</b></p><a href="https://x.example/graph">graph</a>', subtype="html")
    message.add_attachment(b"1,2", maintype="text", subtype="csv", filename="values.csv")
    signal = read(bytes(message))
    assert "Disk of web1" in signal.description
    assert [link.url for link in signal.links] == ["https://x.example/graph"]
    assert signal.labels == {
        "from": "m@x.example",
        "to": "page@muster.example",
        "subject": "Disk full",
        "list_id": "<ops.x.example>",
        "x_nagios_host": "web1",
    }
    assert signal.annotations == {"attachments": "values.csv"}


@pytest.mark.parametrize(
    "raw",
    [
        mail("Away", Auto_Submitted="auto-replied; by=vacation"),
        b"Subject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b--\r\n",
        mail("** ACKNOWLEDGEMENT Service Alert: a/b is CRITICAL **"),
        mail("** DOWNTIMESTART Host Alert: a is UP **"),
    ],
    ids=["reply", "report", "acknowledgement", "downtime"],
)
def test_what_says_by_its_headers_that_it_is_no_alert_is_ignored_with_the_reason(raw: bytes) -> None:
    found = parsed(raw)
    assert not found.signals
    assert found.warnings[0].rule.endswith(("no alert.", "no end of one."))


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"List_Id": "<a.b>"}], ids=str
)
def test_what_monitors_say_of_their_own_mail_does_not_silence_it(headers: dict[str, str]) -> None:
    assert read(mail("Disk full", **headers)).status == "firing"


def test_own_rules_decide_title_key_severity_and_recovery_for_certain() -> None:
    rules = {
        "title": {"regex": "Alarm: (.+)"},
        "key": {"header": "X-Id"},
        "recovery": {"subject": "^Cleared", "body": "^State: normal$", "header": {"X-State": "ok"}},
        "severity": {"nightly": "low", "URGENT": "critical"},
    }
    assert EMAIL.option_faults(rules) == ()
    text = "Alarm: pump 3\nState: normal\nURGENT"
    signal = read(mail("Cleared", text, X_Id="7", X_State="OK"), rules)
    assert (signal.title, signal.key, signal.severity_hint) == ("pump 3", "7", "critical")
    assert (signal.status, signal.guess) == ("resolved", "")
    assert read(mail("Cleared", text, X_Id="7"), rules).status == "firing"
    assert read(mail("[RESOLVED] x", X_Id="7"), rules).status == "firing"
    assert read(mail("Cleared", text, X_State="OK"), rules).guess


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"keys": {}}, "keys"),
        ({"title": "x"}, "title"),
        ({"title": {"regex": ""}}, "title.regex"),
        ({"key": {"regex": "(a+)+b"}}, "key.regex"),
        ({"key": {"regex": "(", "header": "X"}}, "key"),
        ({"recovery": {}}, "recovery"),
        ({"recovery": {"subject": "("}}, "recovery.subject"),
        ({"recovery": {"body": ".*"}}, "recovery.body"),
        ({"recovery": {"header": "X"}}, "recovery.header"),
        ({"severity": {"x": "worst"}}, "severity"),
        ({"severity": {"[": "low"}}, "severity"),
    ],
)
def test_wrong_rules_are_refused_by_name(rules: dict[str, Any], field: str) -> None:
    assert [fault.field for fault in EMAIL.option_faults(rules)] == [field]
    assert [fault.field for fault in IntegrationDraft(name="x", format="email", options=rules).faults(forms())] == [
        f"options.{field}"
    ]
    beside = IntegrationDraft(name="x", format="alertmanager", options={"email": rules}).faults(forms())
    assert [fault.field for fault in beside] == [f"options.email.{field}"]


@pytest.mark.parametrize("name", ["auto", "alertmanager", "generic", "zabbix", "email"])
def test_any_integration_reads_mail_by_its_rules_for_mail(name: str) -> None:
    rules = {"key": {"regex": "Ticket ([0-9]+)"}}
    options = rules if name == "email" else {"email": rules}
    assert IntegrationDraft(name="x", format=name, options=options).faults(forms()) == []
    integration = Integration(UUID(int=1), "x", "", name, options, True, NOW, None)
    request = Request("/email", "POST", {"content-type": "message/rfc822"}, {}, mail("Ticket 42"), NOW)
    assert choose(name, request).name == "email"
    assert InboundFormats().parse(integration, request).signals[0].key == "42"


def test_a_pattern_is_looked_for_in_each_line() -> None:
    rules = {"key": {"regex": "Ticket ([0-9]+)"}}
    assert read(mail("x", "No Ticket yet\nTicket 42\nTicket 43"), rules).key == "42"
    assert read(mail("x", "Ticket without a number"), rules).key == "x"


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"Subject: {text}\r\n\r\n{text}".encode()))
def test_any_bytes_become_an_alert_or_are_refused(raw: bytes) -> None:
    try:
        found = parsed(raw)
    except Malformed:
        assert not raw.strip()
    else:
        assert found.signals or found.warnings
        for signal in found.signals:
            assert signal.key
            assert signal.title
            assert signal.status == "firing" or signal.guess
            str(signal).encode()


MARKS = ["RECOVERY", "failed", "not", "OK:", "[RESOLVED]", "is", "UP", "10%", "**", "-", "resolved"]
WORDS = st.sampled_from(["web1", "web2", "disk", "full", "42", *MARKS])


@settings(max_examples=200, deadline=None)
@given(
    name=st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
    other=st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
)
def test_a_mark_before_a_name_changes_no_key(name: str, other: str) -> None:
    fired, ended = read(mail(f"[FIRING:1] web {name} x")), read(mail(f"[RESOLVED] web {name} x"))
    assert fired.key == ended.key
    different = read(mail(f"[RESOLVED] db {other} x"))
    assert different.key != fired.key


def test_the_addresses_of_answers_and_of_alerts_are_never_mixed_up() -> None:
    key = b"k" * 32
    alerts, answers = AlertAddresses("page@muster.example", key), ReplyAddresses("page@muster.example", key)
    id_, digest = UUID(int=7), b"d" * 32
    address = alerts.of(id_, digest)
    claim = alerts.read(address.upper())
    assert claim is not None
    assert claim.integration_id == id_
    assert alerts.proves(claim, digest)
    assert not alerts.proves(claim, b"e" * 32)
    assert not AlertAddresses("page@muster.example", b"o" * 32).proves(claim, digest)
    assert answers.read(address) is None
    assert alerts.read(answers.of(id_)) is None
    assert len(AlertAddresses("p" * 20 + "@x.example", key).of(id_, digest).partition("@")[0]) <= 64
