"""One object that a vendor sent, with what every vendor's format needs to make signals of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.alerts.port import Request
from muster.alerts.signal import SeverityHint, Signal
from muster.changes.change import Change
from muster.inbound.bounded import flat, make_change, make_signal
from muster.inbound.change_kind import kind_of
from muster.inbound.places import link, next_step
from muster.inbound.record import Findings, Record
from muster.inbound.severity import severity_of
from muster.inbound.state_words import States
from muster.inbound.text import digest, plain
from muster.kit.duration import parse_duration
from muster.kit.link import Link

NOTE = "muster_note"
"""The annotation that says what Muster could not read."""
_LONGEST_DETAIL = 4096

SeverityTable = Mapping[str, SeverityHint]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A message that is no alert and no end of one, and why. `confirmation` is what a job answers, if the message asks for it."""

    reason: str
    confirmation: Mapping[str, str] | None = None


ReportResult = Signal | Change | Skipped


@dataclass(frozen=True, slots=True)
class VendorReport:
    """One object and its surroundings; `vendor` is the title by which notes call its sender."""

    vendor: str
    record: Record
    request: Request
    options: Mapping[str, Any]

    @property
    def findings(self) -> Findings:
        """Where oddities are noted."""
        return self.record.findings

    def severity(self, word: str, table: SeverityTable | None = None) -> SeverityHint:
        """A severity in Muster's words: by the integration's option `severities`, the vendor's table, the usual words."""
        lowered = word.strip().lower()
        mapped = self.options.get("severities")
        own = {str(name).lower(): grade for name, grade in mapped.items()} if isinstance(mapped, Mapping) else {}
        return own.get(lowered) or (table or {}).get(lowered) or severity_of(word)

    def signal(
        self,
        *,
        key: str,
        state: str,
        states: States,
        title: str,
        severity: SeverityHint = "",
        description: str = "",
        labels: Mapping[str, str] | None = None,
        links: Iterable[Link] = (),
        starts_at: datetime | None = None,
        doubt: str = "",
    ) -> Signal | Skipped:
        """The signal of the object, or why there is none.

        A state that is not the vendor's fires, with a note. `doubt` is a contradiction that the caller saw: it fires too.
        An empty key becomes one of title and labels.
        """
        reason = "" if doubt else states.why_skipped(state)
        if reason:
            return Skipped(reason)
        status = None if doubt else states.known(state)
        named = {name: value for name, value in (labels or {}).items() if value}
        details = {name: text for name, text in flat(self.record.data).items() if len(text) <= _LONGEST_DETAIL}
        note = doubt or f"{self.vendor} says {state[:80]!r}, which is not known to end an alert: it fires."
        if status is None:
            self.findings.warn(self.record.path, note, "Look at the source.")
            details = {NOTE: note, **details}
        if not key:
            self.findings.warn(self.record.path, "Nothing in it identifies the alert; title and labels do.")
        found = tuple(links)
        return make_signal(
            self.findings,
            self.record.path,
            key=key or digest(self.vendor, title, *(f"{name}={named[name]}" for name in sorted(named))),
            status=status or "firing",
            title=title or f"Alert from {self.vendor}",
            labels=named,
            annotations=details,
            description=plain(description),
            starts_at=starts_at,
            ends_at=self._lasts() if (status or "firing") == "firing" else None,
            severity_hint=severity,
            links=found,
            next_step=next_step(details, found),
        )

    def change(
        self,
        *,
        key: str,
        title: str,
        kind: str = "",
        at: datetime | None = None,
        labels: Mapping[str, str] | None = None,
        description: str = "",
        links: Iterable[Link] = (),
    ) -> Change:
        """The change that the object tells of."""
        named = {name: value for name, value in (labels or {}).items() if value}
        return make_change(
            self.findings,
            self.record.path,
            key=key,
            title=title,
            kind=kind or kind_of(title),
            at=at or self.request.received_at,
            labels=named,
            description=description,
            links=tuple(links),
        )

    def link(self, label: str, name: str, *others: str) -> tuple[Link, ...]:
        """The link of a member that holds an address; none where it is empty."""
        return link(label, self.record.text(name, *others), self.findings, self.record.at(name))

    def url(self, label: str, address: str) -> tuple[Link, ...]:
        """A link to an address from anywhere in the object."""
        return link(label, address, self.findings, self.record.path)

    def _lasts(self) -> datetime | None:
        """When a report of this kind is over unless it comes again, by the option `ends_after`."""
        written = self.options.get("ends_after")
        try:
            return self.request.received_at + parse_duration(written) if isinstance(written, str) else None
        except ValueError:
            return None


def identity(*parts: str, kind: str = "") -> str:
    """A key of several parts, each in its place, so that no two sets of parts share one; empty where all of them are."""
    if not any(parts):
        return ""
    text = "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)
    return f"{kind}:{text}" if kind else text
