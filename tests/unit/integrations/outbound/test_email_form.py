"""E-mail: addresses read strictly, mails written whole."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.doubles.messages import ACKNOWLEDGE, INCIDENT, a_message

from muster.integrations.outbound.email_form import compose_email, read_address, to_html
from muster.kit.errors import Fault
from muster.paging.channel import MessageKind


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("amara@example.com", "amara@example.com"),
        (" amara+pager@sub.example.co.uk ", "amara+pager@sub.example.co.uk"),
        ("root@localhost", "root@localhost"),
        ("amara@bücher.example", "amara@xn--bcher-kva.example"),
        ("o'hara@example.com", "o'hara@example.com"),
    ],
)
def test_an_address_is_read(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *["", "amara", "@example.com", "amara@", "a b@example.com", "amara@exa mple.com", "amara@-x.com", "a@b..c"],
        *["amara@example.com\r\nBcc: all@example.com", "<a@b.c>", ".a@b.c", "a..b@c.d", "a@b,c@d", "x" * 65 + "@a.b"],
        *["amara@[127.0.0.1]", "amara@example.com>", '"a"@b.c', "a@" + "x" * 64 + ".com"],
    ],
)
def test_what_is_no_address_is_refused_with_the_fix(text: str) -> None:
    fault = read_address(text)
    assert isinstance(fault, Fault)
    assert "name@example.com" in fault.fix


@given(st.text())
def test_no_text_smuggles_a_line_into_an_address(text: str) -> None:
    parsed = read_address(f"{text}@example.com")
    assert isinstance(parsed, Fault) or not set(parsed) & set("\r\n <>")


def test_a_mail_is_whole() -> None:
    mail = message_from_bytes(
        compose_email(a_message(), "Muster <muster@ops.example>", "amara@example.com").as_bytes(), policy=policy.default
    )
    assert mail["From"] == "Muster <muster@ops.example>"
    assert mail["To"] == "amara@example.com"
    assert mail["Subject"] == "CRITICAL INC-142: Checkout <errors> & more"
    assert mail["Message-ID"] == "<delivery-7-1@ops.example>"
    assert mail["References"] == "<INC-142@ops.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Importance"] == "high"
    assert mail["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    text, html = (part.get_content() for part in mail.iter_parts())
    for link in (ACKNOWLEDGE, INCIDENT, "https://wiki.example/checkout"):
        assert link in text
        assert f'href="{link}"' in html
    assert "12 % of payments fail <b>now</b>." in text
    assert "&lt;b&gt;now&lt;/b&gt;" in html


def test_only_a_page_is_marked_urgent() -> None:
    mail = compose_email(a_message(kind=MessageKind.RESOLVED), "muster@ops.example", "amara@example.com")
    assert mail["Importance"] is None
    assert ACKNOWLEDGE not in mail.as_string()


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_a_mail(title: str, happening: str, reference: str) -> None:
    message = a_message(title=title, happening=happening, incident_ref=reference)
    mail = compose_email(message, "Muster <muster@ops.example>", "amara@example.com")
    parsed = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert {name.lower() for name in parsed} == {name.lower() for name in mail}
    assert not parsed.defects


@given(st.text())
def test_no_text_becomes_markup(happening: str) -> None:
    plain, odd = (to_html(a_message(happening=text)) for text in ("x", happening or "x"))
    assert odd.count("<") - odd.count("<br>") == plain.count("<") - plain.count("<br>")
