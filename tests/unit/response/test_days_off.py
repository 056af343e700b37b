"""The gate closes by the same clock and calendar by which alerts are triaged."""

from dataclasses import replace
from datetime import UTC, date, datetime

from muster.plan.reader import read_plan
from muster.response.closure import CheckState, gate

from .test_decide import facts

PLAN = read_plan("""
kind: Plan
name: main
time_zone: Europe/Lisbon
hours: {business: {days: mon-fri, from: "08:00", to: "18:00", holidays: public}}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
closure:
  - {check: attest, name: told_the_desk, by: responder, when: 'hours.business'}
""")
FRIDAY = datetime(2026, 12, 25, 11, tzinfo=UTC)


def test_what_is_asked_in_business_hours_is_not_asked_on_a_holiday() -> None:
    working = facts()
    holiday = replace(working, days_off={"public": frozenset({date(2026, 12, 25)})})
    other = replace(working, days_off={"public": frozenset({date(2026, 12, 24)})})
    states = [gate(PLAN, known, FRIDAY).checks[0].state for known in (working, holiday, other)]
    assert states[0] == states[2]
    assert states[1] is CheckState.NOT_ASKED
    assert states[0] is not CheckState.NOT_ASKED
