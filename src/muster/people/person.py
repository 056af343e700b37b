"""A person as every feature knows them: name, zone and level, never the password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.access import Level


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with Muster. `name` is the short unique handle, `time_zone` an IANA name.

    An inactive person can neither sign in nor be paged; what they did stays. Who was `erased` is a pseudonym. `has_password`
    says whether they can sign in.
    """

    id: UUID
    name: str
    full_name: str
    email: str
    time_zone: str
    level: Level
    active: bool
    has_password: bool
    created_at: datetime
    deactivated_at: datetime | None = None
    erased: bool = False
