"""All formats, and which of them a request is in."""

from collections.abc import Mapping
from typing import Any

from muster.inbound.alertmanager import Alertmanager
from muster.inbound.azure_monitor.format import AzureMonitor, looks_like_azure
from muster.inbound.cloudevents import BATCH, STRUCTURED, CloudEvents
from muster.inbound.document import document_of
from muster.inbound.email.format import Email, is_mail
from muster.inbound.generic.format import Generic
from muster.inbound.generic.rules import MAPPED
from muster.inbound.grafana import Grafana
from muster.inbound.opsgenie import Opsgenie
from muster.inbound.opsgenie_address import is_signal, one_slash
from muster.inbound.pagerduty import PagerDuty
from muster.inbound.pagerduty_webhook import is_webhook
from muster.inbound.port import Format, Request
from muster.inbound.vendor import Vendor
from muster.inbound.vendors.catalogue import VENDORS
from muster.kit.errors import Fault, Malformed

AUTO = "auto"
_ADAPTERS: tuple[Format, ...] = (
    Alertmanager(),
    Grafana(),
    PagerDuty(),
    Opsgenie(),
    AzureMonitor(),
    CloudEvents(),
    *VENDORS,
    Email(),
    Generic(),
)
FORMATS: dict[str, Format] = {adapter.name: adapter for adapter in _ADAPTERS}


def choose(configured: str, request: Request, options: Mapping[str, Any] | None = None) -> Format:
    """The format to read a request with: that of its address, else the integration's own, else the recognised one.

    An unknown configured name counts as `auto`. What only a vendor's format recognises is read by the integration's own mapping
    if it has one: it was made for that, perhaps before Muster knew the vendor.
    """
    if is_mail(request):
        return FORMATS["email"]
    by_path = named_by_path(request.path)
    if by_path:
        return FORMATS[by_path]
    if configured in FORMATS:
        return FORMATS[configured]
    adapter = FORMATS[recognise(request)]
    if isinstance(adapter, Vendor) and any(name in MAPPED for name in options or {}):
        return FORMATS["generic"]
    return adapter


def option_faults(configured: str, options: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything wrong with an integration's format and options, for the form and the manifest that set them.

    With `auto` the options are those of the generic mapping, or Alertmanager's `resolve_timeout`.
    """
    if configured == AUTO:
        timeout = {name: value for name, value in options.items() if name == "resolve_timeout"}
        rest = {name: value for name, value in options.items() if name != "resolve_timeout"}
        return (*FORMATS["alertmanager"].option_faults(timeout), *FORMATS["generic"].option_faults(rest))
    if configured not in FORMATS:
        return (Fault("format", f"{configured!r} is not a format.", f"Use {AUTO}, {', '.join(FORMATS)}."),)
    return FORMATS[configured].option_faults(options)


def named_by_path(path: str) -> str:
    """The format whose own address this is (`/api/v2/alerts`, `/v2/enqueue`, `/grafana`); empty where it is nobody's."""
    trimmed = one_slash(path).rstrip("/")
    if is_signal(trimmed):
        return "opsgenie"
    for name, adapter in FORMATS.items():
        if trimmed in adapter.paths or trimmed == f"/{name}":
            return name
    return next(
        (vendor.name for vendor in VENDORS if any(trimmed.startswith(f"{place}/") for place in vendor.prefixes)), ""
    )


def recognise(request: Request) -> str:
    """The name of the format that address, media type, headers and body speak for; `generic` where none does."""
    if is_mail(request):
        return "email"
    by_path = named_by_path(request.path)
    if by_path:
        return by_path
    if request.content_type in (STRUCTURED, BATCH) or request.header("ce-specversion"):
        return "cloudevents"
    try:
        document = document_of(request)
    except Malformed:
        return "generic"
    return _by_shape(document, request)


def _by_shape(document: Any, request: Request) -> str:
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return "generic"
    if "specversion" in first and "source" in first:
        return "cloudevents"
    vendor = next((vendor.name for vendor in VENDORS if vendor.recognises(first, request)), "")
    if vendor:
        return vendor
    if isinstance(document, list):
        return "alertmanager" if isinstance(first.get("labels"), dict) else "generic"
    if "event_action" in first and ("routing_key" in first or "payload" in first or "dedup_key" in first):
        return "pagerduty"
    if is_webhook(first) and first["event"].get("resource_type") == "incident":
        return "pagerduty"
    if isinstance(first.get("alerts"), list) and ("groupLabels" in first or "groupKey" in first or "receiver" in first):
        return "grafana" if str(first.get("version")) == "1" or "orgId" in first else "alertmanager"
    if "ruleId" in first and "state" in first and ("evalMatches" in first or "ruleName" in first):
        return "grafana"
    if isinstance(first.get("labels"), dict) and ("startsAt" in first or "generatorURL" in first):
        return "alertmanager"
    return "azure-monitor" if _azure(first) else "generic"


def _azure(document: dict[str, Any]) -> bool:
    schema = str(document.get("schemaId", ""))
    if schema.startswith(("azureMonitor", "AzureMonitor", "Microsoft.Insights/")):
        return True
    telling = ("essentials", "alertContext", "AlertRuleName", "SearchQuery", "activityLog")
    data = document.get("data")
    inner = data if isinstance(data, dict) else {}
    if any(name in document or name in inner for name in telling):
        return looks_like_azure(document)
    return str(document.get("type", "")).lower() == "microsoft.alertsmanagement/alerts" or _classic(document)


def _classic(document: dict[str, Any]) -> bool:
    context = document.get("context")
    return isinstance(context, dict) and "conditionType" in context and "status" in document
