"""Whatever arrives, a format gives signals or a refusal with reasons; nothing else ever leaves it."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.inbound.asking import NOW

from muster.alerts.port import Request
from muster.inbound.registry import FORMATS, choose
from muster.inbound.vendors.catalogue import VENDORS
from muster.kit.errors import Malformed

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=10)
    | st.sampled_from(
        ["0001-01-01T00:00:00Z", "Fired", "firing", "https://example.org", "Sev1", "[1", "\ud800", "\x00"]
    )
)
FIELDS = (
    "labels annotations alerts status state data essentials alertContext properties context payload event_action dedup_key "
    "links href condition allOf dimensions eventSource value specversion id source type data_base64 title tags startsAt "
    "endsAt impactedServices LinksTable activityLog ruleId evalMatches AlertData SearchQuery values groupKey custom_details"
)
WORDS = st.sampled_from(FIELDS.split())
NAMES = WORDS | st.text(st.characters(), max_size=6)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=25
)
PATHS = st.sampled_from(["", "/api/v2/alerts", "/v2/enqueue", "/v2/change/enqueue", "/azure-monitor", "/grafana"])
KINDS = st.sampled_from(
    ["application/json", "", "text/plain", "application/x-www-form-urlencoded", "application/cloudevents+json"]
)

OWN = [name for name in FORMATS if name not in {vendor.name for vendor in VENDORS}]
"""The formats with readers of their own kind; vendors' share one, so that fewer examples show as much."""


def dumped(document: Any) -> bytes:
    return json.dumps(document).encode()


def check(name: str, body: bytes, path: str, kind: str, headers: dict[str, str] | None = None) -> None:
    """Read a request, see that what comes out can be stored, and that a refusal gives reasons in the sender's terms."""
    request = Request(path, "POST", {"content-type": kind, **(headers or {})}, {}, body, NOW)
    adapter = FORMATS.get(name) or choose("auto", request)
    try:
        parsed = adapter.parse(request, {})
    except Malformed as refusal:
        reasons = refusal.faults
        json.dumps(adapter.refusal(refusal), allow_nan=False).encode()
    else:
        reasons = (*parsed.warnings, *parsed.faults)
        json.dumps(parsed.reply, allow_nan=False).encode()
        for item in (*parsed.signals, *parsed.changes):
            assert item.key
            assert item.title
            assert len(item.key) <= 512
            assert "\x00" not in str(item)
            str(item).encode()
        for signal in parsed.signals:
            assert signal.starts_at is None or signal.starts_at.utcoffset() is not None
            assert len(signal.labels) <= 256
    assert all(reason.rule for reason in reasons)
    str(reasons).encode()


@pytest.mark.parametrize("name", [*OWN, "auto"])
@settings(max_examples=60, deadline=None)
@given(document=JSON, path=PATHS)
def test_any_json_is_read_or_refused(name: str, document: Any, path: str) -> None:
    check(name, dumped(document), path, "application/json")


@pytest.mark.parametrize("name", [*OWN, "auto"])
@settings(max_examples=30, deadline=None)
@given(body=st.binary(max_size=80), path=PATHS, kind=KINDS)
def test_any_bytes_are_read_or_refused(name: str, body: bytes, path: str, kind: str) -> None:
    check(name, body, path, kind)


@settings(max_examples=200, deadline=None)
@given(vendor=st.sampled_from(VENDORS), body=st.binary(max_size=80) | JSON.map(dumped), kind=KINDS)
def test_anything_sent_to_a_vendors_format_is_read_or_refused(vendor: Any, body: bytes, kind: str) -> None:
    check(vendor.name, body, "", kind)


@settings(max_examples=60, deadline=None)
@given(document=JSON, values=st.lists(st.text(max_size=12), min_size=4, max_size=4), kind=KINDS)
def test_any_headers_of_a_binary_event_are_read_or_refused(document: Any, values: list[str], kind: str) -> None:
    headers = dict(zip(("ce-specversion", "ce-id", "ce-source", "ce-type"), values, strict=True))
    check("cloudevents", dumped(document), "", kind, {**headers, "ce-specversion": "1.0"})


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all values in a document."""
    found = [path]
    entries = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in entries:
        found += places(value, (*path, key))
    return found


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of a document with another value at one place."""
    if not path:
        return value
    whole = copy.deepcopy(document)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return whole


@pytest.mark.parametrize("name", [name for name in OWN if name != "email"])
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_good_payload_with_anything_in_one_place_is_read_or_refused(name: str, data: st.DataObject) -> None:
    sample = FORMATS[name].sample()
    document = json.loads(sample.body)
    place = data.draw(st.sampled_from(places(document)))
    check(name, dumped(replaced(document, place, data.draw(JSON))), sample.path, sample.headers["content-type"])
