"""What a person sends delays nobody: it is refused before it is parsed, its faults are few, and what is slow is read aside."""

import asyncio
import json
import threading
from collections.abc import Sequence

import pytest
from tests.scenario.door import Door
from tests.scenario.story import KEY, Story

from muster.alerts.actions import intake, sender_proof
from muster.alerts.actions.batches import LARGEST_PART
from muster.alerts.actions.receive import Item
from muster.alerts.alert import Alert
from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Request
from muster.base import aside
from muster.base.unit import Unit
from muster.base.web.shape import check_shape
from muster.inbound.formats import InboundFormats
from muster.kit.errors import MOST_FAULTS, Fault, Invalid
from muster.kit.yamldoc import read_documents
from muster.manifests.actions.apply import MANIFESTS
from muster.manifests.api import ApplyIn, SourceIn
from muster.plan import reader

PLAN = "name: main\nroutes:\n"


def rules(count: int) -> str:
    """A plan with so many routes."""
    return PLAN + "".join(f"  - {{if: 'title == \"{number}\"', to: first}}\n" for number in range(count))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{" + b",".join(b'"f%d": 1' % number for number in range(30_000)) + b"}", "application/json"),
        (b"[" + b"1," * 100_000 + b"1]", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"a": "' + b'\\"' * 10 + b'", "b": [' + b"{}," * 50_000 + b"{}]}", "application/json"),
        (b"a=1&" * 100_000, "application/x-www-form-urlencoded"),
        (b"a=" + b"%20" * 400_000, "application/x-www-form-urlencoded"),
    ],
)
def test_what_would_take_long_to_parse_is_refused_unparsed(body: bytes, kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_shape(body, kind)
    assert "at most" in refused.value.faults[0].rule


def test_one_long_text_is_no_multitude() -> None:
    check_shape(json.dumps({"text": 'a: [1, {b: "c"}]\n' * 50_000}).encode(), "application/json")


def test_faults_are_few_and_say_how_many_there_are() -> None:
    refused = Invalid("No.", faults=[Fault(f"f{number}", "Wrong.") for number in range(280_000)])
    assert len(refused.as_json()["faults"]) == MOST_FAULTS + 1
    assert refused.as_json()["faults"][-1]["rule"] == "And 279,900 more."


async def test_the_edge_counts_before_it_parses(door: Door) -> None:
    body = {"title": "x", **{f"field{number}": 1 for number in range(6_000)}}
    answer = await door.http.post("/api/v1/incidents", json=body)
    assert answer.status_code == 422
    assert "at most 5,000" in answer.json()["faults"][0]["rule"]


async def test_a_query_has_a_bound(door: Door) -> None:
    for path in ("/api/v1/alerts", "/sign-in", "/i/story-integration-key/api/v2/alerts"):
        assert (await door.http.get(path + "?" + "a&" * 10_000)).status_code == 414, path


def test_a_plan_has_a_bound_of_rules() -> None:
    review = reader.review_plan(rules(7_000))
    assert [fault.rule for fault in review.faults] == ["`routes` holds 7,000 entries; a plan takes at most 1,000."]
    assert review.faults[0].line == 3


async def test_plans_are_read_aside(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    where = []
    told = reader.check_routing
    monkeypatch.setattr(reader, "check_routing", lambda draft: (where.append(threading.current_thread()), told(draft)))
    await door.story.apply("kind: Plan\nname: other\nroutes: [{if: 'true', to: first}]\n"
                           "severities: {low: {acknowledge_within: 1d}}\nseverity_rules: [{if: 'true', then: low}]\n"
                           "escalation: {first: [{notify: ['person:ana']}]}\n")  # fmt: skip
    assert where
    assert threading.main_thread() not in where


async def test_large_reports_are_read_aside(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    where: dict[int, threading.Thread] = {}
    plain = InboundFormats.parse

    def parse(self: InboundFormats, integration: Integration, request: Request) -> Parsed:
        where[len(request.body)] = threading.current_thread()
        return plain(self, integration, request)

    monkeypatch.setattr(InboundFormats, "parse", parse)
    for name in ("Small", "Large" + "x" * sender_proof.LARGE):
        assert (await story.posts("DiskFull", detail=name)).status == 200
    (_, small), (_, large) = sorted(where.items(), key=lambda found: found[0])
    assert small is threading.main_thread()
    assert large is not threading.main_thread()


async def test_few_wait_for_what_is_read_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "MOST_WAITING", 0)
    with pytest.raises(Exception, match="busy"):
        await aside.aside(int)


def test_five_thousand_persons_fit_into_one_file() -> None:
    person = "kind: Person\nname: person-{0}\nemail: person-{0}@contoso.example\npermission: responder\ncontacts:\n" \
             "  - {{kind: email, address: person-{0}@contoso.example}}\n  - {{kind: sms, address: '+4930{0:08}'}}\n"  # fmt: skip
    text = "---\n".join(person.format(number) for number in range(5_000))
    body = ApplyIn(sources=[SourceIn(file="people.yaml", text=text)])
    read = read_documents(body.sources[0].text, times=MANIFESTS)
    assert len(read.documents) == 5_000
    assert not read.faults


async def test_one_senders_thousands_take_turns_with_everybody_elses_few(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    begun = asyncio.Event()
    receive = intake.receive

    async def counted(unit: Unit, items: Sequence[Item]) -> list[list[Alert | None]]:
        told.append(sum(len(item.parsed.signals) for item in items))
        begun.set()
        return await receive(unit, items)

    def report(name: str, count: int) -> Request:
        ends = {"annotations": {}, "endsAt": "2099-01-01T00:00:00Z"}
        body = [{"labels": {"alertname": name, "disk": str(number)}, **ends} for number in range(count)]
        headers = {"content-type": "application/json"}
        return Request("/api/v2/alerts", "POST", headers, {}, json.dumps(body).encode(), story.clock.now())

    monkeypatch.setattr(intake, "receive", counted)
    many = asyncio.create_task(story.muster.intake.accept(KEY, report("DiskFull", 1_000)))
    await begun.wait()
    few = await story.muster.intake.accept(KEY, report("CpuHot", 1))
    assert few.status == 200
    assert not many.done(), "the few are answered while the thousand are still being written"
    assert (await many).status == 200
    assert max(told) <= LARGEST_PART + 1
    assert await story.count("SELECT count(*) FROM alerts WHERE status = 'firing'") == 1_001
    assert await story.count("SELECT count(*) FROM signals") == 2
