"""Which messages share a receiver."""

import pytest

from muster.paging.origin import origin_of, shown


@pytest.mark.parametrize(
    ("channel", "address", "route", "origin", "name"),
    [
        ("webhook", "https://hooks.example:8443/a/secret", "", "https://hooks.example:8443", "hooks.example:8443"),
        ("webhook", "https://HOOKS.example/b", "", "https://hooks.example", "hooks.example"),
        ("apprise", "discord://id:token@discord.example/x", "", "discord://discord.example", "discord.example"),
        ("email", "ana@contoso.example", "", "email:", "email"),
        ("sms", "+4915112345678", "twilio", "sms:twilio", "twilio"),
        ("sms", "+4915112345678", "smpp", "sms:smpp", "smpp"),
        ("webhook", "https://[broken", "", "webhook:", "webhook"),
    ],
)
def test_a_receiver_is_the_host_or_the_vendor(channel: str, address: str, route: str, origin: str, name: str) -> None:
    assert origin_of(channel, address, route) == origin
    assert shown(origin) == name
