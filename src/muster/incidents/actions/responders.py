"""More people for an incident: added by hand, called for help, and what they answer (R69, R82)."""

from collections.abc import Sequence
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.actions import hand_over as handing
from muster.incidents.actions.asking import ask, reachable, read_targets, steps_for, still_open
from muster.incidents.actions.guard import Held, hold
from muster.incidents.events import HELP_ASKED, RESPONDER_DECLINED, RESPONDER_JOINED, RESPONDERS_ASKED
from muster.incidents.hand_over import HandOverState
from muster.incidents.incident import Incident
from muster.kit.errors import Conflict, Missing
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions.acceptance import come, decline
from muster.paging.actions.notices import notify
from muster.paging.actions.stop import stop_page
from muster.paging.page import ASKED, Page, PageState, Purpose
from muster.paging.store import page_answers, pages
from muster.plan.steps import FINAL, FrozenStep

TOLD = "You asked them."


async def add_responders(unit: Unit, ref: str | UUID, targets: Sequence[str], note: str = "") -> Incident:
    """Page further people, teams, schedules or policies; each of them until somebody of it answers.

    Raises:
        Missing; Invalid: somebody does not exist or cannot be reached, with every fault; Conflict: it is over.
    """
    unit.allow(Permission.INCIDENT_ASK)
    held = await hold(unit, ref)
    still_open(held)
    wanted = read_targets(targets)
    await reachable(unit, held, wanted)
    incident, name = held.incident, unit.principal.name
    why = f"{name} asks you to respond to {incident.ref}."
    runs = [steps_for(held, target) for target in wanted]
    made = await ask(unit, held, Purpose.RESPONDERS, runs, why, note)
    data = {"targets": [str(each) for each in wanted], "pages": [str(page.id) for page in made]}
    await record(unit, Event(incident.stream, RESPONDERS_ASKED, data, note))
    unit.publish("incidents", incident.stream)
    return incident


async def ask_for_help(unit: Unit, ref: str | UUID, words: str = "", target: str = "") -> Incident:
    """Call for help with one tap: the next step of what was paged, or somebody named; with the asker's words.

    Raises:
        Missing; Invalid: somebody does not exist or cannot be reached; Conflict: it is over, or every step was paged and
        nobody is named.
    """
    unit.allow(Permission.INCIDENT_ASK)
    held = await hold(unit, ref)
    still_open(held)
    incident, name = held.incident, unit.principal.name
    if target:
        (wanted,) = read_targets([target])
        await reachable(unit, held, [wanted], "target")
        steps = steps_for(held, wanted)
    else:
        steps = await _next_steps(unit, held)
    why = f"{name} asks for help with {incident.ref}."
    (page,) = await ask(unit, held, Purpose.HELP, [steps], why, words)
    await record(unit, Event(incident.stream, HELP_ASKED, {"target": target, "page": str(page.id)}, words))
    unit.publish("incidents", incident.stream)
    return incident


async def respond(unit: Unit, ref: str | UUID, *, coming: bool, reason: str = "") -> Incident:
    """Answer what one is asked for in an incident: come (or take over), or decline.

    Raises:
        Missing; Conflict: nobody asks.
    """
    unit.allow(Permission.INCIDENT_ACKNOWLEDGE)
    held = await hold(unit, ref)
    if not await answer_asked(unit, held, coming=coming, reason=reason):
        raise Conflict(f"Nobody asks you for anything in {held.incident.ref}.", "Take it if you want to respond.")
    return held.incident


async def answer_asked(unit: Unit, held: Held, *, coming: bool, reason: str = "") -> bool:
    """Answer every page by which the principal is being asked for something; false where there is none."""
    person_id, name = unit.principal.person_id, unit.principal.name
    asking = await page_answers.asking(unit.conn, held.incident.id, person_id) if person_id else []
    for page in asking:
        assert person_id is not None
        data = {"person": name, "purpose": str(page.purpose), "page": str(page.id)}
        if coming:
            await come(unit, page, person_id, name)
            if page.purpose is Purpose.HAND_OVER:
                await handing.accept(unit, held, page, person_id, name)
            else:
                await record(unit, Event(held.incident.stream, RESPONDER_JOINED, data, reason))
        elif page.purpose is Purpose.HAND_OVER:
            await page_answers.note(unit.conn, page.id, person_id, unit.now, "declined", reason)
            await stop_page(unit, page, f"{name} declined.")
            await handing.end(unit, page, HandOverState.DECLINED, reason or f"{name} declined.")
        else:
            await record(unit, Event(held.incident.stream, RESPONDER_DECLINED, data, reason))
            await decline(unit, page, person_id, name, reason)
    if asking:
        unit.publish("incidents", held.incident.stream)
    return bool(asking)


async def withdraw(unit: Unit, ref: str | UUID, page_id: UUID) -> Incident:
    """Take back what people are being asked for; whoever came already stays.

    Raises:
        Missing: there is no such page; Conflict: it has ended.
    """
    unit.allow(Permission.INCIDENT_ASK)
    held = await hold(unit, ref)
    page = await pages.lock(unit.conn, page_id)
    if page is None or page.incident_id != held.incident.id or page.purpose not in ASKED:
        raise Missing(f"Nobody is asked by such a page in {held.incident.ref}.")
    if page.state is not PageState.RUNNING:
        raise Conflict("This has ended already.", page.ended_reason)
    reason = f"{unit.principal.name} withdrew it."
    await stop_page(unit, page, reason)
    if page.purpose is Purpose.HAND_OVER:
        await handing.end(unit, page, HandOverState.WITHDRAWN, reason)
    unit.publish("incidents", held.incident.stream)
    return held.incident


async def on_asked_in_vain(unit: Unit, page: Page) -> None:
    """Nobody who was asked has answered: a hand-over times out, and whoever asked is told."""
    if page.purpose is Purpose.HAND_OVER:
        await handing.end(unit, page, HandOverState.TIMED_OUT, "There was no answer in time.")
        return
    names = ", ".join(dict.fromkeys(each.person for each in await page_answers.woken(unit.conn, [page.id])))
    title = f"Nobody answered your call for {page.ref}"
    await notify(unit, [page.asked_by], title, f"Asked without an answer: {names or 'nobody'}. {page.title}", TOLD)


async def _next_steps(unit: Unit, held: Held) -> tuple[FrozenStep, ...]:
    """What the newest page of the incident had still to take, without the rounds at the end unless nothing else is left."""
    runs = [page for page in await pages.of_incident(unit.conn, held.incident.id) if page.purpose is Purpose.INCIDENT]
    left = [step for page in runs[-1:] for step in page.steps[page.step :]]
    steps = [step for step in left if step.policy != FINAL] or left
    if not steps:
        fix = "Name somebody to ask, such as team:web."
        raise Conflict(f"Every step that the plan has for {held.incident.ref} was paged already.", fix)
    return tuple(steps)
