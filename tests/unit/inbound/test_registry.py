"""Which format a request is in."""

from typing import Any

import pytest
from tests.unit.inbound.asking import JSON, NOW, request

from muster.alerts.integration import Integration
from muster.inbound.formats import InboundFormats
from muster.inbound.registry import AUTO, FORMATS, choose, option_faults, recognise
from muster.inbound.vendor import Vendor
from muster.kit.errors import Malformed

SOMEWHERE = Integration(
    id=None, name="x", title="", format="auto", options={}, active=True, created_at=NOW, last_signal_at=None
)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_sample_that_it_reads_and_that_is_recognised(name: str) -> None:
    sample = FORMATS[name].sample()
    sent = request(sample.body, sample.path, sample.headers["content-type"])
    parsed = FORMATS[name].parse(sent, {})
    assert parsed.status < 300
    (signal,) = parsed.signals
    assert signal.status == "firing"
    assert signal.severity_hint
    assert signal.title
    assert not parsed.warnings
    assert choose("auto", sent).name == name


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_sent_twice_is_one_alert(name: str) -> None:
    sample = FORMATS[name].sample()
    sent = request(sample.body, sample.path, sample.headers["content-type"])
    first, second = (FORMATS[name].parse(sent, {}).signals[0].key for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v2/alerts", "alertmanager"),
        ("/api/v2/alerts/", "alertmanager"),
        ("/api/v1/alerts", "alertmanager"),
        ("/v2/enqueue", "pagerduty"),
        ("/v2/change/enqueue", "pagerduty"),
        ("/grafana", "grafana"),
    ],
)
def test_a_formats_own_address_chooses_it_whatever_the_integration_is_set_to(path: str, name: str) -> None:
    assert choose("azure-monitor", request({}, path)).name == name


def test_a_mapping_of_the_integration_comes_before_a_vendor_that_is_recognised() -> None:
    vendors = [name for name, adapter in FORMATS.items() if isinstance(adapter, Vendor)]
    assert len(vendors) > 20
    for name in vendors:
        sample = FORMATS[name].sample()
        sent = request(sample.body, "", sample.headers["content-type"])
        if choose("auto", sent).name == name:
            assert choose("auto", sent, {"mapping": {"title": "$.title"}}).name == "generic"
            assert choose("auto", sent, {"severities": {"warning": "low"}}).name == name
            assert choose(name, sent, {"mapping": {"title": "$.title"}}).name == name
    alertmanager = FORMATS["alertmanager"].sample()
    assert choose("auto", request(alertmanager.body), {"mapping": {"title": "$.title"}}).name == "alertmanager"


def test_elsewhere_the_integrations_setting_counts_and_an_unknown_one_means_auto() -> None:
    assert choose("grafana", request({}, "/anything")).name == "grafana"
    assert choose("gone", request({"title": "x"})).name == "generic"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ([{"labels": {"a": "b"}}], "alertmanager"),
        ({"version": "4", "groupKey": "x", "receiver": "r", "alerts": []}, "alertmanager"),
        ({"version": "1", "groupKey": "x", "orgId": 1, "alerts": []}, "grafana"),
        ({"ruleId": 1, "state": "ok", "ruleName": "x"}, "grafana"),
        ({"routing_key": "r", "event_action": "trigger"}, "pagerduty"),
        ({"schemaId": "azureMonitorCommonAlertSchema"}, "azure-monitor"),
        ({"AlertRuleName": "x", "SearchQuery": "y"}, "azure-monitor"),
        ({"type": "Microsoft.AlertsManagement/alerts"}, "azure-monitor"),
        ({"specversion": "1.0", "source": "s"}, "cloudevents"),
        ({"anything": "else"}, "generic"),
        ([1], "generic"),
        (b"not json", "generic"),
        (b"", "generic"),
    ],
)
def test_a_body_is_recognised_by_its_shape(body: Any, name: str) -> None:
    assert recognise(request(body)) == name


def test_the_intake_gets_its_three_services() -> None:
    formats = InboundFormats()
    post = request([{"labels": {"a": "b"}}], "/api/v2/alerts")
    assert len(formats.parse(SOMEWHERE, post).signals) == 1
    raws = formats.scan(post.path, post.body)
    assert raws is not None
    assert bytes(raws[0].labels) == b'{"a": "b"}'
    assert formats.scan("", request([{"labels": {}}], "", JSON).body) is None
    event = request({}, "/v2/enqueue")
    with pytest.raises(Malformed) as refusal:
        formats.parse(SOMEWHERE, event)
    assert formats.refusal(SOMEWHERE, event, refusal.value)["status"] == "invalid event"


@pytest.mark.parametrize("name", [*FORMATS, AUTO])
def test_options_that_a_format_does_not_have_are_named(name: str) -> None:
    assert option_faults(name, {}) == ()
    assert [fault.field for fault in option_faults(name, {"surprise": 1})] == ["surprise"]


def test_auto_takes_the_options_of_the_formats_that_have_any() -> None:
    assert option_faults(AUTO, {"resolve_timeout": "1h", "mapping": {"title": "$.name"}}) == ()
    assert [fault.field for fault in option_faults("smoke", {})] == ["format"]
