"""What of a person others may see: sign-in addresses are for themselves and for managers."""

from dataclasses import replace

from muster.base.access import Kind, Level, Principal
from muster.people.contact import masked
from muster.people.person import Person


def sees_emails(principal: Principal) -> bool:
    """Whether everybody's e-mail address is shown in full, and may be searched."""
    return principal.level >= Level.MANAGER or principal.kind is Kind.SYSTEM


def seen_by(principal: Principal, person: Person) -> Person:
    """The person as `principal` may see them."""
    if sees_emails(principal) or (principal.person_id is not None and principal.person_id == person.id):
        return person
    return replace(person, email=masked("email", person.email))
