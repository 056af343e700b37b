"""Opsgenie's own client works with Muster: only the address is another."""

import asyncio
from typing import Any

import httpx2
import opsgenie_sdk
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scenario.door import Door
from tests.scenario.story import KEY

ALERTS = f"/i/{KEY}/v2/alerts"
DECIDING = """
kind: Integration
name: prometheus
format: opsgenie
options: {senders_decide: true}
"""
OTHER = "{kind: Integration, name: other, format: opsgenie, key: another-key-of-opsgenie}"


class Client:
    """The SDK, one call in a thread at a time."""

    def __init__(self, door: Door) -> None:
        configuration = opsgenie_sdk.Configuration()
        configuration.host = f"{door.url}/i/{KEY}"
        configuration.api_key["Authorization"] = KEY
        configuration.retry_enabled = False
        self.api = opsgenie_sdk.AlertApi(opsgenie_sdk.ApiClient(configuration))

    async def __call__(self, name: str, *args: Any, **more: Any) -> Any:
        return await asyncio.to_thread(getattr(self.api, name), *args, **more)

    async def create(self, **fields: Any) -> Any:
        """Create an alert; what became of that."""
        made = await self("create_alert", opsgenie_sdk.CreateAlertPayload(**fields))
        assert made.result == "Request will be processed"
        return (await self("get_request_status", made.request_id)).data


async def became(door: Door, response: httpx2.Response) -> Any:
    """What became of a request that was answered 202."""
    assert response.status_code == 202, response.text
    found = await door.http.get(f"{ALERTS}/requests/{response.json()['requestId']}")
    return found.json()["data"]


async def test_an_alert_is_created_found_and_closed(door: Door) -> None:
    client = Client(door)
    made = await client.create(
        message="The shop is down", alias="shop", priority="P1", tags=["front"], details={"host": "a"}
    )
    assert (made.is_success, made.action, made.alias) == (True, "Create", "shop")
    shown = (await client("get_alert", made.alert_id)).data
    assert (shown.message, shown.status, shown.priority, shown.tags) == ("The shop is down", "open", "P1", ["front"])
    assert shown.details == {"host": "a"}
    assert (await client("count_alerts", query="status: open AND tag: front")).data.count == 1
    for kind, name in [("alias", "shop"), ("tiny", shown.tiny_id)]:
        assert (await client("get_alert", name, identifier_type=kind)).data.id == made.alert_id
    closed = await client(
        "close_alert", made.alert_id, close_alert_payload=opsgenie_sdk.CloseAlertPayload(user="jesse")
    )
    done = (await client("get_request_status", closed.request_id)).data
    assert (done.is_success, done.action, done.alert_id) == (True, "Close", made.alert_id)
    listed = (await client("list_alerts", query="status=closed")).data
    assert [alert.alias for alert in listed] == ["shop"]


async def test_a_close_of_something_unknown_says_that_nothing_became_of_it(door: Door) -> None:
    client = Client(door)
    closed = await client("close_alert", "nothing", identifier_type="alias")
    done = (await client("get_request_status", closed.request_id)).data
    assert not done.is_success
    assert "never heard of" in done.status
    with pytest.raises(opsgenie_sdk.ApiException) as missing:
        await client("get_alert", "nothing", identifier_type="alias")
    assert missing.value.status == 404


async def test_its_words_tags_details_and_priority_are_changed(door: Door) -> None:
    client = Client(door)
    made = await client.create(message="Slow", alias="slow", priority="P3", details={"host": "a"})
    by = {"identifier_type": "alias"}
    await client("update_alert_message", "slow", opsgenie_sdk.UpdateAlertMessagePayload(message="Very slow"), **by)
    await client(
        "update_alert_description", "slow", opsgenie_sdk.UpdateAlertDescriptionPayload(description="Seconds"), **by
    )
    await client("update_alert_priority", "slow", opsgenie_sdk.UpdateAlertPriorityPayload(priority="P1"), **by)
    await client("add_tags", "slow", opsgenie_sdk.AddTagsToAlertPayload(tags=["x", "y"]), **by)
    await client("remove_tags", "slow", ["x"], **by)
    await client("add_details", "slow", opsgenie_sdk.AddDetailsToAlertPayload(details={"zone": "b"}), **by)
    await client("remove_details", "slow", ["host"], **by)
    shown = (await client("get_alert", made.alert_id)).data
    assert (shown.message, shown.description, shown.priority) == ("Very slow", "Seconds", "P1")
    assert (shown.tags, shown.details) == (["y"], {"zone": "b"})
    assert (await client("list_logs", "slow", **by)).data


async def test_a_note_is_on_the_timeline(door: Door) -> None:
    client = Client(door)
    await client.create(message="Slow", alias="slow")
    note = opsgenie_sdk.AddNoteToAlertPayload(note="Looking at it", user="jesse")
    await client("add_note", "slow", note, identifier_type="alias")
    assert [row.note for row in (await client("list_notes", "slow", identifier_type="alias")).data] == [
        "jesse: Looking at it"
    ]
    (told,) = await door.story.told_of("NoteAdded")
    assert told["text"] == "jesse: Looking at it"


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("acknowledge", {}),
        ("snooze", {"endTime": "2026-03-03T09:00:00Z"}),
        ("assign", {"owner": {"username": "bo"}}),
        ("attachments", {}),
        ("actions/restart", {}),
    ],
)
async def test_no_sender_keeps_people_from_being_paged(door: Door, action: str, body: Any) -> None:
    await door.http.post(ALERTS, json={"message": "Slow", "alias": "slow"})
    said = await became(
        door, await door.http.post(f"{ALERTS}/slow/{action}?identifierType=alias", json={"user": "eve", **body})
    )
    assert (said["isSuccess"], said["alias"]) == (False, "slow")
    assert said["status"]
    (told,) = await door.story.told_of("NoteAdded")
    assert f"asked by Opsgenie's API: {action.partition('/')[0]}" in told["text"]
    assert said["status"].split(".")[0] in told["text"]
    await door.story.wait(minutes=6)
    assert [text.phone for text in door.story.texts] == ["ana", "bo"]


async def test_where_an_administrator_lets_senders_decide_they_acknowledge_snooze_and_escalate(door: Door) -> None:
    await door.story.apply(DECIDING)
    await door.http.post(ALERTS, json={"message": "Slow", "alias": "slow"})
    by = "?identifierType=alias"
    assert (await became(door, await door.http.post(f"{ALERTS}/slow/escalate{by}")))["isSuccess"]
    assert (await became(door, await door.http.post(f"{ALERTS}/slow/acknowledge{by}", json={"user": "jesse"})))[
        "isSuccess"
    ]
    assert (await door.story.incident()).state == "acknowledged"
    await door.http.post(ALERTS, json={"message": "Noisy", "alias": "noisy"})
    snooze = {"endTime": "2026-03-03T09:00:00Z"}
    assert (await became(door, await door.http.post(f"{ALERTS}/noisy/snooze{by}", json=snooze)))["isSuccess"]
    assert (await door.http.get(f"{ALERTS}/noisy{by}")).json()["data"]["snoozed"]


async def test_an_alert_is_not_deleted(door: Door) -> None:
    await door.http.post(ALERTS, json={"message": "Slow", "alias": "slow"})
    said = await became(door, await door.http.delete(f"{ALERTS}/slow?identifierType=alias"))
    assert (said["isSuccess"], "close it" in said["status"]) == (False, True)
    assert await door.story.count("SELECT count(*) FROM alerts") == 1


async def test_another_integration_is_another_world(door: Door) -> None:
    await door.story.apply(OTHER)
    await door.http.post(ALERTS, json={"message": "Slow", "alias": "slow"})
    other = "/i/another-key-of-opsgenie/v2/alerts"
    assert (await door.http.get(other)).json()["data"] == []
    assert (await door.http.get(f"{other}/slow?identifierType=alias")).status_code == 404
    mixed = await door.http.get(ALERTS, headers={"authorization": "GenieKey another-key-of-opsgenie"})
    assert mixed.status_code == 401
    mine = await door.http.get("/i/opsgenie/v2/alerts", headers={"authorization": f"GenieKey {KEY}"})
    assert len(mine.json()["data"]) == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [("owner: me", "no `owner`"), ("a OR b", "AND"), ("status: odd", "open"), ("createdAt > noon", "no time")],
)
async def test_what_is_not_understood_of_a_search_is_refused(door: Door, query: str, said: str) -> None:
    refused = await door.http.get(ALERTS, params={"query": query})
    assert (refused.status_code, said in refused.json()["errors"]["query"]) == (422, True), refused.text


async def test_bad_fields_are_named(door: Door) -> None:
    await door.http.post(ALERTS, json={"message": "Slow", "alias": "slow"})
    for action, method, body, field in [
        ("notes", "POST", {}, "note"),
        ("message", "PUT", {"message": ""}, "message"),
        ("priority", "PUT", {"priority": "P7"}, "priority"),
        ("snooze", "POST", {"endTime": "2020-01-01T00:00:00Z"}, "endTime"),
    ]:
        refused = await door.http.request(method, f"{ALERTS}/slow/{action}?identifierType=alias", json=body)
        assert refused.status_code == 422
        assert field in refused.json()["errors"]


PARTS = ["alerts", "x", "close", "notes", "tags", "requests", "count", "%00", "..", "é", ""]
PATHS = st.lists(st.sampled_from(PARTS), max_size=5)
BODIES = st.sampled_from(
    [b"", b"{}", b"[]", b"\x00", b'{"message": 1}', b'{"note": {"a": 1}}', b'{"tags": [[]]}', b"[[[["]
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_nothing_below_a_key_fails_or_opens_an_alert_by_accident(door: Door, data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]))
    path, body = "/".join(data.draw(PATHS)), data.draw(BODIES)
    kind = data.draw(
        st.sampled_from(["", "?identifierType=alias", "?identifierType=tiny", "?identifierType=odd", "?query=:::"])
    )
    answer = await door.http.request(method, f"/i/{KEY}/v2/{path}{kind}", content=body)
    assert answer.status_code < 500, (method, path, body, answer.text)
    known = "'1'" if body == b'{"message": 1}' else "''"
    assert await door.story.count(f"SELECT count(*) FROM alerts WHERE title NOT IN ({known})") == 0
