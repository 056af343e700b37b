"""Which rules disturb for nothing (R50–R53), and what an alert without a next step is given (R55)."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.alerts.examples import firing

from muster.alerts.fidelity import RuleRecord, ranked, totals
from muster.alerts.next_step import next_step_of
from muster.kit.link import Link


def record(**fields: object) -> RuleRecord:
    """A rule that fired ten times and paged each time."""
    plain = {
        "rule": "DiskFull",
        "integration": "prom",
        "episodes": 10,
        "paged": 10,
        "real": 0,
        "false": 0,
        "median": None,
    }
    return RuleRecord(**{**plain, **fields})  # type: ignore[arg-type]


def test_fidelity_is_the_share_that_was_real_and_unknown_without_a_verdict() -> None:
    assert record().fidelity is None
    assert record(real=1, false=3).fidelity == 0.25


counts = st.integers(0, 1000)


@given(counts, counts, counts)
def test_a_false_verdict_makes_a_rule_noisier_and_a_real_one_quieter(paged: int, real: int, false: int) -> None:
    now = record(paged=paged, real=real, false=false)
    assert (
        record(paged=paged, real=real, false=false + 1).noise
        >= now.noise
        >= record(paged=paged, real=real + 1, false=false).noise
    )
    assert 0 <= now.noise <= paged


def test_the_noisiest_stand_first() -> None:
    good, bad, quiet = record(rule="a", real=9), record(rule="b", false=9), record(rule="c", paged=0)
    assert [each.rule for each in ranked([quiet, good, bad])] == ["b", "a", "c"]


def test_remarks_say_what_could_be_done() -> None:
    assert "raise its threshold" in record(real=1, false=4).remarks[0]
    assert "wait longer" in record(median=timedelta(seconds=40), real=1).remarks[0]
    assert "judge some" in record().remarks[0]
    assert record(real=5).remarks == []


def test_totals_of_no_rule_are_nothing() -> None:
    assert totals([]).false_rate is None
    assert totals([record(real=1, false=1), record(false=2)]).false_rate == 0.75


def test_an_alert_that_says_what_to_do_is_left_to_its_words() -> None:
    said = next_step_of(firing(next_step="Follow the runbook."))
    assert (said.text, said.complete, said.fix) == ("Follow the runbook.", True, "")


def test_an_alert_without_a_next_step_is_flagged_and_completed() -> None:
    links = (Link("Grafana", "https://g.example"), Link("Source", "https://p.example"))
    said = next_step_of(firing(links=links))
    assert (said.complete, said.text) == (False, "Open its source. Look at service shop.")
    assert "Give the rule DiskFull an annotation runbook_url" in said.fix
    assert next_step_of(firing(labels={})).text == "Look at where it came from."
