"""Somebody who has left is erased: nothing tells of them any more, and the ledger still proves itself."""

import json
import re

import httpx2
from tests.scenario.story import PLAN, Story
from tests.scenario.test_personal_data import client

from muster.ledger.actions.verifying import judge
from muster.ledger.export import verify_export
from muster.ledger.redaction import pattern
from muster.people.actions.persons import deactivate_person
from muster.privacy.places import GOES, NAMELESS, REFERENCES, STAYS, TEXTS

EVERY_TEXT = """
SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    AND (data_type IN ('text', 'jsonb', 'json', 'character varying') OR udt_name = '_text')"""


async def tells_of(story: Story, word: str) -> list[str]:
    """Every column of the whole database in which a word stands."""
    found = []
    async with story.muster.database.read() as conn:
        for row in await conn.fetch(EVERY_TEXT):
            where = f"""SELECT count(*) FROM "{row["table"]}" WHERE "{row["column"]}"::text ~* $1"""
            if await conn.fetchval(where, rf"(?<![\w.]){re.escape(word)}(?!\w)"):
                found.append(f"{row['table']}.{row['column']}")
    return found


async def sound(story: Story) -> tuple[bool, int]:
    """Whether the ledger verifies, and how many entries were redacted."""
    async with story.unit() as unit:
        verdict = await judge(unit.conn, [])
    return verdict.sound, sum(redaction.entries for redaction in verdict.redactions)


async def works(story: Story, root: httpx2.AsyncClient) -> str:
    """Ana works as people do, then others take over and she leaves; returns the incident."""
    await story.apply(story.person("luis.ana", phone=False))
    await story.fires("DiskFull")
    await story.tap(story.texts[0])
    async with await client(story, "ana") as ana, await client(story, "bo") as bo:
        ref = str((await ana.get("/api/v1/incidents")).json()["items"][0]["ref"])
        own = {"text": "Ana here (ana@contoso.example).\nana looks at the analysis"}
        told = {"text": "line one\nana has the keys; luis.ana and diana have not"}
        for person, note in ((ana, own), (bo, told)):
            answer = await person.post(f"/api/v1/incidents/{ref}/notes", json=note)
            assert answer.status_code < 300, answer.text
        await story.ends("DiskFull")
        for deed in ("mitigate", "resolve"):
            answer = await bo.post(f"/api/v1/incidents/{ref}/{deed}", json={"note": "ana was right"})
            assert answer.status_code == 200, answer.text
        moved = {"email": "ana.sa@contoso.example", "full_name": "Ana Sá"}
        assert (await root.patch("/api/v1/persons/ana", json=moved)).status_code == 200
    await story.apply(PLAN.replace("person:ana", "person:bo"))
    async with story.unit("root") as unit:
        await deactivate_person(unit, "ana")
    return ref


async def test_who_is_here_or_needed_is_not_erased(story: Story) -> None:
    await story.apply(story.person("root", permission="administrator", phone=False))
    asked = {"reason": "request 12"}
    async with await client(story, "root") as root, await client(story, "bo") as bo:
        refused = await root.post("/api/v1/persons/ana/erase", json=asked)
        assert refused.status_code == 409
        assert "still here" in refused.text
        assert "muster person deactivate ana" in refused.text
        assert (await bo.post("/api/v1/persons/ana/erase", json=asked)).status_code == 403
        assert (await root.post("/api/v1/persons/nobody/erase", json=asked)).status_code == 404
        assert (await root.post("/api/v1/persons/root/erase", json=asked)).status_code == 409
        async with story.unit("root") as unit:
            await deactivate_person(unit, "ana", even_so=True)
        needed = await root.post("/api/v1/persons/ana/erase", json=asked)
        assert needed.status_code == 409
        assert "still needed" in needed.text
        page = await root.get("/settings/people/ana/erase")
        assert page.status_code == 409


async def test_nothing_tells_of_who_was_erased_and_the_ledger_still_proves_itself(story: Story) -> None:
    await story.apply(story.person("root", permission="administrator", phone=False))
    async with await client(story, "root") as root:
        ref = await works(story, root)
        assert len(await tells_of(story, "ana@contoso.example")) >= 2
        for reason, rule in (("", "no reason"), ("Ana asked for it", "names the person")):
            refused = await root.post("/api/v1/persons/ana/erase", json={"reason": reason})
            assert refused.status_code == 422
            assert rule in refused.text
        before = await story.count("SELECT count(*) FROM ledger_events")
        would = (await root.post("/api/v1/persons/ana/erase", json={"dry_run": True})).json()
        assert (await story.count("SELECT count(*) FROM ledger_events"), (await sound(story))[1]) == (before, 0)
        assert (await root.get("/settings/people/ana/erase")).text.count(would["pseudonym"]) >= 2
        done = (await root.post("/api/v1/persons/ana/erase", json={"reason": "request 12"})).json()
        assert {**done, "dry_run": True} == would
        assert done["gone"]["api_tokens"] == 1
        assert done["gone"]["contacts"] == 1
        assert done["ledger_entries"] > 5
        assert await sound(story) == (True, done["ledger_entries"])
        name = done["pseudonym"]
        for word in ("ana@contoso.example", "ana.sa@contoso.example", "Ana Sá", f"{story.phones.url}/ana"):
            assert await tells_of(story, word) == [], word
        # What senders said, what names systems, and the hashes of ledgers are no names of people.
        left = {place for place in await tells_of(story, "ana") if place.partition(".")[0] not in NAMELESS}
        assert left == set()
        told = (await root.get(f"/api/v1/incidents/{ref}/timeline")).text
        assert "luis.ana and diana" in told
        assert f"line one\\n{name} has the keys" in told
        assert f"{name} looks at the analysis" in told
        incident = (await root.get(f"/api/v1/incidents/{ref}")).json()
        assert name in json.dumps(incident)
        for path in (f"/incidents/{ref}", f"/settings/people/{name}", "/ledger", "/settings/plan", "/paging"):
            answer = await root.get(path)
            assert answer.status_code in (200, 404), path
            assert not re.search(r"(?<![.\w])ana(?![\w])", answer.text.replace("luis.ana", "")), path
        await verified(story, root, done["ledger_entries"])
        again = await root.post(f"/api/v1/persons/{name}/erase", json={"reason": "twice"})
        assert again.status_code == 409
        assert (await root.post(f"/api/v1/persons/{name}/reactivate")).status_code == 409
    await story.apply(story.person("ana"))
    await story.fires("Another")
    assert (await sound(story))[0]


async def verified(story: Story, root: httpx2.AsyncClient, entries: int) -> None:
    """The command, the export and the pages tell of the redaction, and a change of what it left is found."""
    verdict = (await root.post("/api/v1/ledger/verify", json={})).json()
    assert verdict["sound"]
    (redaction,) = verdict["redactions"]
    assert (redaction["entries"], redaction["by"], redaction["reason"]) == (entries, "root", "request 12")
    page = (await root.get(f"/ledger/entries/{redaction['positions'][0]}")).text
    assert "Words were taken out of this entry" in page
    lines = [line + b"\n" for line in (await root.get("/api/v1/ledger/export")).content.splitlines()]
    judged = verify_export(lines)
    assert (judged.sound, judged.redactions[0].entries) == (True, entries)
    async with story.unit() as unit, unit.trial() as trial:
        await trial.conn.execute("ALTER TABLE ledger_events DISABLE TRIGGER ALL")
        await trial.conn.execute("UPDATE ledger_events SET reason = 'x' WHERE position = $1", redaction["positions"][0])
        assert (await judge(trial.conn, [])).found == 1


async def test_names_are_found_as_whole_words(story: Story) -> None:
    names = pattern(["ana", "Ana Sá", "ana@contoso.example", 'Ana "A" Sá', "12", "true"])
    texts = {
        "ana": "x", "Ana, ana. @ana (ANA)": "x, x. @x (x)", '{"a":"x\\nana"}': '{"a":"x\\nx"}', "diana ana-2 luis.ana": "",
        "team:ana person:ana": "team:ana person:x", "Ana Sá": "x", "ana@contoso.example.": "x.", "ana@other.example": "",
        '{"a":"Ana \\"A\\" Sá"}': '{"a":"x"}', '{"12":12,"a":"12","b":true,"c":"true"}': '{"x":12,"a":"x","b":true,"c":"x"}',
        "12 times": "", "12": "x",
    }  # fmt: skip
    async with story.muster.database.read() as conn:
        for text, wanted in texts.items():
            found = await conn.fetchval("SELECT regexp_replace($1, $2, 'x', 'gi')", text, names)
            assert found == (wanted or text)


async def test_every_place_of_a_person_is_known(story: Story) -> None:
    async with story.muster.database.read() as conn:
        referring = {row["table"] for row in await conn.fetch(REFERENCES)}
        texts: dict[str, set[str]] = {}
        for row in await conn.fetch(EVERY_TEXT):
            texts.setdefault(row["table"], set()).add(row["column"])
    assert referring == GOES | STAYS.keys(), "say in privacy/places.py what becomes of its rows"
    unknown = texts.keys() - TEXTS.keys() - NAMELESS.keys() - GOES - referring
    assert not unknown, "say in privacy/places.py whether names stand in it"
    assert not {(table, column) for table, columns in TEXTS.items() for column in columns if column not in texts[table]}
