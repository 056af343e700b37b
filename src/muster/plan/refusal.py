"""Why authority refuses: values with fields, and the one place where they become sentences."""

from dataclasses import dataclass

from muster.plan.words import article, spaced

_DONE = {
    "reporter": "reported it",
    "acknowledger": "acknowledged it",
    "mitigator": "mitigated it",
    "resolver": "resolved it",
}


@dataclass(frozen=True, slots=True)
class LevelNeeded:
    """The action needs a level that the person does not hold; `held` is the highest that they do, or empty.

    `severity` is empty where it does not matter.
    """

    words: str
    level: str
    person: str
    held: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class SamePerson:
    """The person is the `doer` of something earlier, who may not do this too."""

    words: str
    person: str
    doer: str


@dataclass(frozen=True, slots=True)
class UnknownDoer:
    """Nobody knows who the `doer` was, and that person may not do this too."""

    words: str
    doer: str


Lacking = LevelNeeded | SamePerson | UnknownDoer


def sentence(lacking: Lacking) -> str:
    """A reason in people's words."""
    if isinstance(lacking, SamePerson):
        return f"{lacking.person} {_DONE[lacking.doer]}: somebody else must {lacking.words}."
    if isinstance(lacking, UnknownDoer):
        return f"It is not known who {_DONE[lacking.doer]}, and that person may not {lacking.words}."
    who = f"only {article(spaced(lacking.level))} may {lacking.words}."
    where = f"At severity {lacking.severity}, {who}" if lacking.severity else f"{who[0].upper()}{who[1:]}"
    held = f"are {article(spaced(lacking.held))}" if lacking.held else "hold no level of authority"
    return f"{where} You ({lacking.person}) {held}."
