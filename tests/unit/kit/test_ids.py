"""Identifiers that sort by time, and by order where the time is the same."""

from datetime import UTC, datetime, timedelta

from muster.kit.ids import new_id

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_ids_of_one_instant_rise_in_the_order_in_which_they_were_made() -> None:
    between = NOW + timedelta(seconds=1)
    made = []
    for _ in range(2000):
        made.append(new_id(NOW))
        new_id(between)
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_later_instant_has_a_greater_id_of_version_7() -> None:
    earlier, later = new_id(NOW), new_id(NOW + timedelta(milliseconds=1))
    assert earlier < later
    assert (earlier.version, earlier.variant) == (7, "specified in RFC 4122")
