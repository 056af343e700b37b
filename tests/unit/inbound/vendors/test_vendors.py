"""Every vendor's format: its pair is one alert that ends, what nobody knows fires, and no vendor takes another's payload."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.inbound.asking import NOW, request
from tests.unit.inbound.test_fuzz import JSON, check, dumped, places, replaced

from muster.alerts.port import Request
from muster.inbound.registry import FORMATS, choose
from muster.inbound.vendor import Vendor
from muster.inbound.vendors.catalogue import VENDORS

PAIRED = [vendor for vendor in VENDORS if vendor.recovery]
TRIAL = Path(__file__).parents[5] / "shared" / "trial" / "generic"
ENDS = {
    "pairs/checkly-default": "checkly",
    "pairs/checkmk": "checkmk",
    "pairs/cloudwatch-eventbridge": "eventbridge",
    "pairs/datadog-default": "datadog",
    "pairs/icinga-type": "icinga",
    "pairs/netdata-cloud": "netdata",
    "pairs/prtg": "prtg",
    "g2-victorops": "victorops",
    "g3-sns": "cloudwatch-sns",
    "g4-kuma": "uptime-kuma",
    "g6-zabbix": "zabbix",
    "sns": "cloudwatch-sns",
}
FIRST, SECOND = ("1", "critical", "alarm", "down", "problem"), ("2", "recovery", "ok", "up", "ok")


def named(vendor: Vendor) -> str:
    return vendor.name


def sent(vendor: Vendor, body: str) -> Request:
    headers = {name.replace("-", "_"): value for name, value in vendor.headers.items() if name != "content-type"}
    return request(body.encode(), "", vendor.sample().headers["content-type"], **headers)


@pytest.mark.parametrize("vendor", PAIRED, ids=named)
def test_the_sample_pair_is_one_alert_that_ends(vendor: Vendor) -> None:
    before, after = (vendor.parse(sent(vendor, body), {}) for body in (vendor.problem, vendor.recovery))
    assert [signal.status for signal in (*before.signals, *after.signals)] == ["firing", "resolved"]
    assert before.signals[0].key == after.signals[0].key
    assert choose("auto", sent(vendor, vendor.recovery)).name == vendor.name


@pytest.mark.parametrize("vendor", VENDORS, ids=named)
def test_a_vendor_says_how_it_is_connected(vendor: Vendor) -> None:
    assert vendor.steps
    assert any("MUSTER-ADDRESS" in step.code for step in vendor.steps)
    assert vendor.recovery or "ends_after" in vendor.options


@pytest.mark.parametrize("vendor", VENDORS, ids=named)
def test_no_vendor_takes_the_sample_of_another(vendor: Vendor) -> None:
    for body in filter(None, (vendor.problem, vendor.recovery)):
        asked = sent(vendor, body)
        if asked.content_type == "application/json":
            data = json.loads(body)
            assert [one.name for one in VENDORS if one.recognises(data, asked)] == [vendor.name]


@pytest.mark.parametrize("stem", ENDS)
def test_a_pair_that_the_trial_lost_is_one_alert_that_ends(stem: str) -> None:
    if not TRIAL.is_dir():
        pytest.skip(f"the trial's payloads are not at {TRIAL}")
    name = ENDS[stem]
    found = [sorted(TRIAL.glob(f"{stem}-{word}.json")) for words in (FIRST, SECOND) for word in words]
    files = list(dict.fromkeys(file for matches in found for file in matches))
    assert len(files) == 2
    for chosen in ("auto", name):
        keys, statuses = set(), []
        for file in files:
            asked = request(file.read_bytes())
            assert choose(chosen, asked).name == name
            (signal,) = FORMATS[name].parse(asked, {}).signals
            keys.add(signal.key)
            statuses.append(signal.status)
        assert statuses == ["firing", "resolved"]
        assert len(keys) == 1


@pytest.mark.parametrize("vendor", VENDORS, ids=named)
def test_what_does_not_look_like_a_vendors_is_read_all_the_same(vendor: Vendor) -> None:
    parsed = vendor.parse(request({"title": "Something broke", "severity": "critical"}), {})
    assert parsed.signals[0].status == "firing"
    assert vendor.title in parsed.warnings[0].rule


@pytest.mark.parametrize("vendor", VENDORS, ids=named)
def test_options_are_checked(vendor: Vendor) -> None:
    assert vendor.option_faults({}) == ()
    assert vendor.option_faults({"severities": {"5": "critical"}}) == ()
    for name in ("severities", *vendor.options):
        assert [fault.field for fault in vendor.option_faults({name: 7})] == [name]


@settings(max_examples=300)
@given(data=st.data())
def test_a_vendors_payload_with_anything_in_one_place_is_read_or_refused(data: st.DataObject) -> None:
    vendor = data.draw(st.sampled_from(VENDORS))
    body = data.draw(
        st.sampled_from([text for text in (vendor.problem, vendor.recovery) if text.startswith("{")] or ["{}"])
    )
    document = json.loads(body)
    place = data.draw(st.sampled_from(places(document)))
    changed = replaced(document, place, data.draw(JSON))
    check(vendor.name, dumped(changed), "", "application/json", dict(vendor.headers))


@settings(max_examples=200)
@given(data=st.data())
def test_a_recovery_with_another_identity_never_ends_the_sample(data: st.DataObject) -> None:
    """One place of the recovery changed: it still ends the sample's alert only where its key is the same."""
    vendor = data.draw(st.sampled_from([one for one in PAIRED if one.recovery.startswith("{")]))
    document = json.loads(vendor.recovery)
    place = data.draw(st.sampled_from([path for path in places(document) if path]))
    changed = replaced(document, place, data.draw(st.sampled_from(["another", 424242])))
    asked = Request("", "POST", {"content-type": "application/json", **vendor.headers}, {}, dumped(changed), NOW)
    problem = vendor.parse(sent(vendor, vendor.problem), {}).signals[0]
    for signal in vendor.parse(asked, {}).signals:
        if signal.status == "resolved" and signal.key == problem.key:
            again = replaced(json.loads(vendor.problem), place, value_at(changed, place))
            asked = Request("", "POST", {"content-type": "application/json", **vendor.headers}, {}, dumped(again), NOW)
            assert problem.key in {one.key for one in vendor.parse(asked, {}).signals}


def value_at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document
