"""Alertmanager's API v2 as `amtool` and its friends read and write it: alerts, silences and filters.

The wire is `api-v2.openapi.yaml` of prometheus/alertmanager.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from muster.alerts.matchers import Matcher, accepts_absence, parse, parse_all
from muster.inbound.bounded import text_map
from muster.inbound.json_body import load_json, refused
from muster.inbound.record import Findings, Record
from muster.kit.errors import Fault, Malformed

AlertState = Literal["unprocessed", "active", "suppressed"]
SilenceState = Literal["expired", "active", "pending"]
MOST_MATCHERS = 100


@dataclass(frozen=True, slots=True)
class PostedSilence:
    """A silence as posted; `id` is set where it replaces an earlier one."""

    id: str
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    comment: str
    annotations: dict[str, str]


def timestamp(moment: datetime) -> str:
    """RFC 3339 with milliseconds and `Z`, as Alertmanager writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def gettable_alert(
    *,
    fingerprint: str,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    starts_at: datetime,
    ends_at: datetime,
    updated_at: datetime,
    receivers: Sequence[str],
    generator_url: str = "",
    state: AlertState = "active",
    silenced_by: Sequence[str] = (),
    inhibited_by: Sequence[str] = (),
    muted_by: Sequence[str] = (),
) -> dict[str, Any]:
    """One alert of `GET /api/v2/alerts`."""
    return {
        "annotations": dict(annotations),
        "endsAt": timestamp(ends_at),
        "fingerprint": fingerprint,
        "receivers": [{"name": name} for name in receivers],
        "startsAt": timestamp(starts_at),
        "status": {
            "inhibitedBy": list(inhibited_by),
            "mutedBy": list(muted_by),
            "silencedBy": list(silenced_by),
            "state": state,
        },
        "updatedAt": timestamp(updated_at),
        "generatorURL": generator_url,
        "labels": dict(labels),
    }


def alert_group(labels: Mapping[str, str], receiver: str, alerts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One group of `GET /api/v2/alerts/groups`; `alerts` are gettable alerts."""
    return {"labels": dict(labels), "routeLabels": {}, "receiver": {"name": receiver}, "alerts": list(alerts)}


def gettable_silence(
    *,
    id: str,
    matchers: Iterable[Matcher],
    starts_at: datetime,
    ends_at: datetime,
    updated_at: datetime,
    created_by: str,
    comment: str,
    now: datetime,
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One silence of `GET /api/v2/silences`."""
    return {
        "id": id,
        "status": {"state": silence_state(starts_at, ends_at, now)},
        "updatedAt": timestamp(updated_at),
        "annotations": dict(annotations or {}),
        "comment": comment,
        "createdBy": created_by,
        "endsAt": timestamp(ends_at),
        "matchers": [
            {"isEqual": matcher.is_equal, "isRegex": matcher.is_regex, "name": matcher.name, "value": matcher.value}
            for matcher in matchers
        ],
        "startsAt": timestamp(starts_at),
    }


def silence_state(starts_at: datetime, ends_at: datetime, now: datetime) -> SilenceState:
    """Whether a silence is yet to come, in force or over at `now`."""
    if now < starts_at:
        return "pending"
    return "active" if now < ends_at else "expired"


def status_reply(*, version: str, started_at: datetime, build_date: str = "") -> dict[str, Any]:
    """The answer of `GET /api/v2/status`: one node without a cluster, the plan being Muster's configuration."""
    return {
        "cluster": {"name": "", "status": "disabled", "peers": []},
        "versionInfo": {
            "version": version,
            "revision": "",
            "branch": "",
            "buildUser": "",
            "buildDate": build_date,
            "goVersion": "",
        },
        "config": {"original": "# Muster routes by its response plan.\n"},
        "uptime": timestamp(started_at),
    }


def parse_silence(body: bytes, now: datetime) -> PostedSilence:
    """Read `POST /api/v2/silences` under Alertmanager's rules.

    Raises:
        Malformed: with every fault: no matcher, matchers that accept everything, an end before the start or in the past.
    """
    document = load_json(body)
    if not isinstance(document, dict):
        raise refused("", "A silence is a JSON object.", 'Send {"matchers": […], "startsAt": …, "endsAt": …}.')
    findings = Findings()
    record = Record(document, "", findings)
    matchers = _matchers(record)
    starts_at, ends_at = record.time("startsAt"), record.time("endsAt")
    for name, moment in (("startsAt", starts_at), ("endsAt", ends_at)):
        if moment is None:
            findings.fault(name, "A silence needs this time.", "Send ISO 8601 with an offset.")
    if starts_at and ends_at and ends_at <= starts_at:
        findings.fault("endsAt", "A silence must end after it starts.", "Send a later endsAt.")
    elif ends_at and ends_at <= now:
        findings.fault("endsAt", "A silence cannot end in the past.", "Send an endsAt that is still to come.")
    for name in ("createdBy", "comment"):
        if not isinstance(document.get(name), str):
            findings.fault(name, "A silence says who made it and why.", "Send a string.")
    findings.stop()
    if starts_at is None or ends_at is None:
        raise refused("", "A silence needs its times.")
    return PostedSilence(
        id=record.text("id"),
        matchers=matchers,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=record.text("createdBy"),
        comment=record.text("comment"),
        annotations=text_map(record.record("annotations")),
    )


def parse_filters(expressions: Iterable[str], field: str = "filter") -> tuple[Matcher, ...]:
    """Read the repeated query parameter `filter=alertname=~"Disk.*"`, as Alertmanager also in braces.

    Raises:
        Malformed: with every expression that cannot be read.
    """
    matchers: list[Matcher] = []
    faults: list[Fault] = []
    for index, expression in enumerate(expressions):
        try:
            braced = expression.strip()[:1] == "{"
            found = parse_all(expression) if braced else (parse(expression),)
            if not found:
                raise ValueError(f"{expression!r} holds no matcher.")
            matchers += found
        except ValueError as error:
            faults.append(Fault(f"{field}.{index}", str(error)))
    if faults or len(matchers) > MOST_MATCHERS:
        too_many = [] if faults else [Fault(field, f"At most {MOST_MATCHERS} matchers are taken.", "Send fewer.")]
        raise Malformed("The filter cannot be read.", "", [*faults, *too_many])
    return tuple(matchers)


def selects(filters: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether a query with these filters lists an alert with these labels."""
    return all(matcher.matches(labels) for matcher in filters)


def selects_silence(filters: Iterable[Matcher], matchers: Iterable[Matcher]) -> bool:
    """Whether a query with these filters lists a silence: its matchers' values are looked at as if they were labels."""
    return selects(filters, {matcher.name: matcher.value for matcher in matchers})


def _matchers(record: Record) -> tuple[Matcher, ...]:
    findings, matchers = record.findings, []
    entries = record.records("matchers")
    if not entries:
        findings.fault(
            "matchers", "A silence needs at least one matcher.", 'Send {"name": …, "value": …, "isRegex": …}.'
        )
    if len(entries) > MOST_MATCHERS:
        findings.fault("matchers", f"A silence has at most {MOST_MATCHERS} matchers.", "Split it.")
        return ()
    for entry in entries:
        equal = entry.get("isEqual")
        try:
            is_equal = True if equal is None else bool(equal)
            matchers.append(Matcher(entry.text("name"), entry.text("value"), bool(entry.get("isRegex")), is_equal))
        except ValueError as error:
            findings.fault(entry.path, str(error))
    if matchers and len(matchers) == len(entries) and all(accepts_absence(matcher) for matcher in matchers):
        findings.fault("matchers", "At least one matcher must not accept the empty string.", "Name a label's value.")
    return tuple(matchers)


def no_identifier(text: str) -> dict[str, Any]:
    """Alertmanager's answer to a silence whose identifier is none."""
    return {
        "code": 601,
        "message": f"silenceID in path must be of type uuid: {json.dumps(text[:200], ensure_ascii=False)}",
    }
