"""What people answer to a page: the few words that count, in any dress, and nothing that was not meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.paging.answer import Answer, Verb, read_answer

ACK, ESCALATE, HELP, UNCLEAR = Verb.ACKNOWLEDGE, Verb.ESCALATE, Verb.HELP, Verb.UNCLEAR


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ack", Answer(ACK)),
        ("  ACK!  ", Answer(ACK)),
        ("1", Answer(ACK)),
        ("Yes.", Answer(ACK)),
        ("👍", Answer(ACK)),
        ("Acknowledged, looking now", Answer(ACK)),
        ("ack INC-142", Answer(ACK, ("INC-142",))),
        ("inc 142 ack", Answer(ACK, ("INC-142",))),
        ("ack 142 and #7", Answer(ACK, ("INC-142", "INC-7"))),
        ("1 INC-142", Answer(ACK, ("INC-142",))),
        ("ack all", Answer(ACK, everything=True)),
        ("2", Answer(ESCALATE)),
        ("escalate please", Answer(ESCALATE)),
        ("help", Answer(HELP)),
        ("?", Answer(HELP)),
        ("\n\nack\n\n> On Monday Muster wrote: escalate", Answer(ACK)),
        ("> ack", Answer(UNCLEAR)),
        ("", Answer(UNCLEAR)),
        ("no", Answer(UNCLEAR)),
        ("ok, who broke it?", Answer(UNCLEAR)),
        ("yes but not me", Answer(UNCLEAR)),
        ("do not ack", Answer(UNCLEAR)),
        ("12", Answer(UNCLEAR, ("INC-12",))),
    ],
)
def test_what_is_written_is_what_is_meant(text: str, answer: Answer) -> None:
    assert read_answer(text) == answer


@given(st.text(max_size=300))
def test_reading_is_total(text: str) -> None:
    answer = read_answer(text)
    assert all(ref.startswith("INC-") and ref[4:].isdigit() for ref in answer.refs)


@given(st.sampled_from(["ack", "escalate", "help"]), st.text(" \t.!,", max_size=5), st.booleans())
def test_dress_changes_nothing(word: str, edge: str, loud: bool) -> None:
    assert read_answer(f"{edge}{word.upper() if loud else word}{edge}") == read_answer(word)
