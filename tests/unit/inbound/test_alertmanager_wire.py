"""What `amtool` reads and writes, by Alertmanager's own specification of its API v2."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.inbound.asking import NOW

from muster.alerts.matchers import Matcher
from muster.inbound import alertmanager_wire as wire
from muster.kit.errors import Malformed

HOUR = timedelta(hours=1)
SILENCE: dict[str, Any] = {
    "matchers": [{"name": "alertname", "value": "Disk.*", "isRegex": True}],
    "startsAt": "2026-03-02T09:00:00.000Z",
    "endsAt": "2026-03-02T11:00:00.000Z",
    "createdBy": "ann",
    "comment": "moving disks",
}
ALERT = wire.gettable_alert(
    fingerprint="f404ecabc8dd5cd7",
    labels={"alertname": "Down"},
    annotations={"summary": "It is down"},
    starts_at=NOW - HOUR,
    ends_at=NOW + HOUR,
    updated_at=NOW,
    receivers=["on-call"],
    state="suppressed",
    silenced_by=["8c0e"],
)
LISTED = wire.gettable_silence(
    id="5f1c",
    matchers=[Matcher("alertname", "Down"), Matcher("env", "dev|test", True, False)],
    starts_at=NOW,
    ends_at=NOW + HOUR,
    updated_at=NOW,
    created_by="ann",
    comment="why",
    now=NOW,
)


def post(**changes: Any) -> bytes:
    return json.dumps({**SILENCE, **changes}).encode()


def required(definition: dict[str, Any], whole: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The required and all property names of a definition, with what it is composed of."""
    if "$ref" in definition:
        return required(whole[definition["$ref"].rpartition("/")[2]], whole)
    names, all_names = set(definition.get("required", [])), set(definition.get("properties", {}))
    for part in definition.get("allOf", []):
        inner = required(part, whole)
        names, all_names = names | inner[0], all_names | inner[1]
    return names, all_names


@pytest.mark.parametrize(
    ("name", "rendered"),
    [
        ("gettableAlert", ALERT),
        ("alertStatus", ALERT["status"]),
        ("gettableSilence", LISTED),
        ("matcher", LISTED["matchers"][0]),
        ("alertGroup", wire.alert_group({"a": "b"}, "on-call", [ALERT])),
        ("alertmanagerStatus", wire.status_reply(version="1.0", started_at=NOW)),
        ("versionInfo", wire.status_reply(version="1.0", started_at=NOW)["versionInfo"]),
    ],
)
def test_what_is_rendered_has_all_that_the_specification_requires_and_nothing_else(
    samples: Path, name: str, rendered: dict[str, Any]
) -> None:
    specification = yaml.safe_load((samples / "alertmanager/openapi/api-v2.openapi.yaml").read_text())
    needed, known = required({"$ref": name}, specification["definitions"])
    assert needed <= set(rendered) <= known


def test_an_alert_says_its_state_and_who_silences_it() -> None:
    assert ALERT["status"] == {"state": "suppressed", "silencedBy": ["8c0e"], "inhibitedBy": [], "mutedBy": []}
    assert ALERT["receivers"] == [{"name": "on-call"}]
    assert ALERT["startsAt"] == "2026-03-02T08:00:00.000Z"


@pytest.mark.parametrize(("after", "state"), [(-HOUR, "pending"), (0 * HOUR, "active"), (HOUR, "expired")])
def test_a_silence_is_pending_then_active_then_expired(after: timedelta, state: str) -> None:
    assert wire.silence_state(NOW, NOW + HOUR, NOW + after) == state


def test_a_silence_is_read_and_is_equal_is_the_default() -> None:
    silence = wire.parse_silence(post(), NOW)
    assert silence.matchers == (Matcher("alertname", "Disk.*", True, True),)
    assert (silence.id, silence.created_by, silence.comment) == ("", "ann", "moving disks")
    assert silence.ends_at - silence.starts_at == 2 * HOUR
    unequal = [*SILENCE["matchers"], {"name": "env", "value": "dev", "isRegex": False, "isEqual": False}]
    assert wire.parse_silence(post(matchers=unequal, id="5f1c"), NOW).matchers[1] == Matcher("env", "dev", False, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"matchers": []}, "matchers"),
        ({"matchers": [{"name": "a", "value": "", "isRegex": False}]}, "matchers"),
        ({"matchers": [{"name": "a", "value": ".*", "isRegex": True}]}, "matchers"),
        ({"matchers": [{"name": "a", "value": "(", "isRegex": True}]}, "matchers.0"),
        ({"matchers": [{"name": "", "value": "x", "isRegex": False}]}, "matchers.0"),
        ({"matchers": [{"name": "a", "value": "x", "isRegex": False}] * 101}, "matchers"),
        ({"startsAt": None}, "startsAt"),
        ({"endsAt": "never"}, "endsAt"),
        ({"endsAt": "2026-03-02T08:30:00Z"}, "endsAt"),
        ({"startsAt": "2026-03-02T07:00:00Z", "endsAt": "2026-03-02T08:00:00Z"}, "endsAt"),
        ({"createdBy": None}, "createdBy"),
        ({"comment": 7}, "comment"),
    ],
)
def test_a_silence_that_alertmanager_would_refuse_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        wire.parse_silence(post(**changes), NOW)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_all_faults_of_a_silence_are_told_at_once() -> None:
    with pytest.raises(Malformed) as refusal:
        wire.parse_silence(b"{}", NOW)
    named = [fault.field for fault in refusal.value.faults]
    assert named == ["matchers", "startsAt", "endsAt", "createdBy", "comment"]
    with pytest.raises(Malformed):
        wire.parse_silence(b"[]", NOW)


def test_filters_select_alerts_by_labels_and_silences_by_their_matchers() -> None:
    filters = wire.parse_filters(['alertname=~"Disk.*"', "env!=dev"])
    assert wire.selects(filters, {"alertname": "DiskFull"})
    assert not wire.selects(filters, {"alertname": "DiskFull", "env": "dev"})
    assert wire.selects_silence(filters, [Matcher("alertname", "DiskFull")])
    assert not wire.selects_silence(filters, [Matcher("instance", "a")])


def test_a_filter_may_stand_in_braces() -> None:
    (found,) = wire.parse_filters(['{host.name="edge-03"}'])
    assert found == Matcher("host.name", "edge-03")
    with pytest.raises(Malformed):
        wire.parse_filters(["{}"])


def test_unreadable_filters_are_all_named() -> None:
    with pytest.raises(Malformed) as refusal:
        wire.parse_filters(["a=b", "nonsense", 'c=~"("'])
    assert [fault.field for fault in refusal.value.faults] == ["filter.1", "filter.2"]
    with pytest.raises(Malformed, match="At most 100"):
        wire.parse_filters(["a=b"] * 101)
