"""One message for many pages: how many, how bad, the worst by name, each incident once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.bundle import MOST_NAMED, bundle_message
from muster.paging.channel import Message, MessageKind
from muster.paging.delivery import Delivery, pending
from muster.paging.page import Page, PageState
from muster.paging.targets import Address, Reachable
from muster.paging.wording import LONGEST_BODY, LONGEST_SUBJECT

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = Reachable(UUID(int=9), "ana", "UTC", True, (Address(UUID(int=1), "ntfy", "topic", True),))
SEVERITIES = ("critical", "high", "low")


def member(number: int, severity: str, title: str = "It fails") -> tuple[Delivery, Page]:
    """A delivery of an incident's page."""
    page = Page(
        id=UUID(int=number), incident_id=UUID(int=1000 + number), ref=f"INC-{number}", title=title, summary="", severity=severity,
        policy="first", steps=(), plan_version_id=UUID(int=1), why="", next_step="", links=(), facts={}, roles={},
        state=PageState.RUNNING, step=1, started_at=NOW + timedelta(seconds=number), next_at=None, ended_at=None, ended_reason="",
    )  # fmt: skip
    return pending(UUID(int=2000 + number), MessageKind.PAGE, ANA, ANA.addresses[0], "Your turn.", NOW, page, 1), page


def message(members: list[tuple[Delivery, Page]], alerts: dict[UUID, int] | None = None) -> Message:
    """Their message."""
    return bundle_message(
        UUID(int=7), members, SEVERITIES, alerts or {}, "https://muster/a/all/t", "https://muster", NOW
    )


def test_a_bundle_says_how_many_and_names_the_worst_first() -> None:
    members = [member(1, "low"), member(2, "critical", "Checkout is down"), *(member(n, "high") for n in range(3, 13))]
    told = message(members, {UUID(int=1000 + number): 3 for number in range(1, 13)})
    assert told.subject == "CRITICAL 36 alerts, 12 incidents: INC-2 Checkout is down"
    lines = told.body.splitlines()
    assert lines[1] == "36 alerts, 12 incidents: the worst is critical."
    assert lines[2] == "CRITICAL INC-2: Checkout is down"
    assert lines[2 + MOST_NAMED] == "and 4 more"
    assert told.acknowledge_url == "https://muster/a/all/t"
    assert told.severity == "critical"


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from([*SEVERITIES, "unheard-of"]), st.text(max_size=200)), min_size=1
    )
)
def test_whatever_it_is_made_of_it_can_be_read(made: list[tuple[int, str, str]]) -> None:
    told = message([member(*each) for each in made])
    assert 0 < len(told.subject) <= LONGEST_SUBJECT
    assert len(told.subject.splitlines()) == 1
    assert len(told.body) <= LONGEST_BODY
    refs = told.context["incidents"]
    assert sorted(refs) == sorted({f"INC-{number}" for number, _, _ in made})
