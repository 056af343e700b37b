"""A Mattermost server: API v4 for a bot, incoming webhooks, buttons that it calls without showing their address to anybody."""

import json
import re
from typing import Any

from tests.doubles.http_sink import Answer, HttpSink, Received, Reply

TOKEN = "bottoken26charactersxxxxxx"
BOT = "b" * 26


class Mattermost(HttpSink):
    """`mattermost.users` by name (id, and whether they left); `mattermost.posts` by id as they stand; `hook` is a webhook."""

    def __init__(self) -> None:
        super().__init__(self._take)
        self.users: dict[str, dict[str, Any]] = {}
        self.posts: dict[str, dict[str, Any]] = {}
        self.hooked: list[dict[str, Any]] = []

    @property
    def hook(self) -> str:
        """An incoming webhook's URL."""
        return f"{self.url}/hooks/ucw5qjw86jgeum77o1uw8197jr"

    def join(self, name: str, *, left: bool = False) -> None:
        """Somebody has, or had, an account."""
        self.users[name] = {"id": f"{name:u<26}"[:26], "username": name, "delete_at": 1 if left else 0}

    def _take(self, request: Received) -> Answer:
        if request.path.startswith("/hooks/"):
            if not request.path.endswith("/ucw5qjw86jgeum77o1uw8197jr"):
                return _error(400, "web.incoming_webhook.invalid.app_error", "Invalid webhook.")
            problem = _problem(request.json.get("attachments", []))
            if problem:
                return _error(400, "api.post.attachment", problem)
            self.hooked.append(request.json)
            return Reply(200, b"ok", {"content-type": "text/plain"})
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _error(
                401, "api.context.session_expired.app_error", "Invalid or expired session, please login again."
            )
        return self._api(request.method, request.path.removeprefix("/api/v4"), request)

    def _api(self, method: str, path: str, request: Received) -> Answer:
        if path == "/users/me":
            return _say(200, {"id": BOT, "username": "muster", "is_bot": True})
        if (method, path.rpartition("/")[0]) == ("GET", "/users/username"):
            user = self.users.get(path.rpartition("/")[2])
            return (
                _say(200, user)
                if user
                else _error(404, "store.sql_user.missing_account.const", "Unable to find the user.")
            )
        if path == "/channels/direct":
            ids = request.json
            if ids[0] != BOT or ids[1] not in [each["id"] for each in self.users.values()]:
                return _error(400, "api.channel.create_direct_channel.invalid_user.app_error", "Invalid user ID.")
            return _say(201, {"id": f"d{ids[1][:25]}", "type": "D"})
        changed = re.fullmatch(r"/posts/(\w+)/patch", path)
        body = request.json
        problem = _problem(body["props"]["attachments"])
        if problem:
            return _error(400, "api.post.attachment", problem)
        if changed:
            if changed[1] not in self.posts:
                return _error(404, "app.post.get.app_error", "Unable to get the post.")
            self.posts[changed[1]] = {**self.posts[changed[1]], **body}
            return _say(200, self.posts[changed[1]])
        if not body["channel_id"].startswith("d"):
            return _error(403, "api.context.permissions.app_error", "You do not have the appropriate permissions.")
        id = f"{'p' * 20}{len(self.posts):06}"
        self.posts[id] = {"id": id, **body}
        return _say(201, self.posts[id])


def press(attachment: dict[str, Any], action: str, user: str) -> tuple[str, bytes]:
    """The address and body of the request that the server makes when somebody presses a button."""
    [button] = [each for each in attachment["actions"] if each["id"] == action]
    integration = button["integration"]
    body = {
        "user_id": f"{user:u<26}"[:26],
        "user_name": user,
        "channel_id": "c" * 26,
        "team_id": "t" * 26,
        "post_id": "p" * 26,
        "trigger_id": "x",
        "type": "",
        "data_source": "",
        "context": integration["context"],
    }
    return integration["url"], json.dumps(body).encode()


def _problem(attachments: list[dict[str, Any]]) -> str:
    for each in attachments:
        for action in each.get("actions", []):
            if not re.fullmatch(r"[A-Za-z0-9]+", action["id"]) or not action["name"]:
                return "An action's id has only letters and numbers."
            if not action["integration"]["url"].startswith("http"):
                return "An action needs an integration URL."
        if len(each["text"]) > 16_383 or not each["fallback"]:
            return "Too long, or no fallback."
    return "" if attachments else "No attachment."


def _say(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"content-type": "application/json"})


def _error(status: int, id: str, message: str) -> Reply:
    return _say(status, {"id": id, "message": message, "status_code": status})
