"""Many labels are kept; what cannot be is named on the alert itself."""

from tests.unit.inbound.asking import one

from muster.inbound.bounded import CUT, MOST_LABELS, MOST_TEXT


def labels(count: int, length: int = 1) -> dict[str, str]:
    """Labels that sort before those that matter."""
    return {f"a{number:03}": "x" * length for number in range(count)} | {"alertname": "A", "team": "shop", "zone": "z"}


def test_hundreds_of_labels_are_all_kept() -> None:
    sent = labels(MOST_LABELS - 3)
    signal = one("alertmanager", [{"labels": sent}], "/api/v2/alerts")
    assert signal.labels == sent
    assert CUT not in signal.annotations


def test_what_is_cut_is_named_on_the_alert_and_what_tells_most_stays() -> None:
    signal = one("alertmanager", [{"labels": labels(MOST_LABELS)}], "/api/v2/alerts")
    assert len(signal.labels) == MOST_LABELS
    assert (signal.labels["alertname"], signal.labels["team"]) == ("A", "shop")
    assert set(signal.annotations[CUT].split(", ")) == set(labels(MOST_LABELS)) - set(signal.labels)


def test_all_together_have_a_bound_and_the_short_ones_stay() -> None:
    signal = one("alertmanager", [{"labels": labels(100, 4000)}], "/api/v2/alerts")
    assert sum(map(len, signal.labels.values())) <= MOST_TEXT
    assert (signal.labels["alertname"], signal.labels["zone"]) == ("A", "z")
    assert signal.annotations[CUT].startswith("a0")
