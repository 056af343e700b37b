"""The plan in the browser: read, compared, edited without losing anything, tried out; driven without a browser."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from muster.base.web.render import Renderer
from muster.paging import pages as paging_pages
from muster.plan import pages

PLAN = """kind: Plan
name: main
severities:
  critical: {acknowledge_within: 5m}
  low: {acknowledge_within: 1d}
severity_rules:
  - {if: 'labels.severity == "page"', then: critical}
  - {if: 'true', then: low}
routes:
  - {if: 'true', to: first}
escalation:
  first:
    - {notify: ["schedule:primary"], wait: 5m}
    - {notify: ["person:bo"], wait: 10m, repeat: 2}
"""


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The manager Mona's browser, without scripts."""
    app.state.renderer = Renderer()
    for router in (*pages.ROUTERS, *paging_pages.ROUTERS):
        app.include_router(router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://muster", headers={"x-name": "mona"}) as client:
        yield client


async def publish(browser: httpx2.AsyncClient, text: str, base: int, note: str = "") -> httpx2.Response:
    """Send the editor's form."""
    return await browser.post("/plan/edit", data={"text": text, "base": str(base), "note": note})


async def test_without_a_plan_every_page_gives_the_first_step(browser: httpx2.AsyncClient) -> None:
    for path in ("/plan", "/plan/versions", "/plan/diff", "/plan/simulate"):
        assert "Begin with the starter plan" in (await browser.get(path)).text
    editor = (await browser.get("/plan/edit")).text
    assert "acknowledge_within: 5m" in editor
    assert "person:mona" in editor


async def test_what_is_published_is_read_in_prose(browser: httpx2.AsyncClient) -> None:
    done = await publish(browser, PLAN, 0, "Begin")
    assert (done.status_code, done.headers["location"]) == (303, "/plan")
    page = (await browser.get("/plan")).text
    for words in ("Where alerts go", "whoever is on call on primary", "version 1", "Begin", 'href="#escalation"'):
        assert words in page
    assert (await browser.get("/plan/versions/1/text")).text == PLAN
    assert (await browser.get("/plan/versions/9")).status_code == 404


async def test_a_refused_text_stays_with_its_faults_beside_it(browser: httpx2.AsyncClient) -> None:
    wrong = PLAN.replace("person:bo", "person:bob").replace("5m}", "5x}")
    refused = await publish(browser, wrong, 0, "Try")
    assert refused.status_code == 422
    assert "person:bob" in refused.text
    assert 'value="Try"' in refused.text
    assert 'data-line="14" data-column="17"' in refused.text
    assert "There is no active person" in refused.text or "There is no person" in refused.text
    assert (await browser.get("/plan/versions")).text.count("Begin with the starter plan")


async def test_the_editor_s_check_writes_nothing(browser: httpx2.AsyncClient) -> None:
    await publish(browser, PLAN, 0)
    said = (await browser.post("/plan/check", data={"text": PLAN.replace("5m}", "4m}", 1)})).text
    assert "Valid" in said
    assert "severities.critical.acknowledge_within" in said
    assert "it was 5m" in said
    assert "As published in version 1" in (await browser.post("/plan/check", data={"text": PLAN})).text
    assert "1 fault" in (await browser.post("/plan/check", data={"text": ""})).text


async def test_nobody_overwrites_what_somebody_else_published_meanwhile(browser: httpx2.AsyncClient) -> None:
    await publish(browser, PLAN, 0)
    await publish(browser, PLAN.replace("1d", "2d"), 1, "Theirs")
    late = await publish(browser, PLAN.replace("10m", "20m"), 1, "Mine")
    assert late.status_code == 409
    assert "published version 2 while you were editing" in late.text
    assert "severities.low.acknowledge_within" in late.text
    assert "wait: 20m" in late.text
    assert 'name="base" value="2"' in late.text
    assert (await publish(browser, PLAN.replace("10m", "20m"), 2, "Mine")).status_code == 303


async def test_versions_are_compared_by_what_they_mean_and_restored(browser: httpx2.AsyncClient) -> None:
    await publish(browser, PLAN, 0, "One")
    await publish(browser, PLAN.replace("wait: 10m", "wait: 7m"), 1, "Two")
    compared = (await browser.get("/plan/diff")).text
    assert "escalation.first[2].wait" in compared
    assert "<del" in compared
    assert "7m" in compared
    assert "They mean the same" in (await browser.get("/plan/diff?from=1&to=1")).text
    assert "An older version" in (await browser.get("/plan/versions/1")).text
    done = await browser.post("/plan/versions/1/restore", data={"note": "Back"})
    assert done.headers["location"] == "/plan/versions/3"
    assert "They mean the same" in (await browser.get("/plan/diff?from=1&to=3")).text


async def test_trying_out_tells_severity_times_people_channels_and_reasons(browser: httpx2.AsyncClient) -> None:
    await publish(browser, PLAN, 0)
    page = (await browser.get("/plan/simulate?run=yes&labels=severity%3Dpage&at=2026-07-01T03:00")).text
    for words in ("Critical", "There is no schedule primary any more.", "then 2 more, every 10m", "severity_rules.0",
                  "bo by email", "Step 1 of first reaches nobody.", "bo has proved none of the contacts"):  # fmt: skip
        assert words in page
    alone = (await browser.get("/plan/simulate?run=yes&policy=first&at=2026-07-05T03:00")).text
    assert "Whom first wakes at" in alone
    assert "bo by email" in alone
    wrong = await browser.get("/plan/simulate?run=yes&labels=nonsense&at=soon")
    assert wrong.status_code == 422
    assert "Write one a line" in wrong.text
    assert "is not a time" in wrong.text
    pasted = {"payload": '[{"labels": {"alertname": "Down", "severity": "page"}}]', "at": "2026-07-01T03:00"}
    found = await browser.post("/plan/simulate", data=pasted)
    assert "bo by email" in found.text
    refused = await browser.post("/plan/simulate", data={**pasted, "payload": "{", "integration": ""})
    assert refused.status_code == 422


async def test_a_viewer_reads_and_is_told_why_they_may_not_publish(browser: httpx2.AsyncClient) -> None:
    await publish(browser, PLAN, 0)
    vera = {"x-name": "vera"}
    assert "needs the level manager" in (await browser.get("/plan", headers=vera)).text
    refused = await browser.post("/plan/edit", data={"text": PLAN, "base": "1"}, headers=vera)
    assert refused.status_code == 403
