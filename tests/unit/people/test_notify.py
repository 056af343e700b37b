"""Notification rules as people write them: in a manifest, on one line, in a form; and as sentences that they can check."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.kit.errors import Invalid
from muster.kit.faults import faults_of
from muster.people.notify import Notify
from muster.people.notify_form import Quiet, Row, fields_of, quiet_of, read_rows, row_of, rows_of
from muster.people.notify_words import sentences

LABELS = {"ntfy": "ntfy", "sms": "SMS", "voice": "call", "slack": "Slack"}
WRITTEN = {
    "notify": [
        {
            "severity": ["critical"],
            "do": [{"by": "ntfy"}, {"after": "2m", "by": "sms"}, {"after": "4m", "by": "voice"}],
        },
        {"hours": {"days": ["mon-fri"], "from": "09:00", "to": "17:00"}, "do": [{"by": "slack"}]},
    ],
    "quiet_hours": {"from": "22:00", "to": "07:00", "pierced_by": ["critical", "high"]},
}


def test_rules_read_as_sentences() -> None:
    assert sentences(Notify.model_validate(WRITTEN), LABELS) == [
        "Critical: ntfy at once, SMS after 2 min, call after 4 min.",
        "Every page Mon to Fri 09:00 to 17:00: Slack at once.",
        "Anything else goes to the first contact at once, and to the next where one fails.",
        "Quiet 22:00 to 07:00: what comes then waits until they end; critical and high come all the same.",
    ]
    assert sentences(Notify(), LABELS) == [
        "Every page goes to your first contact at once, and to the next where one fails."
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "fix"),
    [
        ({"notify": [{"do": []}]}, "notify.0.do", "Write at least 1."),
        ({"notify": [{"do": [{"by": "sms", "after": "soon"}]}]}, "notify.0.do.0.after", "Write it as 90s, 2m or 1h."),
        ({"notify": [{"do": [{"by": "sms", "after": "25h"}]}]}, "notify.0.do.0.after", "Write a shorter time."),
        ({"quiet_hours": {"from": 1320, "to": "07:00"}}, "quiet_hours.from", 'Write "22:00" in quotes.'),
        ({"quiet_hours": {"from": "22:00", "to": "7"}}, "quiet_hours.to", 'from 00:00 to 23:59 in quotes, such as "09:00".'),
        ({"notify": [{"do": [{"by": "sms"}], "hours": {"days": "mun", "from": "09:00", "to": "17:00"}}]},
         "notify.0.hours.days.0", "Did you mean"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_fix(wrong: dict[str, Any], field: str, fix: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Notify.model_validate(wrong)
    (fault,) = faults_of(raised.value, Notify)
    assert fault.field.startswith(field.rpartition(".")[0])
    assert fix in fault.fix


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("critical: ntfy, sms after 2m", Row("critical", "", "ntfy, sms after 2m")),
        ("critical, high: ntfy", Row("critical, high", "", "ntfy")),
        ("any mon-fri 09:00-17:00: slack", Row("", "mon-fri 09:00-17:00", "slack")),
        ("low 22:00-07:00: email", Row("low", "22:00-07:00", "email")),
        ("ntfy, sms after 2m", Row("", "", "ntfy, sms after 2m")),
    ],
)
def test_a_rule_is_one_line(line: str, row: Row) -> None:
    assert row_of(line) == row


def test_people_write_minutes_as_they_like() -> None:
    read = read_rows([Row("", "", "ntfy at once, sms after 2 min, voice 4 minutes")], Quiet())
    assert [each.after for each in read.notify[0].do] == [timedelta(0), timedelta(minutes=2), timedelta(minutes=4)]


def test_each_fault_stands_at_its_field() -> None:
    rows = [Row("critical", "", "ntfy"), Row(), Row("low", "at night", "by pigeon"), Row("high", "", "")]
    with pytest.raises(Invalid) as raised:
        read_rows(rows, Quiet("always", "critical"))
    assert set(fields_of(raised.value)) == {"hours-2", "do-2", "do-3", "quiet-hours"}
    with pytest.raises(Invalid) as later:
        read_rows([Row(), Row("?!", "", "sms")], Quiet())
    assert set(fields_of(later.value)) == {"severity-1"}


clock = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda each: f"{each[0]:02}:{each[1]:02}")
hours = st.fixed_dictionaries(
    {"from": clock, "to": clock}, optional={"days": st.sampled_from([["mon-fri"], ["sat", "sun"]])}
)
do = st.lists(
    st.fixed_dictionaries(
        {"by": st.sampled_from(["ntfy", "sms", "voice"]), "after": st.integers(0, 80_000).map(lambda n: f"{n}s")}
    ),
    min_size=1,
    max_size=4,
)
rules = st.lists(
    st.fixed_dictionaries(
        {"do": do}, optional={"severity": st.lists(st.sampled_from(["critical", "low"]), max_size=20), "hours": hours}
    ),
    max_size=4,
)


@given(rules, st.one_of(st.none(), hours))
def test_what_is_saved_reads_back_as_it_was(notify: list[dict[str, Any]], quiet: dict[str, Any] | None) -> None:
    said = Notify.model_validate({"notify": notify, "quiet_hours": quiet})
    assert Notify.model_validate(said.as_json()) == said
    again = read_rows(rows_of(said), quiet_of(said))
    assert [rule.do for rule in again.notify] == [rule.do for rule in said.notify]
    assert [rule.severity for rule in again.notify] == [rule.severity for rule in said.notify]
    assert [rule.hours and rule.hours.week for rule in again.notify] == [
        rule.hours and rule.hours.week for rule in said.notify
    ]
    assert (again.quiet_hours and again.quiet_hours.week) == (said.quiet_hours and said.quiet_hours.week)
    assert sentences(said, LABELS)


@given(
    clock,
    clock,
    st.integers(0, 366 * 24 * 60),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"]),
)
def test_quiet_hours_end_and_are_over_then(start: str, end: str, minutes: int, zone: str) -> None:
    quiet = Notify.model_validate({"quiet_hours": {"from": start, "to": end}})
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    until = quiet.quiet_until("low", now, zone)
    if until is not None and start != end:
        assert now < until <= now + timedelta(hours=26)
        assert quiet.quiet_until("low", until, zone) is None
    assert quiet.quiet_until("critical", now, zone) is None
