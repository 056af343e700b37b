"""Seals that are posted to an https address: its receiver can tell that this Muster sent them, and what it did not take is told."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.conftest import MovableClock
from tests.doubles.certificates import Authority
from tests.doubles.http_sink import HttpSink, Reply

from muster.base.http import Http
from muster.kit.errors import Unavailable
from muster.ledger.actions.outside import seals_to
from muster.ledger.key import LedgerKey, signed_by
from muster.ledger.seal import Seal


async def test_a_seal_is_posted_with_a_signature_and_again_until_it_is_taken(
    tmp_path: Path, clock: MovableClock
) -> None:
    authority, key = Authority(tmp_path), LedgerKey(Ed25519PrivateKey.generate())
    http = Http(allow_private=True, tls=authority.client)
    seal = Seal(7, clock.now(), b"p" * 32, "[]", b"r" * 32, key.public, b"h" * 32, key.sign(b"h" * 32))
    async with HttpSink(tls=authority.server) as sink:
        send = seals_to(f"https://localhost:{sink.port}/seals", http, key, clock)
        assert send is not None
        sink.next(Reply(503))
        with pytest.raises(Unavailable, match="MUSTER_SEALS_TO answered 503"):
            await send(seal)
        await send(seal)
        first, again = sink.requests
        await http.close()
    assert first.body == again.body
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == "seal-7"
    assert (json.loads(again.body)["type"], json.loads(again.body)["number"]) == ("seal", 7)
    version, _, signature = again.headers["webhook-signature"].partition(",")
    signed = f"seal-7.{again.headers['webhook-timestamp']}.".encode() + again.body
    assert version == "v1a"
    assert signed_by(key.public, base64.b64decode(signature), signed)


async def test_a_seal_goes_to_nobody_whose_certificate_does_not_hold(tmp_path: Path, clock: MovableClock) -> None:
    authority, key = Authority(tmp_path), LedgerKey(Ed25519PrivateKey.generate())
    http = Http(allow_private=True, tls=authority.stranger)
    seal = Seal(1, clock.now(), bytes(32), "[]", bytes(32), key.public, bytes(32), key.sign(bytes(32)))
    async with HttpSink(tls=authority.server) as sink:
        send = seals_to(f"https://localhost:{sink.port}/seals", http, key, clock)
        assert send is not None
        with pytest.raises(Exception, match="certificate"):
            await send(seal)
        assert sink.requests == []
        await http.close()
