"""The people of a layer as they are written: names, people together, free turns, and from when until when somebody takes part.

`[ana, off, [bo, {person: cy, from: 2026-02-02}], {person: dee, until: 2026-06-30}]`
"""

from typing import Any

from muster.oncall.schedules.notation import Misread, read_day, shown
from muster.oncall.schedules.reader import Reader
from muster.oncall.schedules.schedule import Stay

OFF = "off"
_FIELDS = ("person", "from", "until")

Turns = tuple[tuple[str, ...], ...]


def read_places(reader: Reader, path: str, value: object) -> tuple[Turns, tuple[Stay, ...]] | None:
    """The turns and stays of a layer's `people`; None where anything is wrong with them."""
    before = len(reader.faults)
    turns: list[tuple[str, ...]] = []
    stays: list[Stay] = []
    for number, written in enumerate(reader.list(path, value)):
        turn = _read_turn(reader, f"{path}.{number}", number, written, stays)
        turns.append(turn)
    if len(reader.faults) == before and not any(turns):
        reader.fault(path, "Every turn is free: nobody ever takes one.", "Name at least one person.")
    return None if len(reader.faults) > before else (tuple(turns), tuple(stays))


def write_places(turns: Turns, stays: tuple[Stay, ...]) -> list[Any]:
    """The turns and stays as `read_places` takes them."""
    by_place = {(stay.turn, stay.person): stay for stay in stays}
    written: list[Any] = []
    for number, people in enumerate(turns):
        members = [_member(person, by_place.get((number, person))) for person in people]
        written.append(OFF if not members else members[0] if len(members) == 1 else members)
    return written


def _read_turn(reader: Reader, path: str, number: int, written: object, stays: list[Stay]) -> tuple[str, ...]:
    if written in (OFF, []) or written is False:
        return ()
    several = isinstance(written, list)
    members = written if isinstance(written, list) else [written]
    people: list[str] = []
    for position, member in enumerate(members):
        here = f"{path}.{position}" if several else path
        stay = _read_member(reader, here, number, member)
        if stay is not None:
            people.append(stay.person)
            if stay.first or stay.last:
                stays.append(stay)
    if len(people) > 20:
        reader.fault(path, "A turn is too large.", "At most 20 people are on call together.")
    if len(set(people)) < len(people):
        reader.fault(path, f"{shown(people)} names somebody twice.", "Name each person of a turn once.")
    return tuple(people)


def _read_member(reader: Reader, path: str, number: int, member: object) -> Stay | None:
    if not isinstance(member, dict):
        name = reader.read(path, _read_person, member)
        return Stay(number, name) if name else None
    before = len(reader.faults)
    fields = reader.mapping("person of a turn", path, member, _FIELDS, needed=("person",)) or {}
    name = reader.read(f"{path}.person", _read_person, fields["person"]) if "person" in fields else None
    first, last = (
        reader.read(f"{path}.{key}", read_day, fields[key]) if fields.get(key) is not None else None
        for key in ("from", "until")
    )
    if first and last and last < first:
        rule = f"{shown(member.get('person'))} leaves before they join."
        reader.fault(f"{path}.until", rule, "Write a last day that is not before the first.")
    return Stay(number, name, first, last) if name and len(reader.faults) == before else None


def _read_person(value: object) -> str:
    if not isinstance(value, str) or not value:
        fix = "Write a person's name, a list of names who are on call together, or off for a free turn."
        raise Misread(f"{shown(value)} names nobody.", fix)
    if len(value) > 200:
        raise Misread("A name has at most 200 letters.", "Write the person's short name.")
    if value == OFF:
        raise Misread("A free turn has nobody in it.", "Write off alone, not beside people.")
    return value


def _member(person: str, stay: Stay | None) -> str | dict[str, str]:
    if stay is None:
        return person
    days = {"from": stay.first, "until": stay.last}
    return {"person": person, **{key: day.isoformat() for key, day in days.items() if day}}
