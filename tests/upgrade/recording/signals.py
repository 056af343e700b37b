"""What senders post in the recording: one alert of each format, and how it is over."""

from typing import Any

from tests.upgrade.recording.stage import Stage

BEGAN = "2026-11-30T08:00:00Z"
FOR_YEARS = "2046-01-01T00:00:00Z"
"""An end that a sender promised, so late that an alert still fires whenever it is looked at."""


async def prometheus(stage: Stage, name: str, title: str, *, over: bool = False, **labels: str) -> None:
    """An alert of Prometheus."""
    alert = {
        "labels": {"alertname": name, **labels},
        "annotations": {"summary": title, "runbook_url": f"https://runbooks.tidewater.example/{name}"},
        "startsAt": BEGAN,
        "endsAt": "2026-11-30T08:30:00Z" if over else FOR_YEARS,
        "generatorURL": "https://prometheus.tidewater.example/graph",
    }
    await stage.send("prometheus", "/api/v2/alerts", [alert])


async def grafana(stage: Stage, name: str, title: str, **labels: str) -> None:
    """An alert of Grafana."""
    alert: dict[str, Any] = {
        "status": "firing",
        "labels": {"alertname": name, **labels},
        "annotations": {"summary": title},
        "startsAt": BEGAN,
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://grafana.tidewater.example/alerting/1/edit",
        "values": {"A": 91.5},
        "fingerprint": "0123456789abcdef",
    }
    body = {"receiver": "muster", "status": "firing", "orgId": 1, "version": "1", "alerts": [alert]}
    await stage.send("grafana", "/grafana", {**body, "externalURL": "https://grafana.tidewater.example/"})


async def pagerduty(stage: Stage, key: str, title: str, action: str = "trigger") -> None:
    """An event of PagerDuty's Events API."""
    payload = {"summary": title, "source": "cache-a-1", "severity": "error", "component": "cache-a"}
    body = {"routing_key": "ignored", "event_action": action, "dedup_key": key, "payload": payload}
    await stage.send("deployments", "/v2/enqueue", body)


async def change(stage: Stage, title: str) -> None:
    """A change of PagerDuty's Events API."""
    payload = {"summary": title, "source": "pipeline", "timestamp": BEGAN}
    link = {"href": "https://git.tidewater.example/checkout/4.2.0", "text": "Release notes"}
    body = {"routing_key": "ignored", "payload": payload, "links": [link]}
    await stage.send("deployments", "/v2/change/enqueue", body)


async def azure(stage: Stage, rule: str, *, over: bool = False) -> None:
    """A metric alert of Azure Monitor."""
    target = "/subscriptions/1/resourcegroups/shop/providers/microsoft.compute/virtualmachines/checkout"
    essentials = {
        "alertId": f"/subscriptions/1/providers/Microsoft.AlertsManagement/alerts/{rule}",
        "alertRule": rule,
        "severity": "Sev1",
        "signalType": "Metric",
        "monitorCondition": "Resolved" if over else "Fired",
        "monitoringService": "Platform",
        "configurationItems": ["checkout"],
        "firedDateTime": BEGAN,
        "alertTargetIDs": [target],
        "description": f"{rule} is above its threshold",
        "essentialsVersion": "1.0",
        "alertContextVersion": "1.0",
    }
    if over:
        essentials["resolvedDateTime"] = "2026-11-30T08:30:00Z"
    data = {"essentials": essentials, "alertContext": {}, "customProperties": {"component": "checkout"}}
    await stage.send("azure", "/azure-monitor", {"schemaId": "azureMonitorCommonAlertSchema", "data": data})


async def cloudevent(stage: Stage, key: str, title: str) -> None:
    """An event by the CloudEvents specification."""
    event = {
        "specversion": "1.0",
        "id": key,
        "source": "/tidewater/newsletter",
        "type": "example.tidewater.alert.fired",
        "subject": "sender",
        "time": BEGAN,
        "datacontenttype": "application/json",
        "data": {"title": title, "severity": "medium", "alert_id": key},
    }
    await stage.send("events", "/cloudevents", event)


async def anything(stage: Stage, key: str, title: str, severity: str, **fields: str) -> None:
    """Any JSON."""
    body = {"id": key, "title": title, "status": "triggered", "severity": severity, **fields}
    await stage.send("anything", "/generic", body)


async def harbour(stage: Stage, sensor: str, value: str) -> None:
    """Readings whose integration has a mapping."""
    await stage.send("harbour", "", harbour_reading(sensor, value))


def harbour_reading(sensor: str, value: str) -> dict[str, Any]:
    """What a sensor of the harbour says."""
    part = {"id": sensor, "name": sensor.title(), "part": "web", "pier": "north"}
    return {"readings": [{"sensor": part, "value": value, "level": 5, "chart": "https://charts.tidewater.example/1"}]}
