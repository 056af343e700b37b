"""Bringing persons and teams to what manifests declare; applying the same again changes nothing."""

from collections.abc import Sequence

from muster.base.access import Kind, Permission
from muster.base.manifests import Applied, ManifestKind, parsed
from muster.base.services import Services
from muster.base.unit import Unit
from muster.kit.errors import Conflict
from muster.kit.yamldoc import Document
from muster.people.actions import contacts as contact_actions
from muster.people.actions import notify as notify_actions
from muster.people.actions import persons as person_actions
from muster.people.actions import teams as team_actions
from muster.people.actions.requirement import require_second_factor
from muster.people.actions.setup import name_organisation
from muster.people.actions.telling import tell_owner
from muster.people.contact import masked
from muster.people.difference import difference, sentences
from muster.people.manifest import REACH, ContactManifest, OrganisationManifest, PersonManifest, TeamManifest
from muster.people.person import Person
from muster.people.reach import Reach
from muster.people.store import contact_rows, notify_rows, organisation_row, person_rows, team_rows

MADE_ELSEWHERE = frozenset({"web_push"})
"""Kinds of contact that only the device itself can make: a manifest cannot list them, so it leaves them as they are."""


async def apply_persons(unit: Unit, manifests: Sequence[PersonManifest], reach: Reach) -> list[Applied]:
    """Create or change persons and, where a manifest lists them, their contacts; a person who had left comes back.

    Raises:
        Invalid, Conflict: as the single actions do; nothing of the unit is kept then.
    """
    unit.allow(Permission.APPLY)
    known = await person_rows.persons_named(unit.conn, [manifest.name for manifest in manifests])
    return [await _apply_person(unit, manifest, known.get(manifest.name), reach) for manifest in manifests]


async def apply_organisation(unit: Unit, manifests: Sequence[OrganisationManifest]) -> list[Applied]:
    """Name the organisation and say who must have a second factor.

    Raises:
        Conflict: it is declared twice. Denied: the actor may not change settings.
    """
    unit.allow(Permission.APPLY)
    unit.allow(Permission.SETTINGS_MANAGE)
    if len(manifests) > 1:
        raise Conflict("There is one organisation.", "Keep one document of the kind Organisation.")
    (wanted,) = manifests
    before = await name_organisation(unit, wanted.name)
    changes = [f"name: {before} → {wanted.name}"] if before != wanted.name else []
    if asked := wanted.second_factor:
        had = await organisation_row.requirement(unit.conn)
        has = await require_second_factor(unit, asked.required_for, asked.grace_days)
        changes += sentences(
            difference(
                {"second factor": had.who, "days of grace": str(had.grace)},
                {"second factor": has.who, "days of grace": str(has.grace)},
            )
        )
    return [Applied("Organisation", wanted.name, "changed" if changes else "unchanged", changes)]


async def apply_teams(unit: Unit, manifests: Sequence[TeamManifest]) -> list[Applied]:
    """Create or change teams; their members must exist by now.

    Raises:
        Invalid: with every fault of the first team that has any.
    """
    unit.allow(Permission.APPLY)
    known = await team_rows.teams_named(unit.conn, [manifest.name for manifest in manifests])
    applied = []
    for manifest in manifests:
        team = known.get(manifest.name)
        if team is None:
            await team_actions.add(unit, manifest)
            applied.append(Applied("Team", manifest.name, "created"))
        else:
            changes = sentences(await team_actions.change(unit, team, manifest))
            applied.append(Applied("Team", manifest.name, "changed" if changes else "unchanged", changes))
    return applied


async def _apply_person(unit: Unit, wanted: PersonManifest, person: Person | None, reach: Reach) -> Applied:
    if person is None:
        person = await person_actions.add(unit, wanted)
        await _apply_contacts(unit, person, wanted.contacts or [], reach)
        await _apply_notify(unit, person, wanted, reach)
        return Applied("Person", wanted.name, "created")
    changes = []
    if not person.active:
        await person_actions.bring_back(unit, person)
        changes.append("active: no → yes")
    changes += sentences(await person_actions.change(unit, person, wanted))
    if wanted.contacts is not None:
        moved = await _apply_contacts(unit, person, wanted.contacts, reach)
        if moved and unit.principal.kind is not Kind.SYSTEM:
            said = f"By `muster apply`: {'; '.join(moved)}."
            await tell_owner(unit, person, "The contacts of your account were changed", said)
        changes += moved
    changes += await _apply_notify(unit, person, wanted, reach)
    return Applied("Person", wanted.name, "changed" if changes else "unchanged", changes)


async def _apply_notify(unit: Unit, person: Person, wanted: PersonManifest, reach: Reach) -> list[str]:
    if not {"notify", "quiet_hours"} & wanted.model_fields_set:
        return []
    before = (await notify_rows.notify_of(unit.conn, [person.id]))[person.id]
    changed = await notify_actions.change_notify(unit, person, wanted.notified(before), reach)
    return [f"{field} changed" for field in changed]


async def _apply_contacts(unit: Unit, person: Person, wanted: Sequence[ContactManifest], reach: Reach) -> list[str]:
    present = (await contact_rows.contacts_of(unit.conn, [person.id]))[person.id]
    keys = [(declaration.kind, declaration.address) for declaration in wanted]
    changes = []
    if gone := [
        contact
        for contact in present
        if (contact.kind, contact.address) not in keys and contact.kind not in MADE_ELSEWHERE
    ]:
        await contact_actions.drop(unit, person, gone)
        changes += [f"contact removed: {contact.kind} {masked(contact.kind, contact.address)}" for contact in gone]
    known = {(contact.kind, contact.address): contact for contact in present if contact not in gone}
    for declaration in wanted:
        shown = f"{declaration.kind} {masked(declaration.kind, declaration.address)}"
        contact = known.get((declaration.kind, declaration.address))
        if contact is None:
            known[declaration.kind, declaration.address] = await contact_actions.add(
                unit, person, declaration.draft(), reach
            )
            changes.append(f"contact added: {shown}")
        elif declaration.verified and not contact.verified:
            await contact_actions.vouch(unit, person, contact)
            changes.append(f"contact verified: {shown}")
    now_present = (await contact_rows.contacts_of(unit.conn, [person.id]))[person.id]
    declared = iter([known[key].id for key in keys])
    ordered = [next(declared) if (contact.kind, contact.address) in keys else contact.id for contact in now_present]
    if await contact_actions.order(unit, person, now_present, ordered):
        changes.append("contacts reordered")
    return changes


async def _organisation(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_organisation(unit, [parsed(OrganisationManifest, document) for document in documents])


async def _persons(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    reach = services.of(Reach)
    return await apply_persons(
        unit, [parsed(PersonManifest, document, {REACH: reach}) for document in documents], reach
    )


async def _teams(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_teams(unit, [parsed(TeamManifest, document) for document in documents])


MANIFESTS = (
    ManifestKind("Organisation", _organisation, together=True),
    ManifestKind("Person", _persons),
    ManifestKind("Team", _teams),
)
