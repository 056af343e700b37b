"""Every kind of secret that Muster handles: how one of it comes about in a running Muster. New kinds are added with `@kind`."""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import httpx2
import pyotp
from tests.running import ADMIN, PASSWORD, Running, csrf

SETTINGS = {
    "smtp_password": "S3tting-smtp-Q7xW2",
    "imap_password": "S3tting-imap-Q7xW2",
    "slack_token": "xoxb-S3tting-slack-Q7xW2",
    "slack_signing_secret": "S3tting-signing-Q7xW2",
    "mattermost_token": "S3tting-mattermost-Q7xW2",
    "mattermost_command_token": "S3tting-command-Q7xW2",
    "twilio_token": "S3tting-twilio-Q7xW2",
    "ntfy_token": "S3tting-ntfy-Q7xW2",
    "seals_to": "https://127.0.0.1:9/seals?key=S3tting-seals-Q7xW2",
    "modem_pin": "S3tting-pin-Q7xW2",
    "secret_key": "UzN0dGluZy1zZWNyZXQta2V5LVE3eFcyLTAxMjM0NTY=",
}
"""What stands in settings; all of these channels are otherwise switched off."""


@dataclass
class Stage:
    """A running Muster with Ana, a manager with an inbox, Vera, who may only look, and the integration `prom`."""

    muster: Running
    key: str = ""
    secrets: dict[str, list[str]] = field(default_factory=dict)


Kind = Callable[[Stage], Awaitable[Sequence[str]]]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Register what makes secrets of a kind, uses them rightly and wrongly, and returns them."""

    def register(make: Kind) -> Kind:
        KINDS[name] = make
        return make

    return register


def browser(stage: Stage) -> httpx2.AsyncClient:
    """A browser with cookies of its own."""
    return httpx2.AsyncClient(trust_env=False, base_url=stage.muster.url, follow_redirects=False)


@kind("settings")
async def settings_of(stage: Stage) -> Sequence[str]:
    return [value for name, value in SETTINGS.items() if name != "seals_to"]


@kind("password and session")
async def passwords(stage: Stage) -> Sequence[str]:
    typed = "Typed-As-A-Name-9182"
    async with browser(stage) as visitor:
        page = (await visitor.get("/sign-in")).text
        for who, password in ((typed, "x"), (ADMIN, "Wrong-Password-5512"), (ADMIN, PASSWORD)):
            form = {"csrf": csrf(page), "who": who, "password": password}
            await visitor.post("/sign-in", data=form, headers={"origin": stage.muster.url})
        cookies = [value for name, value in visitor.cookies.items() if len(value) >= 20]
        assert cookies
        wrong = {"present": "Wrong-Password-5513", "password": "short"}
        await stage.muster.api("POST", "/api/v1/me/password", wrong)
    return [PASSWORD, typed, "Wrong-Password-5512", "Wrong-Password-5513", *cookies]


@kind("password link")
async def password_link(stage: Stage) -> Sequence[str]:
    link = str((await stage.muster.json("person", "password-link", "vera"))["url"])
    secret = link.rpartition("/")[2]
    async with browser(stage) as stranger:
        assert (await stranger.post(f"/password/{secret}", data={"password": PASSWORD})).status_code == 403
        await stranger.get(f"/password/{secret}/more")
        await stranger.post(f"/api/v1/password/{secret}", json={})
    return [secret]


@kind("API token")
async def api_token(stage: Stage) -> Sequence[str]:
    made = await stage.muster.api("POST", "/api/v1/tokens", {"name": "audited", "scopes": ["incident.read"]})
    token = str(made.json()["token"])
    for method, path in (("POST", "/api/v1/persons"), ("GET", f"/api/v1/{token}"), ("GET", f"/nowhere?token={token}")):
        await stage.muster.api(method, path, {} if method == "POST" else None, token=token)
    return [token, stage.muster.token]


@kind("integration key")
async def integration_key(stage: Stage) -> Sequence[str]:
    rotated = (await stage.muster.api("POST", "/api/v1/integrations/prom/key:rotate", {})).json()
    stage.key = str(rotated["key"])
    shown = (await stage.muster.api("GET", "/api/v1/integrations/prom/key")).json()["key"]
    assert shown == stage.key
    unknown = "Unknown-Key-77aa88bb99cc00dd"
    for path in (f"/i/{unknown}/api/v2/alerts", f"/i/{stage.key}/api/v2/silences/none", f"/i/{stage.key}/x y"):
        for method in ("POST", "GET"):
            await stage.muster.api(method, path, [] if method == "POST" else None, token="")
    return [stage.key, unknown]


@kind("sender's credentials")
async def senders_credentials(stage: Stage) -> Sequence[str]:
    headers = {
        "authorization": "Basic U2VuZGVyLUJhc2ljLTQ0MTE=",
        "cookie": "session=Sender-Cookie-4412",
        "x-api-key": "Sender-Key-4413",
    }
    alert = {
        "labels": {"alertname": "Down", "instance": "https://ops:Sender-Userinfo-4414@db.example:9100"},
        "annotations": {
            "summary": "see https://wiki.example/?access_token=Sender-Query-4415",
            "runbook_url": "https://wiki.example/down?api_key=Sender-Link-4416",
        },
    }
    async with httpx2.AsyncClient(trust_env=False, base_url=stage.muster.url, headers=headers) as sender:
        for body in ([alert], [{"labels": "none", "password": "Sender-Member-4417"}], "no json"):
            await sender.post(f"/i/{stage.key}/api/v2/alerts", json=body)
    values = [value.partition(" ")[2] or value.partition("=")[2] or value for value in headers.values()]
    return [*values, *(f"Sender-{name}" for name in ("Userinfo-4414", "Query-4415", "Link-4416", "Member-4417"))]


@kind("feed link")
async def feed_link(stage: Stage) -> Sequence[str]:
    made = (await stage.muster.api("POST", "/api/v1/feeds", {"kind": "person"})).json()
    found = re.search(r"mfd_[A-Za-z0-9_-]{30,}", str(made))
    assert found, made
    async with browser(stage) as reader:
        assert (await reader.get(f"/feeds/{found[0]}.ics")).status_code == 200
        await reader.get(f"/feeds/{found[0]}x.ics")
        await reader.post(f"/feeds/{found[0]}.ics")
    return [found[0]]


@kind("contact's address and secret")
async def contact_secret(stage: Stage) -> Sequence[str]:
    secret = "whsec_Q29udGFjdC1zZWNyZXQtNTUyMS1hYmNkZWZnaGlqa2w="
    address = "https://bot:Contact-Userinfo-5522@hooks.example/in/Contact-Path-5523"
    body = {"kind": "webhook", "address": address, "secret": secret}
    for given in (body, {**body, "secret": "whsec_Wrong-5524"}, {**body, "kind": "nosuch"}):
        await stage.muster.api("POST", "/api/v1/persons/ana/contacts", given)
    return [secret, "Contact-Userinfo-5522", "Contact-Path-5523", "whsec_Wrong-5524"]


@kind("one-tap link")
async def one_tap(stage: Stage) -> Sequence[str]:
    found: set[str] = set()
    for _ in range(200):
        page = (await stage.muster.api("GET", "/inbox?box=*")).text
        if found := set(re.findall(r"/a/([A-Za-z0-9_-]{30,})", page)):
            break
        await asyncio.sleep(0.05)
    assert found, "the page of the alert has come"
    async with browser(stage) as phone:
        for token in found:
            await phone.post(f"/a/{token[:-2]}")
            await phone.get(f"/a/{token}/more")
            await phone.post(f"/callbacks/push/{token}")
            await phone.post(f"/callbacks/mattermost/{token}", json={})
            await phone.post(f"/a/{token}")
    return sorted(found)


@kind("second factor")
async def second_factor(stage: Stage) -> Sequence[str]:
    tess = await stage.muster.token_of("tess")
    answer = await stage.muster.api("POST", "/api/v1/me/factors/app", token=tess)
    assert answer.status_code == 201, answer.text
    secret = str(answer.json()["secret"])
    for wrong in ("000000", secret):
        await stage.muster.api("POST", "/api/v1/me/factors/app/confirm", {"code": wrong}, token=tess)
    code = pyotp.TOTP(secret).now()
    codes = (await stage.muster.api("POST", "/api/v1/me/factors/app/confirm", {"code": code}, token=tess)).json()
    for wrong in (codes["recovery_codes"][0] + "x", "Wrong-Recovery-6611"):
        await stage.muster.api("POST", "/api/v1/me/reauthenticate", {"code": wrong}, token=tess)
    return [secret, *codes["recovery_codes"], "Wrong-Recovery-6611"]


@kind("sender's secret")
async def senders_secret(stage: Stage) -> Sequence[str]:
    secret = "Sender-Hmac-Secret-7712-abcdef"
    made = {"name": "github", "format": "github", "secret": secret}
    answer = await stage.muster.api("POST", "/api/v1/integrations", made)
    assert answer.status_code == 201, answer.text
    key = str(answer.json()["key"])
    signature = "sha256=" + hmac.new(secret.encode(), b"{}", "sha256").hexdigest()
    for given in (signature, "sha256=" + "ab" * 32, secret):
        headers = {"x-hub-signature-256": given, "x-github-event": "ping"}
        async with httpx2.AsyncClient(trust_env=False, base_url=stage.muster.url, headers=headers) as sender:
            await sender.post(f"/i/{key}", content=b"{}")
    await stage.muster.api("PATCH", "/api/v1/integrations/github", {"secret": "Sender-Hmac-Other-7713"})
    return [secret, key, "Sender-Hmac-Other-7713"]


@kind("known browser")
async def known_browser(stage: Stage) -> Sequence[str]:
    async with browser(stage) as visitor:
        page = (await visitor.get("/sign-in")).text
        form = {"csrf": csrf(page), "who": ADMIN, "password": PASSWORD}
        await visitor.post("/sign-in", data=form, headers={"origin": stage.muster.url})
        device = [value for name, value in visitor.cookies.items() if "device" in name]
        assert device
        await visitor.get("/me", headers={"cookie": f"muster_device={device[0]}"})
    return device


@kind("chat's callback")
async def chats_callback(stage: Stage) -> Sequence[str]:
    wrong = {"token": "Chat-Token-8801-wrong", "context": {"token": "Chat-Context-8802-wrong"}, "user_id": "u"}
    headers = {"x-telegram-bot-api-secret-token": "Chat-Header-8803-wrong", "x-slack-signature": "v0=Chat-Sign-8804"}
    async with httpx2.AsyncClient(trust_env=False, base_url=stage.muster.url, headers=headers) as chat:
        for path in ("slack", "mattermost", "telegram", "mattermost/command", "twilio"):
            await chat.post(f"/callbacks/{path}", json=wrong)
            await chat.post(f"/callbacks/{path}", data={"token": "Chat-Form-8805-wrong"})
    return ["Chat-Token-8801", "Chat-Context-8802", "Chat-Header-8803", "Chat-Sign-8804", "Chat-Form-8805"]


@kind("where seals go")
async def where_seals_go(stage: Stage) -> Sequence[str]:
    sealed = await stage.muster.api("POST", "/api/v1/ledger/seals", {"reason": "for the address that takes seals"})
    assert sealed.status_code == 201
    return ["S3tting-seals-Q7xW2"]
