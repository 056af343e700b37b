"""What second factors need beside the database: secrets sealed and opened, the key of challenges, the site of passkeys."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from muster.base.web.services import services_of
from muster.people.site import Site


@dataclass(frozen=True, slots=True)
class Locks:
    """`seal` and `unseal` take the secret and the name of its row."""

    seal: Callable[[str, str], str]
    unseal: Callable[[str, str], str]
    challenge_key: bytes
    site: Site


def locks_of(request: Request) -> Locks:
    """Those of this installation."""
    return services_of(request).of(Locks)


def totp_row(person_id: UUID) -> str:
    """The name to which an authenticator app's secret is bound."""
    return f"totp:{person_id}/secret"
