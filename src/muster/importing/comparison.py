"""Whether Muster says what the vendor says: compared with what it rendered, and with its rules as they are counted apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from muster.importing.export import Export, Rota
from muster.importing.mapped_overrides import overrides_of
from muster.importing.mapped_schedule import UserDirectory, build
from muster.importing.timeline import (
    Difference,
    Duty,
    Stretch,
    covered,
    differences,
    hours,
    together,
    topmost,
)
from muster.importing.vendor_coverage import NotComputable
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import spans
from muster.oncall.schedules.override import Override

AHEAD = timedelta(days=395)
"""Thirteen months: two cycles of nearly every rotation, and the clocks change in it in both directions."""
MOST_DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class CoverageComparison:
    """How Muster's coverage compares with what `against` says, from `start` to `end`; the hours are those with somebody."""

    title: str
    schedules: tuple[str, ...]
    against: str
    start: datetime
    end: datetime
    differences: tuple[Difference, ...]
    vendor_hours: float
    muster_hours: float

    def sentence(self) -> str:
        """The result for people."""
        span = f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"
        if not self.differences:
            return f"From {span} Muster says the same as {self.against}: somebody is on call for {self.vendor_hours:.1f} hours."
        several = "differs once" if len(self.differences) == 1 else f"differs {len(self.differences)} times"
        return (
            f"From {span} Muster {several} from {self.against}, for {hours(self.differences):.1f} hours together. Somebody is "
            f"on call for {self.vendor_hours:.1f} hours there and for {self.muster_hours:.1f} hours here."
        )

    def as_json(self, vendor: str) -> dict[str, Any]:
        """The check as the API gives it."""
        return {
            "title": self.title,
            "schedules": list(self.schedules),
            "against": self.against,
            "compared": True,
            "start": self.start,
            "end": self.end,
            "vendor_hours": round(self.vendor_hours, 2),
            "muster_hours": round(self.muster_hours, 2),
            "agrees": not self.differences,
            "sentence": self.sentence(),
            "differences": [difference.sentence(vendor) for difference in self.differences[:MOST_DIFFERENCES]],
        }


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A side that could not be counted, and so nothing is known: `reason` is a clause."""

    title: str
    schedules: tuple[str, ...]
    against: str
    reason: str

    @property
    def differences(self) -> tuple[Difference, ...]:
        """None are known."""
        return ()

    def sentence(self) -> str:
        """The result for people."""
        return f"Not compared with {self.against}, because {self.reason}."

    def as_json(self, vendor: str) -> dict[str, Any]:
        """The check as the API gives it."""
        return {
            "title": self.title,
            "schedules": list(self.schedules),
            "against": self.against,
            "compared": False,
            "agrees": False,
            "sentence": self.sentence(),
            "differences": [],
        }


Checked = CoverageComparison | NotCompared


def checks_of(
    export: Export, rota: Rota, written: tuple[str, ...], directory: UserDirectory, now: datetime
) -> list[Checked]:
    """Compare with what the vendor rendered, if the export holds it, and with the vendor's rules for the time ahead."""
    rules = f"{export.vendor}'s own rules"
    if rota.calendar or rota.calendar_of_overrides:
        reason = "its shifts are in an iCalendar, which Muster reads only after the import"
        return [NotCompared(rota.name, written, rules, reason)]
    found: list[Checked] = []
    if rota.rendered:
        found.append(_with_rendered(export, rota, written, directory))
    found.append(_with_rules(export, rota, written, rules, directory, now))
    for check in found:
        if check.differences:
            first = check.differences[0].sentence(export.vendor)
            # What has been told as a loss explains it; otherwise this is the loss.
            tell = rota.note.remark if rota.note.losses else rota.note.lose
            tell(f"Its coverage differs from {check.against}, first {first}")
            break
    for check in found:
        if isinstance(check, NotCompared):
            rota.note.remark(check.sentence())
    return found


def _with_rendered(
    export: Export, rota: Rota, written: tuple[str, ...], directory: UserDirectory
) -> CoverageComparison:
    start = rota.rendered_from or min(entry.start for entry in rota.rendered)
    end = rota.rendered_until or max(entry.end for entry in rota.rendered)
    end = min(end, start + AHEAD)
    who = _Persons(export, directory.people)
    vendor = together([(entry.start, entry.end, [who(entry.user)]) for entry in rota.rendered], start, end)
    muster = _muster(rota, written[0], directory, start, end)
    found = differences(vendor, muster)
    if not rota.complete:
        found = [difference for difference in found if difference.vendor]
    against = f"what {export.vendor} has rendered"
    return CoverageComparison(rota.name, written, against, start, end, tuple(found), covered(vendor), covered(muster))


def _with_rules(
    export: Export, rota: Rota, written: tuple[str, ...], rules: str, directory: UserDirectory, now: datetime
) -> Checked:
    end = now + AHEAD
    if rota.vendor_rules is None:
        return NotCompared(rota.name, written, rules, "the export does not hold its rules")
    who = _Persons(export, directory.people)
    try:
        levels = [[_named(held, who) for held in level] for level in rota.vendor_rules(now, end).levels]
    except NotComputable as reason:
        return NotCompared(rota.name, written, rules, reason.reason)
    except (ValueError, OverflowError):
        return NotCompared(rota.name, written, rules, "a time in it is out of range")
    vendor = topmost(levels, now, end)
    muster = _muster(rota, written[0], directory, now, end)
    hours = covered(vendor), covered(muster)
    if not any(hours):
        return NotCompared(rota.name, written, rules, f"nobody is on call in it until {end:%Y-%m-%d}")
    return CoverageComparison(rota.name, written, rules, now, end, tuple(differences(vendor, muster)), *hours)


class _Persons:
    """Finds the person who is meant by a user's id, user name or address; others keep theirs in brackets."""

    def __init__(self, export: Export, people: Mapping[str, str]) -> None:
        self._known: dict[str, str] = {}
        for user in export.users.values():
            for name in (user.handle.lower(), user.email.lower()):
                if name and user.id in people:
                    self._known.setdefault(name, people[user.id])
        self._known |= people

    def __call__(self, user: str) -> str:
        return self._known.get(user) or self._known.get(user.lower()) or f"({user})"


def _named(held: Duty, who: _Persons) -> Duty:
    start, end, users = held
    return start, end, [who(user) if user else "" for user in users]


def _muster(rota: Rota, name: str, directory: UserDirectory, start: datetime, end: datetime) -> Sequence[Stretch]:
    """Who is on call by the schedules that would be imported at `start`, and their overrides."""
    built = build(rota, name, "", directory, start)
    overrides, _ = overrides_of(rota, built, directory.people, start)
    held = []
    for schedule in built.schedules:
        own = [
            Override(override.person, override.start, override.end)
            for override in overrides
            if override.schedule == schedule.name
        ]
        roster = Roster.of(schedule, own, built.contents)
        held += [(span.start, span.end, span.people) for span in spans(roster, start, end)]
    return together(held, start, end)
