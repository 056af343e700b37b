"""E-mail: addresses read strictly, mails written whole."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.doubles.messages import ACKNOWLEDGE, INCIDENT, a_message

from muster.channels.email.form import compose_email, read_address, to_html
from muster.kit.errors import Fault
from muster.paging.channel import Message, MessageKind
from muster.paging.wording import with_links


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


def parsed(message: Message, sender: str = "Muster <muster@ops.example>") -> EmailMessage:
    """The e-mail of a message as a strict reader understands it."""
    data = compose_email(message, sender, "amara@example.com")
    assert all(len(line) <= 900 and b"\r" not in line for line in data.removesuffix(b"\r\n").split(b"\r\n"))
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not [defect for part in mail.walk() for defect in part.defects]
    return mail


def bodies(mail: EmailMessage) -> tuple[str, str]:
    """The text and the HTML."""
    text, html = (part.get_content().replace("\r\n", "\n").removesuffix("\n") for part in mail.iter_parts())
    return text, html


def test_a_mail_is_whole() -> None:
    mail = parsed(a_message())
    assert mail["From"] == "Muster <muster@ops.example>"
    assert mail["To"] == "amara@example.com"
    assert mail["Subject"] == "CRITICAL INC-142: Checkout <errors> & more"
    assert mail["Message-ID"] == "<delivery-7-1@ops.example>"
    assert mail["References"] == "<INC-142@ops.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Importance"] == "high"
    assert mail["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    text, html = bodies(mail)
    assert text == with_links(a_message())
    for link in (ACKNOWLEDGE, INCIDENT, "https://wiki.example/checkout"):
        assert f'href="{link}"' in html
    assert "&lt;b&gt;now&lt;/b&gt;" in html


def test_only_a_page_is_marked_urgent() -> None:
    mail = parsed(a_message(kind=MessageKind.RESOLVED))
    assert mail["Importance"] is None
    assert ACKNOWLEDGE not in "".join(bodies(mail))


def test_a_senders_name_may_be_in_any_language() -> None:
    assert parsed(a_message(), "Bereitschaft für Größe <muster@ops.example>")["From"].addresses[0].display_name == (
        "Bereitschaft für Größe"
    )


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_a_mail(title: str, happening: str, reference: str) -> None:
    message = a_message(title=title, happening=happening, incident_ref=reference)
    mail = parsed(message)
    assert len(mail.keys()) == (14 if message.incident_ref else 12)
    assert mail["Subject"] == message.subject
    text, html = bodies(mail)
    assert text == with_links(message)
    assert html == to_html(message)


@given(st.text())
def test_no_text_becomes_markup(happening: str) -> None:
    plain, odd = (to_html(a_message(happening=text)) for text in ("x", happening or "x"))
    assert odd.count("<") - odd.count("<br>") == plain.count("<") - plain.count("<br>")
