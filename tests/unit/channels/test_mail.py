"""Answers by mail: the addresses, what somebody wrote themselves, and what nobody wrote."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.channels.email.mail_kind import Automatic, Bounced, Written, read_mail
from muster.channels.email.reply_address import ReplyAddresses
from muster.channels.email.reply_mail import compose_reply
from muster.inbound.email.quoting import own_text, text_of_html
from muster.paging.channel import SendOutcome

ADDRESSES = ReplyAddresses("page@muster.example", b"k" * 32)
DELIVERY = UUID("0192f0c1-2345-7abc-8def-0123456789ab")


@given(st.uuids())
def test_an_address_leads_back_to_its_delivery_whatever_happens_to_its_case(id_: UUID) -> None:
    address = ADDRESSES.of(id_)
    assert len(address.rpartition("@")[0]) <= 64
    assert ADDRESSES.read(address) == ADDRESSES.read(address.upper()) == id_


@pytest.mark.parametrize(
    "address",
    [
        "page@muster.example",
        "page+@muster.example",
        "page+x@muster.example",
        "page+" + "a" * 42 + "@muster.example",
        ADDRESSES.of(DELIVERY).replace("page", "pager"),
        ADDRESSES.of(DELIVERY).replace("muster.example", "elsewhere.example"),
        ReplyAddresses("page@muster.example", b"x" * 32).of(DELIVERY),
        "",
    ],
)
def test_an_address_that_muster_did_not_make_means_nothing(address: str) -> None:
    assert ADDRESSES.read(address) is None


@given(st.integers(5, 46), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_letter_is_noticed(place: int, letter: str) -> None:
    address = ADDRESSES.of(DELIVERY)
    changed = address[:place] + letter + address[place + 1 :]
    # The last letter holds unused bits, which may differ without meaning.
    assert ADDRESSES.read(changed) == (
        DELIVERY if changed == address or (place == 46 and ADDRESSES.read(changed)) else None
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ack", "ack"),
        ("\n\n  Ack, on it!  \n\nAna", "Ack, on it!\nAna"),
        ("ack\n\nOn Mon, 2 Mar 2026 at 10:00, Muster <page@x.example> wrote:\n> CRITICAL\n> ack takes it", "ack"),
        ("> CRITICAL INC-1\n> more\n\nescalate\n", "escalate"),
        ("Am 02.03.2026 um 10:00 schrieb Muster:\n> CRITICAL\n\nack", "ack"),
        ("Le lun. 2 mars 2026 à 10:00, Muster <page@x.example>\na écrit :\n> CRITICAL\n\nack", "ack"),
        ("-- \nAna\nack", ""),
        ("Sent from my iPhone\n\nack", "ack"),
        ("-----Original Message-----\nFrom: Muster\nack", ""),
        ("________________________________\nFrom: Muster <page@x.example>\nack", ""),
        ("From: Muster <page@x.example>\nack", ""),
        ("", ""),
        ("\u200back\u00a0INC-142", "ack INC-142"),
        ("\ufeff\u200eack\u200f", "ack"),
        ("CAUTION: This email originated from outside.\nDo not click links.\n\nack\n\n> CRITICAL", "ack"),
        ("[EXTERN] Achtung: Diese E-Mail kommt von extern.\n\nack", "ack"),
        ("You don't often get email from page@x.example. Learn why this is important\n\nack", "ack"),
        ("Attention, the cache is cold\n\nack", "Attention, the cache is cold\nack"),
        ("On Mon, 2 Mar 2026 at 10:00, Muster Pager\n<page+long@x.example>\nwrote:\n\n> CRITICAL\n\nack", "ack"),
        ("On Mon, 2 Mar 2026 at 10:00, Muster Pager of\nthe Team\n<page+long@x.example>\nwrote:\n\nack", "ack"),
        ("On it at 10\n\nsee you", "On it at 10\nsee you"),
    ],
)
def test_the_writers_own_text_counts(text: str, line: str) -> None:
    assert own_text(text) == line


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("<p>ack</p>", "ack"),
        ("<html><head><style>p{}</style><title>x</title></head><body><div dir=ltr>Ack<br></div></body></html>", "Ack"),
        ('<div>escalate</div><div class="gmail_quote">On x wrote:<blockquote>ack</blockquote></div>', "escalate"),
        ("<blockquote>CRITICAL<br>ack</blockquote><p>escalate</p>", "escalate"),
        ('<div id="divRplyFwdMsg">From: x</div>', ""),
        ("<p>ack &amp; more</p>", "ack & more"),
        ("<br><br>ack<img src=x>", "ack"),
        ("</div></p>ack<div>", "ack"),
    ],
)
def test_html_without_its_quotes(html: str, line: str) -> None:
    assert own_text(text_of_html(html)) == line


def mail(body: str = "ack", *, html: str = "", **headers: str) -> bytes:
    """An answer of Ana's, with headers by their names (`_` for `-`)."""
    message = EmailMessage()
    given = {
        "From": "Ana <Ana@Contoso.example>",
        "To": ADDRESSES.of(DELIVERY),
        "Subject": "Re: CRITICAL",
        "Message-ID": "<m@x>",
    }
    for name, value in {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        message[name] = value
    if body:
        message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html") if body else message.set_content(html, subtype="html")
    return bytes(message)


def test_an_answer_is_read() -> None:
    read = read_mail(mail("ack\n\n> CRITICAL", References="<a@x> <b@x>"), "ana@contoso.example")
    assert read.recipients == (ADDRESSES.of(DELIVERY),)
    assert read.meaning == Written("ana@contoso.example", "ack", "Re: CRITICAL", "<m@x>", "<a@x> <b@x> <m@x>")


def test_a_mail_of_html_only_and_one_with_an_empty_text_are_read() -> None:
    for raw in (mail("", html="<p>ack</p>"), mail("  ", html="<p>ack</p>")):
        meaning = read_mail(raw).meaning
        assert isinstance(meaning, Written)
        assert meaning.text == "ack"


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"Auto_Submitted": "auto-replied"}, None),
        ({"Auto_Submitted": "auto-generated"}, None),
        ({"Precedence": "bulk"}, None),
        ({"X_Autoreply": "yes"}, None),
        ({"List_Id": "<all.contoso.example>"}, None),
        ({"Subject": "Automatic reply: CRITICAL"}, None),
        ({"Subject": "Out of Office Re: CRITICAL"}, None),
        ({"Subject": "Abwesenheitsnotiz: ack"}, None),
        ({}, ""),
        ({"From": "MAILER-DAEMON@contoso.example"}, None),
    ],
)
def test_what_nobody_wrote_is_no_answer(headers: dict[str, str], sender: str | None) -> None:
    assert isinstance(read_mail(mail(**headers), sender).meaning, Automatic)


def test_a_mail_by_a_person_who_says_so_is_one() -> None:
    assert isinstance(read_mail(mail(Auto_Submitted="no"), "ana@contoso.example").meaning, Written)


def report(action: str, status: str = "5.1.1") -> bytes:
    """A delivery status notification after RFC 3464."""
    return (
        "From: MAILER-DAEMON@mail.example\r\nTo: page+x@muster.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nAuto-Submitted: auto-replied\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system. ack\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        f"Final-Recipient: rfc822; ana@contoso.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n--b--\r\n"
    ).encode()


def test_a_returned_mail_is_a_failure_with_its_reason() -> None:
    assert read_mail(report("failed"), "").meaning == Bounced(
        SendOutcome.REFUSED, "The mail came back (5.1.1): 550 5.1.1 No such user."
    )
    assert isinstance(read_mail(report("delayed", "4.4.7"), "").meaning, Automatic)
    delivered = read_mail(report("delivered", "2.0.0"), "").meaning
    assert isinstance(delivered, Bounced)
    assert delivered.outcome is SendOutcome.DELIVERED


def test_a_returned_mail_of_an_old_kind_is_one_too() -> None:
    raw = mail("Hi. This is qmail.", From="MAILER-DAEMON@mail.example", Subject="failure notice")
    assert isinstance(read_mail(raw, "").meaning, Bounced)


@given(st.binary(max_size=400))
def test_noise_is_no_answer_and_no_error(noise: bytes) -> None:
    read_mail(noise)
    read_mail(
        b"From: a@b\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n" + noise
    )
    read_mail(b"Subject: " + noise)


@given(st.text(max_size=300))
def test_any_text_gives_trimmed_lines_or_none(text: str) -> None:
    for own in (own_text(text), own_text(text_of_html(text))):
        assert all(line and line == line.strip() for line in own.split("\n")) or not own


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_the_answer_to_an_answer_is_a_whole_mail_whatever_it_is_about(
    subject: str, sentence: str, references: str
) -> None:
    raw = compose_reply(
        sender="page+x@muster.example",
        recipient="ana@contoso.example",
        subject=subject,
        sentence=sentence or "Done.",
        message_id="1@muster.example",
        in_reply_to="<m@x>",
        references=f"<m@x> {references}",
        now=datetime(2026, 3, 2, tzinfo=UTC),
    )
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Auto-Submitted"] == "auto-replied"
    assert read["In-Reply-To"] == "<m@x>"
    assert read["To"] == "ana@contoso.example"
    assert set(read.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"", b"<a " * 100_000),
        (b"", b"<!--" * 100_000),
        (b"", b"<div class='" * 100_000),
        (b"", b"\n" * 1_000_000),
        (b"To: " + b"a@b.example, " * 40_000 + b"\r\n", b"ack"),
        (b"References: " + b"<a@b> " * 40_000 + b"\r\n", b"ack"),
        (b'Content-Disposition: attachment; name="' + b"a;" * 500_000 + b'"\r\n', b"ack"),
        (b"X-Many: " + b"; a=b" * 500_000 + b"\r\n", b"--x\r\n\r\na\r\n" * 100_000),
    ],
)
@pytest.mark.parametrize("kind", [b"text/html", b"text/html; charset=punycode", b"multipart/mixed; boundary=x"])
def test_no_mail_keeps_its_reader_busy(headers: bytes, body: bytes, kind: bytes) -> None:
    raw = b"From: ana@contoso.example\r\nSubject: ack\r\nContent-Type: " + kind + b"\r\n" + headers + b"\r\n" + body
    assert isinstance(read_mail(raw).meaning, Written | Automatic)  # in minutes or hours, before


def test_a_comment_of_html_says_nothing() -> None:
    html = "<!--[if mso]><b>x</b><![endif]--><p>ack</p><!-- no -->  <p>a < b</p>"
    assert text_of_html(html).split() == ["ack", "a", "<", "b"]
