"""Which of a person's contacts a page uses at once, which later and why: their rules and quiet hours, evaluated. Pure.

A page never vanishes through rules: where none fits, or one names kinds of contact that the person has not, their contacts
are used in their order, and the reason is kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.kit.localtime import is_zone
from muster.paging.delivery import Delivery, DeliveryState, Hold
from muster.paging.targets import Address, Reachable, Snapshot
from muster.paging.unreached import Unreached, UnreachedCause, waits_until
from muster.people.notify import NOTHING_SAID, NotifyRule
from muster.people.notify_words import after_words

_NOW = timedelta(0)
_Wanted = tuple[Address, timedelta, str, bool]
"""An address, how long after the beginning, why, and whether that is only what the person wrote."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One message that a page means to send: `after` its beginning, at `send_at` (None: at once), held back for `hold`.

    `why` is a sentence where it is not simply the first contact at once; `as_written`: it says no more than the person's own rule.
    """

    address: Address
    after: timedelta
    send_at: datetime | None
    hold: Hold
    why: str
    as_written: bool = False


def plan_for(person: Reachable, severity: str, now: datetime) -> tuple[Planned, ...]:
    """What a page of this severity does for a person who has at least one address; never empty, the earliest first."""
    if person.notify is NOTHING_SAID:
        return (Planned(person.addresses[0], _NOW, None, Hold.NONE, ""),)
    rule = person.notify.rule_for(severity, now, _zone(person))
    wanted = _by_rule(person, rule) if rule else []
    if not wanted:
        wanted = [(person.addresses[0], _NOW, _no_rule(person, severity, rule), False)]
    return _around_quiet(person, severity, now, wanted)


def quieted(snapshot: Snapshot, severity: str, now: datetime) -> Snapshot:
    """The snapshot with those named whom a page of this severity must not wake now: a step that means only them reaches
    nobody at this moment."""
    quiet: dict[str, Unreached] = {}
    for name, person in snapshot.persons.items():
        if person.notify.quiet_hours is None or not person.active or not person.addresses:
            continue
        plans = plan_for(person, severity, now)
        if all(plan.hold is Hold.QUIET for plan in plans) and plans[0].send_at:
            quiet[name] = Unreached(name, UnreachedCause.QUIET, plans[0].send_at, _zone(person))
    return replace(snapshot, quiet=quiet) if quiet else snapshot


def quieting(now: datetime) -> Callable[[Snapshot, str], Snapshot]:
    """`quieted` for many pages of a few severities and the same persons."""
    known: dict[str, Mapping[str, Unreached]] = {}

    def of(snapshot: Snapshot, severity: str) -> Snapshot:
        if severity not in known:
            known[severity] = quieted(snapshot, severity, now).quiet
        return replace(snapshot, quiet=known[severity]) if known[severity] else snapshot

    return of


def as_planned(delivery: Delivery, plan: Planned) -> Delivery:
    """The delivery of a plan."""
    if plan.send_at is None:
        return replace(delivery, reason=plan.why) if plan.why else delivery
    return replace(delivery, state=DeliveryState.PLANNED, send_at=plan.send_at, hold=plan.hold, reason=plan.why)


def pierced(persons: Mapping[str, Reachable], held: Iterable[Delivery], severity: str, now: datetime) -> list[Delivery]:
    """Those deliveries that wait for the end of quiet hours which a page of this severity would not respect."""
    return [
        each
        for each in held
        if each.hold is Hold.QUIET
        and (person := persons.get(each.person)) is not None
        and person.notify.quiet_until(severity, now, _zone(person)) is None
    ]


def _by_rule(person: Reachable, rule: NotifyRule) -> list[_Wanted]:
    doings = sorted(rule.do, key=lambda each: each.after)
    found: list[_Wanted] = []
    missing: list[str] = []
    for doing in doings:
        own = [contact for contact in person.addresses if contact.channel == doing.by]
        if not own:
            missing.append(doing.by)
            continue
        fresh = [contact for contact in own if all(contact != used for used, _, _, _ in found)]
        found.append(
            (fresh[0] if fresh else own[0], doing.after, f"{person.name}'s rule: {_after(doing.after)}.", True)
        )
    if found and found[0][1] > doings[0].after:
        # What was to come first has no contact: the next takes its time, so that nothing comes later than was asked for.
        address, _, _, _ = found[0]
        why = f"{person.name}'s rule names {', '.join(missing)} first, which {person.name} has no contact for."
        found[0] = (address, doings[0].after, why, False)
    return found


def _no_rule(person: Reachable, severity: str, rule: NotifyRule | None) -> str:
    if rule is not None:
        kinds = ", ".join(dict.fromkeys(each.by for each in rule.do))
        return (
            f"{person.name}'s rule names {kinds}, which {person.name} has no contact for: contacts are used in order."
        )
    if person.notify.notify:
        return f"None of {person.name}'s rules is about {severity} at this time: contacts are used in order."
    return ""


def _around_quiet(person: Reachable, severity: str, now: datetime, wanted: list[_Wanted]) -> tuple[Planned, ...]:
    zone = _zone(person)
    plans: list[Planned] = []
    shift = timedelta(0)
    for address, after, why, as_written in wanted:
        at = now + after + shift
        until = person.notify.quiet_until(severity, at, zone)
        if until is not None:
            # Those that follow keep their distance, so that not all of them ring at once when quiet hours end.
            shift += until - at
            at = until
        if shift:
            plans.append(
                Planned(address, after, at, Hold.QUIET, f"{person.name} has quiet hours: {waits_until(at, zone)}")
            )
        else:
            hold = Hold.RULE if after else Hold.NONE
            plans.append(Planned(address, after, at if after else None, hold, why, as_written))
    return tuple(plans)


def _after(after: timedelta) -> str:
    words = after_words(after.total_seconds())
    return f"{words} unless somebody has taken it" if after else words


def _zone(person: Reachable) -> str:
    return person.time_zone if is_zone(person.time_zone) else "UTC"
