"""The organisation is declared like everything else; whose contacts a file changes is told."""

import json

import pytest
from tests.scenario.story import Story
from tests.scenario.test_personal_data import client

from muster.kit.errors import Invalid

ORGANISATION = "{kind: Organisation, name: Contoso Ltd, second_factor: {required_for: administrators, grace_days: 3}}"


async def test_name_and_second_factor_are_declared_once_and_stay(story: Story) -> None:
    await story.apply(story.person("root", permission="administrator", phone=False))
    async with await client(story, "root") as root, await client(story, "bo") as bo:
        sent = {"sources": [{"file": "a.yaml", "text": ORGANISATION}]}
        first, second = [(await root.post("/api/v1/apply", json=sent)).json() for _ in range(2)]
        assert [row["outcome"] for row in first["applied"]] == ["changed"], first
        assert [row["outcome"] for row in second["applied"]] == ["unchanged"]
        asked = (await root.get("/api/v1/organisation/second-factor")).json()
        assert (asked["required_for"], asked["grace_days"]) == ("administrators", 3)
        assert (await bo.post("/api/v1/apply", json=sent)).status_code == 403
    assert await story.count("SELECT count(*) FROM organisation WHERE name = 'Contoso Ltd'") == 1
    assert await story.count("SELECT count(*) FROM ledger_events WHERE kind = 'SecondFactorRequired'") == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{kind: Organisation, name: A}\n---\n{kind: Organisation, name: B}", "one organisation"),
        ("{kind: Organisation, name: ''}", "name"),
        ("{kind: Organisation, name: A, second_factor: {required_for: some}}", "who must have a second factor"),
        ("{kind: Organisation, name: A, second_factor: {required_for: nobody, grace_days: 91}}", "days of grace"),
        ("{kind: Organisation, name: A, colour: red}", "colour"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_place(story: Story, text: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        await story.apply(text)
    assert rule in str(refused.value.faults)
    assert all(fault.line for fault in refused.value.faults)


async def test_whose_contacts_a_file_changes_is_told(story: Story) -> None:
    inbox = {"kind": "inbox", "address": "ana", "verified": True}
    first, then = json.loads(story.person("ana")), json.loads(story.person("ana", "ana-2"))
    for manifest in (first, then):
        manifest["contacts"].append(inbox)
    await story.apply(story.person("root", permission="administrator", phone=False), json.dumps(first))
    async with await client(story, "root") as root:
        for _ in range(2):
            sent = {"sources": [{"file": "a.yaml", "text": json.dumps(then)}]}
            assert (await root.post("/api/v1/apply", json=sent)).status_code == 200
            await story.settle()
    told = "SELECT count(*) FROM inbox_messages WHERE box = 'ana' AND message::text LIKE '%contacts of your account%'"
    assert await story.count(told) == 1
