"""What people answer to a page: the few words that count, in any dress, and nothing that was not meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.paging.answer import Answer, AnswerDoubt, Verb, read_answer

ACK, ESCALATE, HELP, UNCLEAR = Verb.ACKNOWLEDGE, Verb.ESCALATE, Verb.HELP, Verb.UNCLEAR


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ack", Answer(ACK)),
        ("  ACK!  ", Answer(ACK)),
        ("1", Answer(ACK)),
        ("Yes.", Answer(ACK)),
        ("👍", Answer(ACK)),
        ("👍🏽", Answer(ACK)),
        ("Mine", Answer(ACK)),
        ("\ufeff\u200eack\u200f", Answer(ACK)),
        ("Acknowledged, looking now", Answer(ACK)),
        ("Hi Muster,\n\nack\n\nAna", Answer(ACK)),
        ("Ack 👍", Answer(ACK)),
        ("ok 👍", Answer(ACK)),
        ("1\ufe0f\u20e3", Answer(ACK)),
        ("On it!", Answer(ACK)),
        ("I’m on it, thanks", Answer(ACK)),
        ("Got it", Answer(ACK)),
        ("I’ve got this one", Answer(ACK)),
        ("taking it", Answer(ACK)),
        ("ok, I'll take it", Answer(ACK)),
        ("Looking into it now", Answer(ACK)),
        ("on it INC-7", Answer(ACK, ("INC-7",))),
        ("Ack'd", Answer(ACK)),
        ("Yep", Answer(ACK)),
        ("/ack", Answer(ACK)),
        ("ack\nAna Silva\nSRE, Contoso\n+49 170 1234567\nwww.contoso.example?lang=en", Answer(ACK)),
        ("ack\nSent from my iPhone", Answer(ACK)),
        ("Ack\n\nVon meinem iPhone gesendet", Answer(ACK)),
        ("ack, looking into it now and will be there in\n20 minutes", Answer(ACK)),
        ("ack\n\nAna Silva\nThis message is confidential. If it is not meant for you, you cannot keep a copy of it, nor use it."
         " Delete it instead.", Answer(ACK)),
        ("ack INC-142", Answer(ACK, ("INC-142",))),
        ("ack INC\u2011142", Answer(ACK, ("INC-142",))),
        ("inc 142 ack", Answer(ACK, ("INC-142",))),
        ("ack #142 and #7", Answer(ACK, ("INC-142", "INC-7"))),
        ("ack INC-37,INC-38", Answer(ACK, ("INC-37", "INC-38"))),
        ("1 INC-142", Answer(ACK, ("INC-142",))),
        ("ack all", Answer(ACK, everything=True)),
        ("2", Answer(ESCALATE)),
        ("escalate please", Answer(ESCALATE)),
        ("escalate, I am on a train", Answer(ESCALATE)),
        ("help", Answer(HELP)),
        ("?", Answer(HELP)),
        ("\n\nack\n\n> On Monday Muster wrote: escalate", Answer(ACK)),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_meant(text: str, answer: Answer) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "ack, eta 36 min",
        "ack 36 min",
        "ack, on my way in 36",
        "ack 20m",
        "ACK – 20min",
        "ack at 10:30",
        "ack, about 15 minutes",
    ],
)
def test_a_time_in_an_answer_is_no_incident(text: str) -> None:
    assert read_answer(text) == Answer(ACK)


@pytest.mark.parametrize("text", ["ack 142", "12", "ack INC-37, 38", "ack INC-7 and 142", "ack 3"])
def test_a_number_that_may_be_an_incident_is_asked_back(text: str) -> None:
    read = read_answer(text)
    assert (read.verb, read.doubt) == (UNCLEAR, AnswerDoubt.NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        "Taken ill today, please call Bo",
        "Ack! can't look, escalate",
        "ack but I'm driving",
        "ack is not possible",
        "acked by mistake",
        "ack later",
        "ack?",
        "ack — Bo has to take it",
        "ack\ncan't look though",
        "ack\n\nI am sick, someone else please",
        "ack everything is broken",
        "ack\nno",
        "ack\nSorry, no",
        "ack\n?",
        "ack\nwho is this?",
        "ack\nscratch that",
        "ack\nBo should look at that one",
        "ack\n\nOn vacation until Monday",
        "ack\n\nI'm out of office until 4 Dec",
        "ack\nI don't have my laptop",
        "ok\nAutomatic reply",
        "ack in 5h",
        "ack in 400 minutes",
        "ack all INC-3",
        "all ok",
        "everything ok",
        "Ok thank you all",
        "-1",
        "~~ack~~",
        "a\u0336c\u0336k\u0336",
        "👍👎",
        "👍?",
        "on it?",
        "not on it",
        "Bo is on it",
        "I'm not on it",
        "I'll take it tomorrow",
        "got it from Bo",
        "taking it easy",
        "on it goes",
        "I'll take it up with Bo",
        "yes or no",
        "looking forward",
        "ack, that's all I can say",
        "mine is broken",
        "ok taken by Bo",
        "ok, who broke it?",
        "yes but not me",
        "Acknowledge? No!",
        "do not ack",
        "don't escalate",
        "escalate? no",
        "next time use mail",
        "no",
        "> ack",
        "",
    ],
)
def test_doubt_never_stops_an_escalation(text: str) -> None:
    read = read_answer(text)
    assert read.verb is UNCLEAR
    assert read.doubt


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz '", min_size=6, max_size=40))
def test_prose_behind_an_acknowledgement_is_asked_back_unless_all_of_it_is_harmless(prose: str) -> None:
    read = read_answer(f"ack {prose}")
    harmless = all(read_answer(f"ack {word}").verb is ACK for word in prose.split())
    assert read.verb is UNCLEAR or harmless


@given(st.text(max_size=300))
def test_reading_is_total(text: str) -> None:
    answer = read_answer(text)
    assert all(ref.startswith("INC-") and ref[4:].isdigit() for ref in answer.refs)


@given(st.sampled_from(["ack", "escalate", "help"]), st.text(" \t.!,", max_size=5), st.booleans())
def test_dress_changes_nothing(word: str, edge: str, loud: bool) -> None:
    assert read_answer(f"{edge}{word.upper() if loud else word}{edge}") == read_answer(word)
