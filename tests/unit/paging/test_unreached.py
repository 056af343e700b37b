"""Why somebody is not paged: the value that a step keeps, what 0.1 kept instead, and the sentence."""

from datetime import UTC, datetime

import pytest

from muster.paging.unreached import Unreached, UnreachedCause, unreached_from

SEVEN = datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unreached", "sentence"),
    [
        (Unreached("ana", UnreachedCause.LEFT), "ana has left."),
        (Unreached("ana", UnreachedCause.NO_CONTACT), "ana has no contact."),
        (Unreached("ana", UnreachedCause.UNKNOWN), "ana is not known any more."),
        (
            Unreached("ana", UnreachedCause.QUIET, SEVEN, "Europe/Berlin"),
            "ana has quiet hours: this waits until 07:00 Europe/Berlin.",
        ),
    ],
)
def test_a_reason_is_kept_as_a_value_and_said_as_a_sentence(unreached: Unreached, sentence: str) -> None:
    assert unreached_from(unreached.as_json()) == unreached
    assert unreached.sentence() == sentence


def test_a_sentence_that_0_1_kept_is_said_as_it_was_and_its_person_is_known() -> None:
    unreached = unreached_from("ana has quiet hours: this waits until 07:00 Europe/Berlin.")
    assert (unreached.person, unreached.cause) == ("ana", UnreachedCause.RECORDED)
    assert unreached.sentence() == "ana has quiet hours: this waits until 07:00 Europe/Berlin."
