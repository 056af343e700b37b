"""Panels about people: who responds, was asked or has not answered, and who has which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.base.unit import Unit
from muster.base.web.typed import template
from muster.incidents.actions.around import responders_of
from muster.incidents.authority import title_of
from muster.incidents.incident import State
from muster.incidents.pages.panel import Content, Viewed
from muster.incidents.pages.rows import url_of
from muster.incidents.responders import Closeness
from muster.paging.page import ASKED

WORDS = {
    Closeness.RESPONDING: ("responding", ""),
    Closeness.ASKED: ("asked", "waiting"),
    Closeness.SILENT: ("no answer", "failed"),
    Closeness.DECLINED: ("declined", "waiting"),
}
"""How somebody stands, with the tone of it."""


@dataclass(frozen=True, slots=True)
class ResponderRow:
    """One person; `withdraw` is where one takes back what they are asked for, empty where they are not."""

    name: str
    person: str
    me: bool
    state: str
    tone: str
    since: datetime
    what: str
    withdraw: str


@template("incidents/panels/responding.html")
@dataclass(frozen=True, slots=True)
class Responding:
    """Who is in the incident, and whether the viewer may take it or hand it over."""

    responders: Sequence[ResponderRow]
    url: str
    open: bool
    may_take: bool
    has_owner: bool


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role with its holder."""

    name: str
    title: str
    person: str
    me: bool


@template("incidents/panels/roles.html")
@dataclass(frozen=True, slots=True)
class Roles:
    """The roles that somebody has."""

    roles: Sequence[RoleRow]


async def responding(unit: Unit, viewed: Viewed) -> Content:
    """Everybody once, as they stand nearest."""
    held, incident = viewed.held, viewed.held.incident
    asking = {run.page.id for run in viewed.runs if run.page.purpose in ASKED}
    rows = [
        ResponderRow(
            name=responder.person,
            person=viewed.name_of(responder.person),
            me=responder.person == unit.principal.name,
            state=WORDS[responder.standing][0],
            tone=WORDS[responder.standing][1],
            since=responder.since,
            what=responder.what,
            withdraw=url_of(incident, "asked", str(responder.page_id), "withdraw")
            if responder.page_id in asking
            else "",
        )
        for responder in await responders_of(unit, incident, viewed.runs)
    ]
    engineer = held.roles.get("on_call_engineer") == unit.principal.name
    return Content(
        Responding(
            responders=rows,
            url=url_of(incident),
            open=incident.open,
            may_take=incident.open and not engineer and unit.principal.person_id is not None,
            has_owner=incident.state is not State.TRIGGERED,
        )
    )


async def roles(unit: Unit, viewed: Viewed) -> Content:
    """The roles in the order of the plan."""
    held = viewed.held
    rows = [
        RoleRow(name, title_of(held.version.plan, name), viewed.name_of(holder), holder == unit.principal.name)
        for name in held.version.plan.every_role()
        if (holder := held.roles.get(name))
    ]
    return Content(Roles(rows))
