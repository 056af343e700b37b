"""Kinds of events that stand in no incident's stream, and so in no timeline and no chapter of one."""

from muster.paging.events import EVENTS as PAGING

ELSEWHERE = frozenset(
    {
        "NobodyToPage",
        "TestRequested",
        "ProofAsked",
        "PathBroken",
        "PathMended",
        "ChainBroken",
        "ChainMended",
        "MachineTroubled",
        "MachineMended",
    }
)
"""They stand in the streams of alerts, of a person, or of paging itself."""

assert set(map(str, PAGING)) & ELSEWHERE == ELSEWHERE - {"NobodyToPage"}
