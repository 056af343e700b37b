"""Azure resource identifiers as labels, keys and portal addresses."""

from urllib.parse import quote

from muster.inbound.places import is_address
from muster.kit.link import Link

PORTAL = "https://portal.azure.com/"
_ALERTS = "/providers/microsoft.alertsmanagement/alerts/"


def resource_labels(identifier: str) -> dict[str, str]:
    """`subscription`, `resource_group`, `resource_type` and `resource` of `/subscriptions/…/providers/…`."""
    parts = [part for part in identifier.split("/") if part][:40]
    lowered = [part.lower() for part in parts]
    labels: dict[str, str] = {}
    for name, segment in (("subscription", "subscriptions"), ("resource_group", "resourcegroups")):
        if segment in lowered[:-1]:
            labels[name] = parts[lowered.index(segment) + 1]
    if "providers" in lowered:
        after = parts[lowered.index("providers") + 1 :]
        if len(after) >= 3:
            labels["resource_type"] = "/".join([after[0], *after[1::2]]).lower()
            labels["resource"] = after[-1] if len(after) % 2 else after[-2]
    return labels


def resource_name(identifier: str) -> str:
    """The last word of an identifier, or the identifier where it has none."""
    return resource_labels(identifier).get("resource", "") or identifier.rstrip("/").rpartition("/")[2]


def alert_key(identifier: str) -> str:
    """The key of an alert instance: Azure writes its identifier with and without the resource, and in any capitals."""
    lowered = identifier.strip().lower().rstrip("/")
    found = lowered.rfind(_ALERTS)
    return f"alert:{lowered[found + len(_ALERTS) :]}" if found >= 0 else lowered


def alert_link(identifier: str) -> tuple[Link, ...]:
    """The alert's page in the Azure portal, for identifiers of AlertsManagement."""
    if _ALERTS not in identifier.lower() or "<" in identifier:
        return ()
    blade = f"{PORTAL}#blade/Microsoft_Azure_Monitoring/AlertDetailsTemplateBlade/alertId/{quote(identifier, safe='')}"
    return (Link("Alert in the Azure portal", blade),) if is_address(blade) else ()


def resource_link(identifier: str) -> tuple[Link, ...]:
    """The resource's page in the Azure portal."""
    address = f"{PORTAL}#resource{identifier}"
    usable = identifier.lower().startswith("/subscriptions/") and is_address(address)
    return (Link("Resource in the Azure portal", address),) if usable else ()
