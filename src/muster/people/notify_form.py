"""Notification rules as one line each, in forms and on the command line: `critical: ntfy, sms after 2m, voice after 4m`. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from muster.kit.duration import format_duration
from muster.kit.errors import Fault, Invalid
from muster.kit.faults import faults_of
from muster.people.notify import Hours, Notify

_DOING = re.compile(r"([a-z][a-z0-9_]*)(?:\s+at once|\s+(?:after\s+)?(\d.*))?")
_SPAN = re.compile(r"(.*?)\s*(\d\d:\d\d)\s*(?:-|–|to)\s*(\d\d:\d\d)")  # people type it
_UNITS = ((r"\s*(?:minutes?|min)\b", "m"), (r"\s*(?:seconds?|sec)\b", "s"), (r"\s*hours?\b", "h"))


@dataclass(frozen=True, slots=True)
class Row:
    """One rule as it is written in a form."""

    severity: str = ""
    hours: str = ""
    do: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is written: no rule."""
        return not (self.severity.strip() or self.hours.strip() or self.do.strip())


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours as they are written in a form."""

    hours: str = ""
    pierced_by: str = "critical"


def rows_of(notify: Notify) -> list[Row]:
    """The rules as rows; reading them back gives the same rules."""
    return [Row(", ".join(rule.severity), hours_text(rule.hours), _doings(rule.do)) for rule in notify.notify]


def quiet_of(notify: Notify) -> Quiet:
    """Quiet hours as they are written."""
    quiet = notify.quiet_hours
    return Quiet(hours_text(quiet), ", ".join(quiet.pierced_by)) if quiet else Quiet()


def hours_text(hours: Hours | None) -> str:
    """Such as `mon-fri 09:00-17:00`, or `22:00-07:00` for every day."""
    if hours is None:
        return ""
    days = "" if len(hours.week.days) == 7 else f"{','.join(hours.days)} "
    return f"{days}{hours.start}-{hours.end}"


def row_of(text: str) -> Row:
    """A rule from one line: `SEVERITIES [DAYS FROM-TO]: DOINGS`; `any` or nothing before the colon means every page."""
    before, colon, do = text.rpartition(": ") if ": " in text else ("", "", text.removeprefix(":"))
    before = before.strip() if colon else ""
    words = before.split()
    at = next((i for i, word in enumerate(words) if re.search(r"\d\d:\d\d", word)), len(words))
    days = at - 1 if 0 < at < len(words) and re.match(r"(mon|tue|wed|thu|fri|sat|sun)", words[at - 1]) else at
    severity = " ".join(words[:days]).strip()
    return Row("" if severity in ("any", "all") else severity, " ".join(words[days:]), do.strip())


def read_rows(rows: Sequence[Row], quiet: Quiet) -> Notify:
    """The rules of a form.

    Raises:
        Invalid: with a fault for each field: `severity-0`, `hours-0`, `do-0`, `quiet-hours`, `quiet-pierced`.
    """
    faults: list[Fault] = []
    places: list[int] = []
    data: dict[str, Any] = {"notify": []}
    for number, row in enumerate(rows):
        if row.empty:
            continue
        places.append(number)
        hours, wrong = _hours(row.hours, f"hours-{number}")
        doings, mistakes = _read_doings(row.do, f"do-{number}")
        faults += [*wrong, *mistakes]
        data["notify"].append({"severity": _words(row.severity), "hours": hours, "do": doings})
    if quiet.hours.strip():
        hours, wrong = _hours(quiet.hours, "quiet-hours")
        faults += wrong
        data["quiet_hours"] = {**(hours or {}), "pierced_by": _words(quiet.pierced_by)}
    if not faults:
        try:
            return Notify.model_validate(data)
        except ValidationError as error:
            faults = [
                Fault(_field(fault.field.split("."), places), fault.rule, fault.fix)
                for fault in faults_of(error, Notify)
            ]
    raise Invalid("The notification rules cannot be saved.", faults=faults)


def fields_of(problem: Invalid) -> dict[str, Fault]:
    """The first fault of each field of the form, also of those that were found when it was saved."""
    found: dict[str, Fault] = {}
    for fault in problem.faults:
        parts = fault.field.split(".")
        name = _field(parts, None) if parts[0] in ("notify", "quiet_hours") else fault.field
        found.setdefault(name, fault)
    return found


def _read_doings(text: str, field: str) -> tuple[list[Mapping[str, Any]], list[Fault]]:
    found: list[Mapping[str, Any]] = []
    for pattern, unit in _UNITS:
        text = re.sub(rf"(?<=\d){pattern}", unit, text.lower())
    for part in filter(None, (item.strip() for item in text.lower().split(","))):
        read = _DOING.fullmatch(part)
        if read is None:
            fix = "Write a kind of contact and when: `ntfy, sms after 2m, voice after 4m`."
            return [], [Fault(field, f"`{part:.40}` is not understood.", fix)]
        found.append({"by": read[1], "after": (read[2] or "0s").replace(" ", "")})
    if not found:
        return [], [Fault(field, "The rule says nothing to do.", "Write it like `ntfy, sms after 2m`.")]
    return found, []


def _hours(text: str, field: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    if not text.strip():
        return None, []
    read = _SPAN.fullmatch(text.strip().lower())
    if read is None:
        fix = "Write it like `mon-fri 09:00-17:00`, or `22:00-07:00` for every day."
        return None, [Fault(field, f"`{text:.40}` are no hours.", fix)]
    days = _words(read[1])
    return {**({"days": days} if days else {}), "from": read[2], "to": read[3]}, []


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+|\band\b", text.strip()) if word]


def _doings(do: Sequence[Any]) -> str:
    return ", ".join(f"{doing.by} after {format_duration(doing.after)}" if doing.after else doing.by for doing in do)


def _field(parts: Sequence[str], places: Sequence[int] | None) -> str:
    if parts[0] == "quiet_hours":
        return "quiet-pierced" if "pierced_by" in parts else "quiet-hours"
    if len(parts) > 1 and parts[1].isdigit():
        number = int(parts[1])
        place = places[number] if places is not None and number < len(places) else number
        name = parts[2] if len(parts) > 2 and parts[2] in ("severity", "hours") else "do"
        return f"{name}-{place}"
    return "do-0"
