"""What the tests of people share: a first administrator, and channels that take any address."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from muster.base.access import SYSTEM, Kind, Principal
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.kit.errors import Fault
from muster.people.actions.braking import Refused
from muster.people.actions.sessions import SignedIn
from muster.people.actions.setup import initialise
from muster.people.actions.sign_in import sign_in
from muster.people.reach import ContactKind, Reach
from muster.people.store import person_named

PASSWORD = "correct horse battery staple"

Open = Callable[[str], AbstractAsyncContextManager[Unit]]
SignIn = Callable[..., Awaitable[SignedIn | Refused]]


def no_webhooks_to_plain_text(kind: str, address: str) -> Fault | None:
    """Stands for what a channel knows of its addresses."""
    if kind == "webhook" and not address.startswith(("http://", "https://")):
        return Fault("address", "A webhook is an http or https address.", "Begin it with https://.")
    return None


@pytest.fixture
def reach() -> Reach:
    """Channels for e-mail and webhooks."""
    kinds = (
        ContactKind("email", "E-mail", "Address", "ana@contoso.example"),
        ContactKind("webhook", "Webhook", "URL", "https://hooks.example/ana", "Signing secret"),
    )
    return Reach(kinds, no_webhooks_to_plain_text, lambda kind, secret: None, lambda secret, row: f"sealed {row}")


@pytest.fixture
async def admin(database: Database) -> str:
    """The name of the administrator of an organisation that is set up; their password is PASSWORD."""
    async with database.unit(SYSTEM) as unit:
        await initialise(unit, "Contoso", "root@contoso.example", PASSWORD, full_name="Rut Root")
    return "root"


@pytest.fixture
def acting_as(database: Database) -> Open:
    """Opens units in which a person acts: `async with acting_as("root") as unit`."""

    class Opened:
        def __init__(self, name: str) -> None:
            self.name = name

        async def __aenter__(self) -> Unit:
            self.open = database.unit(SYSTEM)
            unit = await self.open.__aenter__()
            person = await person_named(unit.conn, self.name)
            assert person is not None
            unit.principal = Principal(Kind.PERSON, person.name, person.level, person.id)
            return unit

        async def __aexit__(self, *error: object) -> bool | None:
            return await self.open.__aexit__(*error)  # type: ignore[arg-type]

    return Opened


@pytest.fixture
def try_sign_in(database: Database) -> SignIn:
    """Signs in as the edge would, keeping refusals."""

    async def attempt(
        who: str, password: str = PASSWORD, address: str = "192.0.2.1", device: str = ""
    ) -> SignedIn | Refused:
        async with database.unit(Principal(Kind.ANONYMOUS, "anonymous")) as unit:
            return await sign_in(unit, who, password, address, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", device)

    return attempt
