"""Who may put whom on call: one's own shifts and oneself are free, other people's time needs them or a manager (R72).

Nobody finds a night on their calendar that they never agreed to, and nobody leaves a hole behind. The refusals say what to do
instead, for they are read at 03:00 as well.
"""

from collections.abc import Sequence
from datetime import datetime

from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import spans
from muster.oncall.schedules.override import Override


def override_refusal(me: str, person: str | None, roster: Roster, start: datetime, end: datetime) -> str:
    """Why `me`, who does not manage schedules, may not put `person` (None: nobody) on call in `[start, end)`.

    Empty when they may: they take the time themselves, or pass on time that is all their own. `me` is empty for a
    principal behind whom no person stands.
    """
    if person is None:
        return "To leave a time to nobody needs a manager of schedules: put yourself on call, or ask for cover."
    if not me:
        return "Only a manager of schedules, or a person for their own time, makes overrides."
    if person == me or _all_mine(me, roster, start, end):
        return ""
    return (
        f"This time is not all yours, so {person} has to agree: ask for a swap or for cover, put yourself on call, "
        "or let a manager of schedules decide."
    )


def removal_refusal(me: str, override: Override, roster: Roster, now: datetime) -> str:
    """Why `me`, who does not manage schedules, may not end an override that stands in `roster`; empty when they may.

    Those may who made it, who are on call by it, or who get all of the time back themselves.
    """
    if me and me in (override.by, override.person):
        return ""
    without = Roster(roster.versions, tuple(other for other in roster.overrides if other.id != override.id))
    if me and _all_mine(me, without, max(now, override.start), override.end):
        return ""
    whose = f"{override.by}, who made it, " + (f"{override.person}, who is on call by it, " if override.person else "")
    return f"Only {whose}whoever gets the time back, or a manager of schedules may end this override."


def holders(roster: Roster, start: datetime, end: datetime) -> list[tuple[str, ...]]:
    """Who is on call together inside `[start, end)`, each company once, in order of appearance; () where nobody is."""
    return list(dict.fromkeys(span.people for span in spans(roster, start, end)))


def _all_mine(me: str, roster: Roster, start: datetime, end: datetime) -> bool:
    companies: Sequence[tuple[str, ...]] = holders(roster, start, end)
    return bool(companies) and all(company == (me,) for company in companies)
