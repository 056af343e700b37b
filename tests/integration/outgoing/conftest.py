"""Fixtures of the outgoing tests: clients that may reach this machine, and a certificate authority."""

from collections.abc import AsyncIterator

import pytest
from tests.doubles.certificates import Authority

from muster.base.http import Http, Timeouts


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Certificates for doubles that speak TLS."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    """A client that may reach loopback and loses patience quickly."""
    client = Http(allow_private=True, timeouts=Timeouts(connect=1.0, silence=0.3, total=1.5), keep=0.3)
    yield client
    await client.close()
