"""What an export says, in words that are no vendor's: readers make this, and Muster's manifests are made of it.

Objects refer to each other by the export's own ids. Each carries the note in which the report says what became of it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muster.importing.report import ImportNote, ImportReport
from muster.importing.vendor_coverage import Reckon
from muster.oncall.schedules.schedule import Rotate, Window


@dataclass(slots=True)
class RuleStep:
    """Of somebody's notification rules: notify by this kind of contact after that long."""

    after: timedelta
    kind: str


@dataclass(slots=True)
class ExportedNotifyRule:
    """How somebody wants to be notified; `urgency` is `high`, `low` or empty for always."""

    urgency: str
    steps: list[RuleStep]


@dataclass(slots=True)
class User:
    """Somebody of the export. `level` is viewer, responder or manager; `handle` is their user name, if they have one."""

    id: str
    note: ImportNote
    name: str = ""
    email: str = ""
    handle: str = ""
    zone: str = ""
    level: str = "responder"
    contacts: list[tuple[str, str]] = field(default_factory=list)
    rules: list[ExportedNotifyRule] = field(default_factory=list)


@dataclass(slots=True)
class Exported:
    """Something of the export that has an id and a name."""

    id: str
    note: ImportNote
    name: str


@dataclass(slots=True)
class ExportedTeam(Exported):
    """A team; `members` and `lead` are users' ids."""

    members: list[str] = field(default_factory=list)
    lead: str = ""


@dataclass(slots=True)
class Rotation:
    """People who take turns. `turns` are users' ids, an empty turn is nobody's.

    Turn 0 begins at `anchor`, turns last `every` `rotate`s of `zone`'s calendar, and count from `start` to `end` (aware). Of
    rotations that overlap, the one of the higher `level` holds; those of one level hold together.
    """

    name: str
    turns: list[tuple[str, ...]]
    rotate: Rotate
    every: int
    zone: str
    anchor: datetime
    start: datetime
    end: datetime | None = None
    windows: tuple[Window, ...] = ()
    level: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`users` are on call for `length` on the wall clock, from the local `start` and whenever `rule` (RRULE, without UNTIL) says.

    The start itself counts, whether or not the rule meets it; nothing begins behind `until` (aware). No rule: once.
    """

    users: tuple[str, ...]
    start: datetime
    length: timedelta
    rule: str = ""
    until: datetime | None = None


@dataclass(slots=True)
class ExportedShift:
    """A shift in both forms: `events` say exactly when who is on call, `rotations` are the layers that it resembles, if any.

    Nothing before the local `counts_from` counts.
    """

    id: str
    name: str
    zone: str
    level: int
    events: list[Recurrence]
    counts_from: datetime | None = None
    rotations: list[Rotation] = field(default_factory=list)


@dataclass(slots=True)
class Replacement:
    """An override: `users` (none: nobody) from `start` to `end`; `rotations` limits it to these, none means all."""

    users: tuple[str, ...]
    start: datetime
    end: datetime
    rotations: tuple[str, ...] = ()
    id: str = ""


@dataclass(slots=True)
class Rendered:
    """What the vendor itself says: this user is on call from `start` to `end`."""

    user: str
    start: datetime
    end: datetime


@dataclass(slots=True)
class Rota(Exported):
    """A schedule of the export.

    `rendered` is what the vendor itself says, `complete` whether it says everything; `vendor_rules` say who is on call by the
    vendor's own rules, without `rotations` and `shifts`. The calendars are addresses of iCalendar files whose entries are
    shifts, below the rotations and above them.
    """

    zone: str
    description: str = ""
    rotations: list[Rotation] = field(default_factory=list)
    shifts: list[ExportedShift] = field(default_factory=list)
    overrides: list[Replacement] = field(default_factory=list)
    vendor_rules: Reckon | None = None
    rendered: list[Rendered] = field(default_factory=list)
    rendered_from: datetime | None = None
    rendered_until: datetime | None = None
    complete: bool = True
    calendar: str = ""
    calendar_of_overrides: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a step notifies: `user`, `schedule`, `team` or `policy`, by the export's id."""

    kind: str
    id: str
    label: str = ""


@dataclass(slots=True)
class Rung:
    """A step of an escalation policy: notify these, then wait; `in_turn` pages one of them after the other each time."""

    recipients: list[Recipient]
    wait: timedelta
    in_turn: bool = False


@dataclass(slots=True)
class Policy(Exported):
    """An escalation policy; it is run through `loops` times more when nobody has acknowledged."""

    rungs: list[Rung] = field(default_factory=list)
    loops: int = 0
    team: str = ""


@dataclass(slots=True)
class Service(Exported):
    """Something that is operated, with the team and the policy that answer for it."""

    description: str = ""
    team: str = ""
    policy: str = ""
    link: str = ""


@dataclass(slots=True)
class Inbound(Exported):
    """A source of alerts; `format` is one of Muster's, `policy` pages for it, `service` is what it is part of."""

    format: str = "auto"
    service: str = ""
    team: str = ""
    policy: str = ""


@dataclass(slots=True)
class Export:
    """A whole export. `source` is the slug of the tool, `vendor` its name for people."""

    source: str
    vendor: str
    report: ImportReport = field(default_factory=ImportReport)
    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, ExportedTeam] = field(default_factory=dict)
    schedules: dict[str, Rota] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    inbound: dict[str, Inbound] = field(default_factory=dict)
