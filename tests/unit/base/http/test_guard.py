"""The guard: every way of writing a private address is seen through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.http.failure import Failure, Unreachable
from muster.base.http.guard import AddressKind, judge, permitted, resolve

PRIVATE = ["127.0.0.1", "127.255.0.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "::1"]
PRIVATE += ["fc00::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1"]
NEVER = ["169.254.169.254", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::"]
NEVER += ["168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "ff02::1", "2001:db8::1"]
NEVER += ["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "::127.0.0.1"]
NEVER += ["100::1", "fec0::1", "5f00::1", "no address", ""]
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_needs_the_setting(address: str) -> None:
    assert judge(address) is AddressKind.PRIVATE
    assert not permitted(address, allow_private=False)
    assert permitted(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_special_addresses_are_never_reached(address: str) -> None:
    assert judge(address) is AddressKind.NEVER
    assert not permitted(address, allow_private=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached(address: str) -> None:
    assert permitted(address, allow_private=False)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_like_itself(address: object) -> None:
    assert judge(f"::ffff:{address}") is judge(f"64:ff9b::{address}") is judge(str(address))


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(address: object) -> None:
    if not address.is_global:  # type: ignore[attr-defined]
        assert judge(str(address)) is not AddressKind.PUBLIC


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "::1"])
async def test_a_name_or_spelling_of_loopback_is_refused_with_the_way_out(host: str) -> None:
    with pytest.raises(Unreachable) as caught:
        await resolve(host, 80, allow_private=False)
    assert caught.value.kind is Failure.FORBIDDEN
    assert "MUSTER_ALLOW_PRIVATE_TARGETS" in str(caught.value)


async def test_a_metadata_service_is_refused_even_when_private_addresses_are_allowed() -> None:
    with pytest.raises(Unreachable) as caught:
        await resolve("169.254.169.254", 80, allow_private=True)
    assert caught.value.kind is Failure.FORBIDDEN
    assert "SETTING" not in str(caught.value).upper()


async def test_an_unknown_name_is_told() -> None:
    with pytest.raises(Unreachable) as caught:
        await resolve("no-such-host.invalid", 80, allow_private=False)
    assert caught.value.kind is Failure.UNKNOWN_HOST
