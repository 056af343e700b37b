"""Users and teams of an export as manifests: what Muster has of them stays, what is new is added."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from muster.base.access import Level
from muster.importing.current_state import CurrentPerson, CurrentState
from muster.importing.export import Export, ExportedTeam, User
from muster.importing.naming import distinct, names_of, slug
from muster.kit.duration import format_duration
from muster.people.rules import email_faults

Manifest = dict[str, Any]


def persons_of(export: Export, present: CurrentState) -> tuple[list[Manifest], dict[str, str]]:
    """The manifests of the export's users, and users' ids with the names of the persons whom they are.

    A user is the person with the same e-mail address; without an address in the export, the one with the same name.
    """
    by_address = {person.person.email.lower(): person for person in present.persons}
    by_name = {person.person.name: person for person in present.persons}
    manifests: dict[str, Manifest] = {}
    names: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for user in sorted(export.users.values(), key=lambda item: (item.email.lower(), item.id)):
        address = user.email.lower()
        known = by_address.get(address) if address else by_name.get(slug(user.handle, "") if user.handle else "")
        if known is not None and not known.person.active:
            user.note.lose(f"{known.person.full_name or known.person.name} has left Muster, and is not brought back.")
        elif known is not None:
            names[user.id] = known.person.name
            user.note.become(f"Person {known.person.name}")
            if not address:
                user.note.lose(
                    f"The export gives no e-mail address; the person {known.person.name} is taken, by the name."
                )
            manifests.setdefault(known.person.name, _kept(user, known, present))
        elif faults := email_faults("email", user.email):
            user.note.lose(f"{faults[0].rule} A person of Muster has an address to sign in with.")
        elif address in addresses:
            names[user.id] = addresses[address]
            user.note.become(f"Person {addresses[address]}")
            user.note.remark("Another user of the export has the same address.")
        else:
            name = distinct(slug(user.email.partition("@")[0], "person"), {*by_name, *manifests})
            names[user.id] = addresses[address] = name
            user.note.become(f"Person {name}")
            manifests[name] = _made(user, name, present)
    return list(manifests.values()), names


def _made(user: User, name: str, present: CurrentState) -> Manifest:
    manifest: Manifest = {"kind": "Person", "name": name, "email": user.email}
    if user.name and user.name != name:
        manifest["full_name"] = user.name
    if user.zone and user.zone != "UTC":
        manifest["time_zone"] = user.zone
    manifest["permission"] = user.level
    manifest["contacts"] = [{"kind": kind, "address": address} for kind, address in _contacts(user, present)]
    kinds = {item["kind"] for item in manifest["contacts"]}
    if rules := _rules(user, present, kinds):
        manifest["notify"] = rules
    return manifest


def _kept(user: User, known: CurrentPerson, present: CurrentState) -> Manifest:
    """The person as they are, with the contacts that they do not have yet."""
    person = known.person
    manifest: Manifest = {"kind": "Person", "name": person.name, "email": person.email, "full_name": person.full_name}
    manifest["time_zone"] = person.time_zone
    manifest["permission"] = person.level.label
    contacts = [*known.contacts, *(contact for contact in _contacts(user, present) if contact not in known.contacts)][
        :20
    ]
    if len(contacts) > len(known.contacts):
        manifest["contacts"] = [{"kind": kind, "address": address} for kind, address in contacts]
    if not known.has_rules and (rules := _rules(user, present, {kind for kind, _ in contacts})):
        manifest["notify"] = rules
    if person.level is Level.ADMINISTRATOR:
        user.note.remark("They stay administrator.")
    return manifest


def _contacts(user: User, present: CurrentState) -> list[tuple[str, str]]:
    wanted = (
        user.contacts if any(kind == "email" for kind, _ in user.contacts) else [("email", user.email), *user.contacts]
    )
    found = []
    for kind, address in wanted:
        if kind not in present.contact_kinds:
            user.note.lose(f"Their contact for {kind} is left out: this Muster has no such channel.")
        elif address and (fault := present.check(kind, address)):
            user.note.lose(f"Their contact for {kind} is left out: {fault.rule}")
        elif address:
            found.append((kind, address))
    return list(dict.fromkeys(found))[:20]


def _rules(user: User, present: CurrentState, kinds: set[str]) -> list[Manifest]:
    """Notification rules: high urgency is the worse half of the plan's severities, low the milder."""
    half = (len(present.severities) + 1) // 2
    severities = {"high": present.severities[:half], "low": present.severities[half:]}
    rules: list[Manifest] = []
    for rule in sorted(user.rules, key=lambda item: ("high", "low", "").index(item.urgency)):
        steps = [step for step in rule.steps if step.kind in kinds][:10]
        missing = sorted({step.kind for step in rule.steps if step.kind not in kinds})
        if missing:
            user.note.lose(
                f"Notification rules by {', '.join(missing)} are left out: the person has no such contact here."
            )
        if not steps or (rule.urgency and not severities[rule.urgency]):
            continue
        made: Manifest = {"severity": list(severities[rule.urgency])} if rule.urgency else {}
        made["do"] = [
            {"by": step.kind, **({"after": format_duration(step.after)} if step.after > timedelta() else {})}
            for step in steps
        ]
        if rule.urgency:
            user.note.remark(f"{rule.urgency.title()} urgency is taken as {', '.join(severities[rule.urgency])}.")
        rules.append(made)
    return rules


def teams_of(
    export: Export, present: CurrentState, people: Mapping[str, str]
) -> tuple[list[Manifest], dict[str, str], set[str]]:
    """The manifests of the teams, teams' ids with their names, and the names of those that would be empty."""
    names = names_of(((team.id, team.name) for team in export.teams.values()), "team")
    manifests: dict[str, Manifest] = {}
    for team in export.teams.values():
        name = names[team.id]
        manifests[name] = _team(team, name, present, people)
        team.note.become(f"Team {name}")
    empty = {name for name, manifest in manifests.items() if not manifest["members"]}
    return list(manifests.values()), names, empty


def _team(team: ExportedTeam, name: str, present: CurrentState, people: Mapping[str, str]) -> Manifest:
    known = present.teams.get(name)
    own = [people[member] for member in team.members if member in people]
    if len(own) < len(set(team.members)):
        team.note.lose(f"{len(set(team.members)) - len(own)} of its members are no users of the export.")
    members = list(dict.fromkeys([*(known.members if known else ()), *own]))
    lead = known.lead if known else people.get(team.lead, "")
    manifest: Manifest = {"kind": "Team", "name": name, "members": members}
    title = known.title if known else team.name
    if title and title != name:
        manifest["title"] = title
    if lead in members:
        manifest["lead"] = lead
    if known:
        team.note.remark("It is there already; members are added, nobody is taken out.")
    return manifest


def fallback_team(export: Export, present: CurrentState, people: Mapping[str, str]) -> Manifest:
    """Who owns what has no team: everybody imported."""
    name = f"{export.source}-everybody"
    known = present.teams.get(name)
    members = list(dict.fromkeys([*(known.members if known else ()), *people.values()]))
    title = known.title if known else f"Everybody imported from {export.vendor}"
    return {"kind": "Team", "name": name, "members": members, "title": title}
