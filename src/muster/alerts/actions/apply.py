"""Bringing integrations to what manifests declare; applying the same again changes nothing."""

from collections.abc import Sequence

from muster.alerts.actions import heartbeats, integrations
from muster.alerts.formats import Formats
from muster.alerts.integration import Integration
from muster.alerts.integration_draft import Forms
from muster.alerts.manifest import IntegrationManifest
from muster.alerts.store import heartbeats as heartbeat_rows
from muster.alerts.store import integrations as store
from muster.base.access import Permission
from muster.base.manifests import Applied, ManifestKind, parsed
from muster.base.secrets import Secrets
from muster.base.services import Services
from muster.base.unit import Unit
from muster.kit.yamldoc import Document
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
    for manifest in manifests:
        integration = await store.by_name(unit.conn, manifest.name)
        if integration is None:
            made, _ = await integrations.add(unit, manifest, forms, secrets)
            await _heartbeats(unit, made, manifest)
            applied.append(Applied("Integration", manifest.name, "created"))
        else:
            changes = sentences(await integrations.change(unit, integration, manifest, forms, secrets))
            changes += await _heartbeats(unit, integration, manifest)
            applied.append(Applied("Integration", manifest.name, "changed" if changes else "unchanged", changes))
    return applied


async def _heartbeats(unit: Unit, integration: Integration, manifest: IntegrationManifest) -> list[str]:
    if manifest.heartbeats is None:
        return []
    said = []
    for heartbeat in manifest.heartbeats:
        _, changed = await heartbeats.put(
            unit, integration, heartbeat.name, heartbeat.rhythm, heartbeat.title, heartbeat.labels
        )
        said += [f"heartbeat {heartbeat.name} is declared"] if changed else []
    wanted = {heartbeat.name.lower() for heartbeat in manifest.heartbeats}
    for known in await heartbeat_rows.of_integrations(unit.conn, [integration.id]):
        if known.declared and known.name not in wanted:
            await heartbeats.drop(unit, integration, known)
            said.append(f"heartbeat {known.name} is not expected any more")
    return said


async def _integrations(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    manifests = [parsed(IntegrationManifest, document) for document in documents]
    return await apply_integrations(unit, manifests, services.of(Formats).forms, services.of(Secrets))


MANIFESTS = (ManifestKind("Integration", _integrations, after=("Team", "Workload")),)
