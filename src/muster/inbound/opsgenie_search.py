"""Opsgenie's search for alerts, as far as its words have a meaning here; what has none is refused instead of passed over. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from muster.alerts.alert import Alert
from muster.inbound.opsgenie import PRIORITIES, Unprocessable
from muster.kit.errors import Fault

_TERM = re.compile(r'\s*(?:([A-Za-z_.]+)\s*(:|<=|>=|=|<|>)\s*)?("[^"]*"|[^\s"]+)')
_DATE = "%d-%m-%Y"
_FIELDS = ("status", "alias", "message", "priority", "tag", "entity", "source", "createdAt")
STATUSES: dict[str, Callable[[Alert], bool]] = {
    "open": lambda alert: alert.active,
    "closed": lambda alert: not alert.active,
    "acked": lambda alert: alert.status == "acknowledged",
}
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; an empty field looks into the message."""

    field: str
    operator: str
    value: str

    def holds(self, alert: Alert) -> bool:
        """Whether an alert fulfils it."""
        if self.field == "status":
            return STATUSES[self.value.lower()](alert)
        if self.field == "createdAt":
            at, then = alert.starts_at, read_instant(self.value)
            return {"<": at < then, ">": at > then, "<=": at <= then, ">=": at >= then}.get(self.operator, at == then)
        if self.field == "tag":
            return any(_like(self.value, tag) for tag in alert.labels.get("tags", "").split(","))
        if self.field == "message" or not self.field:
            return self.value.rstrip("*").lower() in alert.title.lower()
        said = alert.key if self.field == "alias" else alert.labels.get(self.field.removeprefix("details."), "")
        return _like(self.value, said or ("P3" if self.field == "priority" else ""))


def read_search(text: str) -> list[Term]:
    """The conditions of a query, all of which must hold.

    Raises:
        Unprocessable: with everything in it that has no meaning here.
    """
    faults: list[Fault] = []
    terms: list[Term] = []
    if len(text) > LONGEST:
        faults.append(Fault("query", f"It is longer than {LONGEST} characters.", "Ask for less."))
    for found in _TERM.finditer(text[:LONGEST]):
        field, operator, value = found[1] or "", found[2] or "", found[3].strip('"')
        if not field and value.upper() == "AND":
            continue
        if fault := _fault(field, operator, value):
            faults.append(fault)
        else:
            terms.append(Term(field, operator, value))
    if faults:
        raise Unprocessable("The query cannot be understood.", faults=faults)
    return terms


def read_instant(text: str) -> datetime:
    """Milliseconds since 1970, or a day as 31-12-2026.

    Raises:
        ValueError: it is neither.
    """
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.strptime(text, _DATE).replace(tzinfo=UTC)


def _fault(field: str, operator: str, value: str) -> Fault | None:
    if not field:
        odd = value.upper() in ("OR", "NOT") or any(sign in value for sign in "()")
        return Fault("query", f"`{value:.40}` is not understood.", "Join conditions by AND.") if odd else None
    if field not in _FIELDS and not field.startswith("details."):
        return Fault(
            "query", f"Alerts have no `{field:.40}` to look for.", f"Use {', '.join(_FIELDS)} or details.NAME."
        )
    if operator in ("<", ">", "<=", ">=") and field != "createdAt":
        return Fault("query", f"`{operator}` compares times only.", "Use it with createdAt.")
    if field == "status" and value.lower() not in STATUSES:
        return Fault("query", f"`{value:.40}` is no status.", f"Use {', '.join(STATUSES)}.")
    if field == "priority" and value.upper() not in PRIORITIES:
        return Fault("query", f"`{value:.40}` is no priority.", "Use P1, P2, P3, P4 or P5.")
    if field == "createdAt":
        try:
            read_instant(value)
        except ValueError:
            return Fault("query", f"`{value:.40}` is no time.", "Give milliseconds since 1970, or 31-12-2026.")
    return None


def _like(wanted: str, said: str) -> bool:
    lowered = said.lower()
    return lowered.startswith(wanted[:-1].lower()) if wanted.endswith("*") else lowered == wanted.lower()
