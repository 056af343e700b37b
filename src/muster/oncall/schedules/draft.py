"""What somebody wants a schedule to be: one draft for manifest, API, editor and store, with every fault at once (R72)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from muster.kit.errors import Broken, Invalid
from muster.kit.faults import broken_at, faults_of
from muster.kit.weekhours import read_weekday, read_weekdays
from muster.oncall.schedules.notation import OFF, quoted, read_clock, read_day, read_hand_off, read_moment, split_day
from muster.oncall.schedules.schedule import (
    ALWAYS,
    MIDNIGHT,
    HandOff,
    HolidayRule,
    Holidays,
    Layer,
    Rotate,
    Schedule,
    Stay,
    Window,
)
from muster.people.rules import name_faults, zone_faults

MOST_TOGETHER, MOST_LAYERS, MOST_TURNS, MOST_RESTRICTIONS, LONGEST_TURN = 20, 50, 200, 50, 1000
_Choice = TypeVar("_Choice", bound=StrEnum)


def read_schedule(document: object) -> Schedule:
    """Read a schedule from its manifest form, a mapping such as YAML or JSON gives.

    Raises:
        Invalid: with one fault for each thing that is wrong.
    """
    try:
        return ScheduleDraft.model_validate(document).schedule()
    except ValidationError as error:
        raise Invalid("This schedule cannot be used.", faults=faults_of(error, ScheduleDraft)) from None


def _name(value: object) -> str:
    for fault in name_faults("", value if isinstance(value, str) else ""):
        raise Broken(fault.rule, fault.fix)
    return str(value)


def _zone(value: object) -> str:
    for fault in zone_faults("", value if isinstance(value, str) else ""):
        raise Broken(fault.rule, fault.fix)
    return str(value)


def _choice(choices: type[_Choice], what: str) -> BeforeValidator:
    def read(value: object) -> _Choice:
        if isinstance(value, str) and value in list(choices):
            return choices(value)
        raise Broken(f"{quoted(value)} is not {what}.", f"Write one of {', '.join(choices)}.")

    return BeforeValidator(read)


def _listed(what: str, most: int, fix: str, *, optional: bool = False) -> BeforeValidator:
    """A list that is neither empty nor too long."""

    def read(value: object) -> object:
        if optional and not value:
            return []
        if value is None:
            return value
        if not isinstance(value, list | tuple) or not value:
            raise Broken(f"{what} is empty or not a list.", fix)
        if len(value) > most:
            raise Broken(f"There are {len(value)} {what}.", f"At most {most} are allowed.")
        return value

    return BeforeValidator(read)


Name = Annotated[str, BeforeValidator(_name)]
Zone = Annotated[str, BeforeValidator(_zone)]
Day = Annotated[date, BeforeValidator(read_day)]
Moment = Annotated[datetime, PlainValidator(lambda value: value, json_schema_input_type=date | datetime)]
"""A local time: its layer's hand-off and zone complete a date or an instant."""


class _Draft(BaseModel):
    """A part of a schedule as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    noun: ClassVar[str]
    parts: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _mapping(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            raise Broken(f"A {cls.noun} is a mapping of fields.", f"Write {cls.parts} and their values.")
        return value


def _person(value: object) -> str:
    if not isinstance(value, str) or not value:
        fix = "Write a person's name, a list of names who are on call together, or off for a free turn."
        raise Broken(f"{quoted(value)} names nobody.", fix)
    if len(value) > 200:
        raise Broken("A name has at most 200 letters.", "Write the person's short name.")
    if value == OFF:
        raise Broken("A free turn has nobody in it.", "Write off alone, not beside people.")
    return value


class StayDraft(_Draft):
    """Somebody who takes part in a turn from a day or until one, both included."""

    noun, parts = "person of a turn", "person, from and until"

    person: Annotated[str, BeforeValidator(_person)] = Field(examples=["ana"])
    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="until")

    @field_validator("last")
    @classmethod
    def _not_before_first(cls, last: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("first")
        if first and last and last < first:
            rule = f"{quoted(info.data.get('person'))} leaves before they join."
            raise Broken(rule, "Write a last day that is not before the first.")
        return last


def _member(value: object) -> StayDraft:
    return StayDraft.model_validate(value) if isinstance(value, Mapping) else StayDraft(person=_person(value))


_MEMBERS = TypeAdapter(list[Annotated[StayDraft, PlainValidator(_member)]])


def _turn(value: object) -> tuple[StayDraft, ...]:
    """Who stands in a turn: one, several together, or nobody (YAML reads off as false)."""
    if value in (OFF, []) or value is False:
        return ()
    members = _MEMBERS.validate_python(value) if isinstance(value, list) else [_member(value)]
    names = [member.person for member in members]
    if len(names) > MOST_TOGETHER:
        raise Broken("A turn is too large.", f"At most {MOST_TOGETHER} people are on call together.")
    if len(set(names)) < len(names):
        raise Broken(f"{quoted(names)} names somebody twice.", "Name each person of a turn once.")
    return tuple(members)


def _not_all_free(turns: list[tuple[StayDraft, ...]] | None) -> list[tuple[StayDraft, ...]] | None:
    if turns is not None and not any(turns):
        raise Broken("Every turn is free: nobody ever takes one.", "Name at least one person.")
    return turns


Turn = Annotated[
    tuple[StayDraft, ...],
    PlainValidator(_turn, json_schema_input_type=str | StayDraft | list[str | StayDraft] | Literal[False]),
]
"""`ana`, `[bo, {person: cy, from: 2026-02-02}]` or `off`."""
People = Annotated[
    list[Turn],
    _listed("people", MOST_TURNS, "Name at least one person, such as people: [ana, bo]."),
    AfterValidator(_not_all_free),
]


class RestrictionDraft(_Draft):
    """Hours of the week: clock times on `days`, or from one weekday and time to another."""

    noun, parts = "restriction", "from, to"

    days: Annotated[frozenset[int], PlainValidator(read_weekdays, json_schema_input_type=str | list[str])] | None = (
        Field(None, examples=["Mon-Fri"])
    )
    opens: Annotated[tuple[int | None, time], PlainValidator(lambda value: value, json_schema_input_type=str)] = Field(
        alias="from", examples=["09:00", "Fri 17:00"]
    )
    shuts: Annotated[tuple[int | None, time], PlainValidator(lambda value: value, json_schema_input_type=str)] = Field(
        alias="to", examples=["17:00", "Mon 09:00"]
    )

    @field_validator("opens", "shuts", mode="before")
    @classmethod
    def _time(cls, value: object, info: ValidationInfo) -> tuple[int | None, time]:
        if info.data.get("days", ()) is not None:
            return None, read_clock(value, end_of_day=info.field_name == "shuts")
        day, clock = split_day(value)
        if not clock:
            fix = 'Add days: Mon-Fri to these hours, or write a weekday: "Fri 17:00".'
            raise Broken(f"{quoted(value)} has no weekday.", fix)
        return read_weekday(day), read_clock(clock, end_of_day=False)

    def windows(self) -> Iterator[Window]:
        """The windows that these hours open."""
        (first, opens), (last, shuts) = self.opens, self.shuts
        for day in sorted(self.days or ()):
            yield Window(day, opens, int(shuts <= opens), shuts)
        if first is not None and last is not None:
            yield Window(first, opens, (last - first) % 7 or (7 if shuts <= opens else 0), shuts)


class HolidaysDraft(_Draft):
    """The calendar of a layer's holidays, and what they do to it."""

    noun, parts = "layer's holidays field", "calendar, rule"

    calendar: Name = Field(examples=["se-holidays"])
    rule: Annotated[HolidayRule, _choice(HolidayRule, "what holidays do")] = Field(examples=["closed"])


class LayerDraft(_Draft):
    """People who take turns, or a calendar from which the shifts come: then `people`, `rotate` and `hand_off` are left out."""

    noun, parts = "layer", "name, people, rotate, hand_off, start"

    name: Name = Field(examples=["weekly"])
    time_zone: Zone | None = Field(None, description="The zone of the schedule where left out.")
    calendar: Name | None = Field(None, description="A calendar of shifts.")
    people: People | None = Field(None, validate_default=True, examples=[["ana", "bo"]])
    rotate: Annotated[Rotate, _choice(Rotate, "a way to rotate")] | None = Field(
        None, validate_default=True, examples=["weekly"]
    )
    every: int = Field(1, ge=1, le=LONGEST_TURN, description="How many hours, days, weeks or months a turn lasts.")
    hand_off: Annotated[HandOff, PlainValidator(lambda value: value, json_schema_input_type=str)] | None = Field(
        None, validate_default=True, examples=["Mon 09:00"]
    )
    start: Moment | None = Field(None, validate_default=True, examples=["2026-01-05"])
    end: Moment | None = None
    restrictions: Annotated[
        list[RestrictionDraft],
        _listed(
            "restrictions",
            MOST_RESTRICTIONS,
            'Write a list such as [{days: Mon-Fri, from: "09:00", to: "17:00"}], or leave it out.',
            optional=True,
        ),
    ] = Field(default_factory=list)
    holidays: HolidaysDraft | None = None
    shadow: StrictBool = False

    @field_validator("people", "rotate", "every", "hand_off", "start", mode="before")
    @classmethod
    def _either_rotates_or_is_imported(cls, value: object, info: ValidationInfo) -> object:
        field = str(info.field_name)
        imported = info.data.get("calendar", "") is not None
        if imported and value is not None and field != "start":
            rule = f"A layer either takes its shifts from a calendar or rotates: {field} has no meaning here."
            raise Broken(rule, f"Leave out {field}, or leave out calendar.")
        if not imported and value is None:
            example = (cls.model_fields[field].examples or [""])[0]
            written = f"[{', '.join(example)}]" if isinstance(example, list) else example
            raise Broken(f"`{field}` is missing.", f"Add `{field}`, such as `{field}: {written}`.")
        return value

    @field_validator("every", mode="before")
    @classmethod
    def _length(cls, every: object) -> object:
        if isinstance(every, int) and not isinstance(every, bool) and 1 <= every <= LONGEST_TURN:
            return every
        rule = f"{quoted(every)} is not a length of turns."
        raise Broken(rule, f"Write a whole number from 1 to {LONGEST_TURN}.")

    @field_validator("hand_off", mode="before")
    @classmethod
    def _hand_off(cls, value: object, info: ValidationInfo) -> object:
        rotate = info.data.get("rotate")
        return read_hand_off(value, rotate) if rotate and value is not None else value

    @field_validator("start", "end", mode="before")
    @classmethod
    def _moment(cls, value: object, info: ValidationInfo) -> object:
        hand_off = MIDNIGHT if info.data.get("calendar") else info.data.get("hand_off")
        if value is None or not isinstance(hand_off, HandOff):
            return value
        zone = info.data.get("time_zone") or (info.context or {}).get("time_zone") or "UTC"
        moment, start = read_moment(value, hand_off, zone), info.data.get("start")
        if info.field_name == "end" and isinstance(start, datetime) and moment <= start:
            raise Broken("The layer ends before it starts.", "Write an end later than the start.")
        return moment

    def layer(self, schedule_zone: str) -> Layer:
        """The layer in a schedule of this zone."""
        turns = self.people or []
        stays = [
            Stay(number, member.person, member.first, member.last)
            for number, turn in enumerate(turns)
            for member in turn
            if member.first or member.last
        ]
        return Layer(
            name=self.name,
            turns=tuple(tuple(member.person for member in turn) for turn in turns),
            rotate=self.rotate or Rotate.DAILY,
            every=self.every,
            hand_off=self.hand_off or MIDNIGHT,
            zone=self.time_zone or schedule_zone,
            start=self.start or ALWAYS,
            end=self.end,
            windows=tuple(window for restriction in self.restrictions for window in restriction.windows()),
            stays=tuple(stays),
            holidays=Holidays(self.holidays.calendar, self.holidays.rule) if self.holidays else None,
            shadow=self.shadow,
            calendar=self.calendar,
        )


_LAYERS = TypeAdapter(Annotated[list[LayerDraft], _listed("layers", MOST_LAYERS, "Add at least one layer.")])


def _layers(value: object, info: ValidationInfo) -> list[LayerDraft]:
    """The layers, with the zone of their schedule at hand; no two of one name."""
    error: ValidationError | None = None
    layers: list[LayerDraft] = []
    try:
        layers = _LAYERS.validate_python(value, context={"time_zone": info.data.get("time_zone")})
    except ValidationError as failed:
        error = failed
    twice: list[tuple[tuple[str | int, ...], Broken]] = []
    names: set[str] = set()
    for number, layer in enumerate(value if isinstance(value, list) else ()):
        name = layer.get("name") if isinstance(layer, Mapping) else None
        if isinstance(name, str) and name in names:
            twice.append(((number, "name"), Broken(f"Two layers are named {name}.", "Give each its own name.")))
        names.add(str(name))
    if error or twice:
        raise broken_at(twice, error)
    return layers


class ScheduleDraft(_Draft):
    """A schedule in its manifest form; its times are local to its zone. Of two layers the later decides."""

    noun, parts = "schedule", "name, time_zone, layers"

    kind: Literal["Schedule"] = "Schedule"
    name: Name = Field(examples=["platform-primary"])
    time_zone: Zone = Field(examples=["Europe/Stockholm"])
    description: str = Field("", max_length=2000)
    layers: Annotated[list[LayerDraft], PlainValidator(_layers, json_schema_input_type=list[LayerDraft])]

    def schedule(self) -> Schedule:
        """The schedule."""
        layers = tuple(layer.layer(self.time_zone) for layer in self.layers)
        return Schedule(self.name, self.time_zone, layers, self.description)
