"""What holds for every channel: a form to enter it, checks that never raise, sends that never raise."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.doubles.messages import a_message
from tests.settings import settings_of

from muster.base.http import Http, Timeouts
from muster.base.secrets import load_secrets
from muster.base.settings import Settings
from muster.channels.callback_links import CallbackLinks
from muster.channels.email.entry import read_smtp
from muster.channels.email.smtp import Security, SmtpSettings
from muster.channels.entry import Ground
from muster.channels.inbox.channel import InboxChannel
from muster.channels.registry import Channels, entries
from muster.channels.web_push.crypto import Vapid
from muster.channels.webhook.channel import WebhookChannel
from muster.channels.webhook.entry import installation_secret
from muster.kit.errors import Fault, Invalid
from muster.paging.channel import Message, Receipt, SendOutcome

# Apprise imports modules that Python has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Now:
    """A fixed time."""

    def now(self) -> datetime:
        """The present."""
        return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


kept: list[tuple[str, Message]] = []


async def keep(address: str, message: Message) -> None:
    """An inbox in memory."""
    kept.append((address, message))


class NoBrowsers:
    """Web push without a database."""

    async def keys(self) -> Vapid:
        """A fresh key pair."""
        return Vapid.generate()

    async def gone(self, address: str, reason: str) -> None:
        """Nothing is kept that could go."""


def all_channels(folder: Path, settings: Settings, http: Http) -> Channels:
    """The channels of an installation with these settings."""
    secrets = load_secrets(folder)
    links = CallbackLinks("https://muster.example", secrets, Now())
    return Channels(Ground(settings, secrets, http, Now(), keep, links, NoBrowsers()))


@pytest.fixture
async def channels(tmp_path: Path) -> AsyncIterator[Channels]:
    """All channels, not allowed to reach this machine."""
    http = Http(timeouts=Timeouts(0.2, 0.2, 0.3))
    built = all_channels(tmp_path, Settings(), http)
    yield built
    await built.close()
    await http.close()


def test_every_channel_is_there_with_its_form(channels: Channels) -> None:
    assert tuple(channels) == tuple(entries())
    for kind, channel in channels.items():
        assert channel.kind == kind
        assert channel.form.label
        assert channel.check_address(channel.form.example) is None
        assert channel.check_secret("") is None


async def test_the_inbox_keeps_what_it_gets(channels: Channels) -> None:
    kept.clear()
    assert (await channels["inbox"].send("amara", a_message())).outcome is SendOutcome.DELIVERED
    assert kept == [("amara", a_message())]


@pytest.mark.parametrize("kind", [kind for kind in entries() if kind != "apprise"])
async def test_a_metadata_service_is_out_of_reach(channels: Channels, kind: str) -> None:
    if kind in ("email", "inbox"):
        return
    receipt = await channels[kind].send("http://169.254.169.254/latest", a_message(), "")
    assert receipt.outcome is SendOutcome.REFUSED


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.sampled_from([kind for kind in entries() if kind != "inbox"]), st.text(max_size=40), st.text(max_size=40))
async def test_no_text_as_an_address_or_secret_makes_a_channel_raise(
    channels: Channels, kind: str, address: str, secret: str
) -> None:
    channel = channels[kind]
    for given_address in (address, f"https://127.0.0.1/{address}", f"{address}@127.0.0.1"):
        fault = channel.check_address(given_address)
        assert fault is None or (isinstance(fault, Fault) and fault.fix)
        receipt = await channel.send(given_address, a_message(), secret)
        assert isinstance(receipt, Receipt)
        assert receipt.reason
        assert not receipt.outcome.sent


async def test_an_inbox_that_fails_is_a_refusal() -> None:
    async def broken(address: str, message: Message) -> None:
        raise OSError("disk full")

    receipt = await InboxChannel(broken).send("amara", a_message())
    assert receipt.outcome is SendOutcome.REFUSED


def test_an_installations_settings_make_its_channels(tmp_path: Path) -> None:
    secrets = load_secrets(tmp_path)
    settings = settings_of(
        smtp_host="mail.example", smtp_security="tls", smtp_port=465, smtp_from="Ops <ops@contoso.example>"
    )
    assert read_smtp(settings) == SmtpSettings(
        "mail.example", 465, security=Security.TLS, sender="Ops <ops@contoso.example>"
    )
    assert tuple(all_channels(tmp_path, settings, Http())) == tuple(entries())
    assert WebhookChannel(Http(), Now()).check_secret(installation_secret(secrets)) is None
    assert read_smtp(Settings()) is None


def test_unusable_mail_settings_are_told_all_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        read_smtp(settings_of(smtp_host="mail.example", smtp_security="ssl", smtp_from="nobody"))
    assert [fault.field for fault in caught.value.faults] == ["MUSTER_SMTP_SECURITY", "MUSTER_SMTP_FROM"]
