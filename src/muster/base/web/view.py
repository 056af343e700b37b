"""Who looks at a page, when and how: what templates may know of the request, set once by the edge for each request."""

from dataclasses import dataclass
from datetime import datetime

from muster.base.access import ANONYMOUS, Kind, Permission, Principal, refusal


@dataclass(frozen=True, slots=True)
class Flash:
    """One message about what has just happened; `kind` is done, notice or refusal."""

    text: str
    kind: str = "done"


@dataclass(frozen=True, slots=True)
class Clearance:
    """Whether something is allowed; falsy with the reason as a sentence when it is not."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class View:
    """The onlooker of one page.

    `zone` is the person's own IANA zone, else what the browser said in the cookie `muster_zone`, else UTC; `theme` is
    auto, light or dark (cookie `muster_theme`); `proven_at` is when Muster's own paging path last proved healthy, with
    `path_trouble` the sentence to show when it is not. `rehearsal` says why this Muster pages nobody, empty where it does.
    """

    now: datetime
    principal: Principal = ANONYMOUS
    zone: str = "UTC"
    theme: str = "auto"
    csrf: str = ""
    path: str = "/"
    organisation: str = "Muster"
    proven_at: datetime | None = None
    path_trouble: str = ""
    rehearsal: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return self.principal.kind is not Kind.ANONYMOUS

    def can(self, permission: str) -> Clearance:
        """Ask for a permission by name, as templates do.

        Raises:
            ValueError: for a name that no permission has.
        """
        if not self.signed_in:
            return Clearance("Sign in first.")
        return Clearance(refusal(self.principal, Permission(permission)))
