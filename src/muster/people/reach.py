"""What persons must know of the channels without importing them: which kinds of contact there are and what they accept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean
from muster.people.rules import any_address


@dataclass(frozen=True, slots=True)
class ContactKind:
    """A kind of contact as people enter it; an empty `secret` label means that it has none."""

    kind: str
    label: str
    address: str
    example: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The channels of this installation, handed in by the composition root.

    `check_address` and `check_secret` take a known kind and the text; `seal` takes the secret and the row that it belongs
    to (`secret_row`), and returns what may be stored.
    """

    kinds: tuple[ContactKind, ...]
    check_address: Callable[[str, str], Fault | None]
    check_secret: Callable[[str, str], Fault | None]
    seal: Callable[[str, str], str]

    def faults(self, kind: str, address: str, secret: str = "") -> Sequence[Fault]:
        """Everything wrong with a contact, by field: kind, address, secret."""
        if kind not in (known := [accepted.kind for accepted in self.kinds]):
            fault = Fault("kind", f"`{kind:.40}` is not a kind of contact.", did_you_mean(kind, known))
            return [fault, *(other for other in any_address("email", address) if other.field == "address")]
        faults = list(any_address(kind, address))
        if not faults and (wrong := self.check_address(kind, address)):
            faults.append(Fault("address", wrong.rule, wrong.fix))
        if secret and (wrong := self.check_secret(kind, secret)):
            faults.append(Fault("secret", wrong.rule, wrong.fix))
        return faults


def secret_row(contact_id: object) -> str:
    """The name under which a contact's secret is sealed."""
    return f"contact:{contact_id}/secret"
