"""What the engine looks at: one incident and the one who asks, at one instant. Pure values, loaded by `actions/gather.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from muster.clocks.clock import RunningClock
from muster.incidents.incident import Incident
from muster.plan.hours import Holidays
from muster.plan.permit import Actor


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who declared an item of the checklist, when, and what they said to it."""

    name: str
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """`roles` are role → person, `did` deed → person, `notes` the names of notes → who wrote them, all by name.

    `denied` holds, by deed ("acknowledge", "close", "check" …), why the asker's sign-in does not reach that far; a deed
    that is not in it is allowed. `firing` are the titles of the first alerts that still fire, `firing_besides` counts the
    others, `labels` are those of the first alert.
    `days_off` are those of the calendars that the plan's hours name. `paging` is true while a page runs, `unanswered` when
    one has run out of steps and nobody has acknowledged.
    """

    incident: Incident
    actor: Actor
    did: Mapping[str, str | None]
    roles: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[RunningClock, ...] = ()
    firing: tuple[str, ...] = ()
    firing_besides: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    attested: Mapping[str, Attestation] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    denied: Mapping[str, str] = field(default_factory=dict)
    paging: bool = False
    unanswered: bool = False
    days_off: Holidays = field(default_factory=dict)
