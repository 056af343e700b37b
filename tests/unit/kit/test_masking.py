"""What looks like a secret is hidden, and what does not is left to read."""

import pytest

from muster.kit.masking import HIDDEN, mask_path, mask_text, mask_value

TOKEN = "Zk3v-QvW9yN0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0u"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/password/{TOKEN}", f"/password/{HIDDEN}"),
        ("/password/short", f"/password/{HIDDEN}"),
        (f"/password/{TOKEN}/more", f"/password/{HIDDEN}/more"),
        (f"/first-run/{TOKEN}", f"/first-run/{HIDDEN}"),
        (f"/a/{TOKEN}", f"/a/{HIDDEN}"),
        (f"/a/all/{TOKEN}", f"/a/all/{HIDDEN}"),
        (f"/t/{TOKEN}", f"/t/{HIDDEN}"),
        ("/i/chosen-by-hand/api/v2/alerts", f"/i/{HIDDEN}/api/v2/alerts"),
        (f"/feeds/mfd_{TOKEN}.ics", f"/feeds/{HIDDEN}"),
        (f"/callbacks/mattermost/{TOKEN}", f"/callbacks/mattermost/{HIDDEN}"),
        (f"/no/such/{TOKEN}", f"/no/such/{HIDDEN}"),
        (f"/no/such/{'0f' * 16}", f"/no/such/{HIDDEN}"),
        (f"/sign-in?next=/x&token={TOKEN}", f"/sign-in?next=/x&token={HIDDEN}"),
        ("/api/v1/incidents/42:close", "/api/v1/incidents/42:close"),
        ("/settings/people/ana-maria-fernandes-da-silva", "/settings/people/ana-maria-fernandes-da-silva"),
        (
            "/ledger/streams/incident:01890a5d-ac96-774b-bcce-b302099a8057",
            "/ledger/streams/incident:01890a5d-ac96-774b-bcce-b302099a8057",
        ),
        ("/alerts/01890a5d-ac96-774b-bcce-b302099a8057", "/alerts/01890a5d-ac96-774b-bcce-b302099a8057"),
        ("/password/{secret}", "/password/{secret}"),
        ("/static/{hash}/{name:path}", "/static/{hash}/{name:path}"),
        ("", ""),
    ],
)
def test_a_path_shows_no_key_link_or_token(path: str, shown: str) -> None:
    assert mask_path(path) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://user:hunter2@host.example/x",
        "https://user:p@ss-hunter2@host.example/x",
        "https://hunter2@host.example",
        "postgres://muster:hunter2@db:5432/muster",
        "see https://host.example/cb?access_token=hunter2&x=1",
        "see https://host.example/cb?x=1&amp;api_key=hunter2",
        "https://host.example/cb#id_token=hunter2",
        "https://host.example/cb?%74oken=hunter2",
        "https://host.example/cb?sig=hunter2",
        "https://host.example/cb?code=hunter2",
        '{"password": "hunter2"}',
        '{"db_password":"hun\\"ter2 hunter2"}',
        '{"message": "{\\"clientSecret\\": \\"hunter2\\"}"}',
        '{"x-api-key" : "hunter2"}',
        "Authorization: Basic hunter2hunter2==",
        "Cookie: session=hunter2; other=hunter2",
        "sent Bearer hunter2hunter2",
        "GenieKey hunter2-1111-2222",
        "request.failed token=hunter2 status=500",
        "https://hooks.slack.com/services/T000/B000/hunter2",
        "https://discord.com/api/webhooks/1/hunter2",
        "https://api.telegram.org/bothunter2/getMe",
        "xoxb-hunter2-000000",
        "mst_hunter2hunter2hunter2",
        "glpat-hunter2hunter2hunter2",
        "eyJhunter2hunter2.eyJodW50ZXIy.c2ln",
        "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2",
        "POST /password/hunter2hunter2hunter2 failed",
        "http://muster.example/a/hunter2Hunter2Hunter2",
    ],
)
def test_a_text_shows_no_secret(text: str) -> None:
    assert "hunter2" not in mask_text(text)
    assert HIDDEN in mask_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Disk 95 % full on db-1 (https://grafana.example/d/abc?orgId=1&from=now-1h)",
        "Basic monitoring of certificate renewal",
        "Bearer certificates expire tomorrow",
        "exit code=5 key=a",
        '{"alertname": "TokenExpired", "summary": "The token of the deployer expires.", "runbook": "https://r.example/x"}',
        "mail ana@example.org or http://host.example/@ana",
        "at 10:30:15 position 12345:abc",
        "/api/v1/incidents/42 is not /alerts/01890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
def test_a_text_without_secrets_stays(text: str) -> None:
    assert mask_text(text) == text


def test_masking_again_changes_nothing() -> None:
    once = mask_text('{"password": "x1", "url": "https://u:p@h/?token=a"} Authorization: Bearer abc12345')
    assert mask_text(once) == once


def test_a_value_is_masked_to_its_leaves_and_by_its_names() -> None:
    given = {"a": ["https://u:p@h/", 3, None], "api_key": "abc", "session": {"id": 1}, "tokens": ["abc"]}
    assert mask_value(given) == {
        "a": [f"https://{HIDDEN}@h/", 3, None],
        "api_key": HIDDEN,
        "session": {"id": 1},
        "tokens": [HIDDEN],
    }
    assert mask_value({"token": "ci", "at": "https://u:p@h/"}, by_name=False) == {
        "token": "ci",
        "at": f"https://{HIDDEN}@h/",
    }
