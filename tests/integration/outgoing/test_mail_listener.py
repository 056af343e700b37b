"""The listener for answers by mail, without anything behind it: what it lets in, and under which protection."""

from typing import Any, cast
from uuid import UUID

import pytest
from aiosmtplib import SMTP, SMTPRecipientRefused
from tests.doubles.certificates import Authority

from muster.base.db.database import Database
from muster.channels.email.actions.listener import ListenerSettings, MailListener, read_tls
from muster.channels.email.reply_address import ReplyAddresses
from muster.inbound.email.actions.alerts import AlertMail
from muster.inbound.email.alert_address import AlertAddresses
from muster.kit.errors import Invalid, Unavailable

ADDRESSES = ReplyAddresses("page@muster.example", b"k" * 32)


def listener(**settings: Any) -> MailListener:
    """A listener on a free port, whose database is never asked."""
    database = cast(Database, None)
    alerts = AlertMail(AlertAddresses(ADDRESSES.base, b"a" * 32), database, cast(Any, None), cast(Any, None))
    return MailListener(ListenerSettings("127.0.0.1", **{"port": 0, **settings}), ADDRESSES, database, alerts)


async def test_the_connection_can_be_encrypted(authority: Authority) -> None:
    own = listener(tls=authority.server)
    await own.start()
    async with SMTP(hostname="127.0.0.1", port=own.port, start_tls=False, timeout=5) as client:
        await client.ehlo()
        assert client.supports_extension("starttls")
        await client.starttls(tls_context=authority.client)
        await client.mail("ana@contoso.example")
        assert (await client.rcpt(ADDRESSES.of(UUID(int=7)))).code == 250
        with pytest.raises(SMTPRecipientRefused):
            await client.rcpt("page@muster.example")
    await own.close()


async def test_a_port_that_is_taken_is_told_with_its_setting() -> None:
    first = listener()
    await first.start()
    with pytest.raises(Unavailable) as caught:
        await listener(port=first.port).start()
    assert "MUSTER_MAIL_PORT" in caught.value.detail
    await first.close()


def test_a_certificate_that_cannot_be_used_is_told() -> None:
    with pytest.raises(Invalid) as caught:
        read_tls("/no/such.pem", "")
    assert caught.value.faults[0].field == "MUSTER_MAIL_CERTIFICATE"
    assert read_tls("", "") is None
