"""Bringing integrations to what manifests declare; applying the same again changes nothing."""

from collections.abc import Sequence

from muster.alerts.actions import integrations
from muster.alerts.integration_draft import Forms
from muster.alerts.manifest import IntegrationManifest
from muster.alerts.store import integrations as store
from muster.base.access import Permission
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.people.actions.apply import Applied
from muster.people.difference import sentences


async def apply_integrations(
    unit: Unit, manifests: Sequence[IntegrationManifest], forms: Forms, secrets: Secrets
) -> list[Applied]:
    """Create or change integrations.

    Raises:
        Invalid, Conflict: as the single actions do; nothing of the unit is kept then.
    """
    unit.allow(Permission.APPLY)
    applied = []
    for each in manifests:
        integration = await store.by_name(unit.conn, each.name)
        if integration is None:
            await integrations.add(unit, each.draft(), forms, secrets)
            applied.append(Applied("Integration", each.name, "created"))
        else:
            changes = sentences(await integrations.change(unit, integration, each.draft(), forms, secrets))
            applied.append(Applied("Integration", each.name, "changed" if changes else "unchanged", changes))
    return applied
