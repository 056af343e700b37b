"""The Telegram Bot API: sends, edits, updates by long polling or webhook, with Telegram's own words for what is wrong."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from tests.doubles.http_sink import Answer, HttpSink, Received, Reply

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"


class Telegram(HttpSink):
    """`telegram.sent` are the messages as they stand, by number; `telegram.queue` holds updates until they are confirmed;
    `telegram.said` the answers to pressed buttons; `telegram.hook` what setWebhook was given. `refusals[chat]` is a description.
    """

    def __init__(self) -> None:
        super().__init__(self._take)
        self.sent: dict[int, dict[str, Any]] = {}
        self.queue: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self.hook: dict[str, Any] = {}
        self.refusals: dict[str, tuple[int, str]] = {}
        self.polls = 0

    def put(self, **update: Any) -> None:
        """Something happened in a chat."""
        number = max([each["update_id"] for each in self.queue], default=100) + 1
        self.queue.append({"update_id": number, **update})

    def _take(self, request: Received) -> Answer:
        root, _, method = request.path.rpartition("/")
        if root != f"/bot{TOKEN}":
            return _error(401, "Unauthorized")
        return getattr(self, f"_{method}", self._unknown)(request.json)  # type: ignore[no-any-return]

    def _unknown(self, body: dict[str, Any]) -> Answer:
        return _error(404, "Not Found: method not found")

    def _getMe(self, body: dict[str, Any]) -> Answer:
        return _ok({"id": 123456, "is_bot": True, "first_name": "Muster", "username": "contoso_muster_bot"})

    def _setWebhook(self, body: dict[str, Any]) -> Answer:
        self.hook = body
        return _ok(True)

    def _deleteWebhook(self, body: dict[str, Any]) -> Answer:
        self.hook = {}
        return _ok(True)

    def _getUpdates(self, body: dict[str, Any]) -> Answer:
        if self.hook:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        self.polls += 1
        self.queue = [each for each in self.queue if each["update_id"] >= body["offset"]]
        return Reply(200, _body(self.queue[: body["limit"]]), after=0.0 if self.queue else min(body["timeout"], 0.2))

    def _sendMessage(self, body: dict[str, Any]) -> Answer:
        refusal = self.refusals.get(str(body["chat_id"])) or _problem(body)
        if refusal:
            return _error(*refusal)
        number = len(self.sent) + 1
        self.sent[number] = body
        return _ok({"message_id": number, "chat": {"id": body["chat_id"]}, "text": body["text"]})

    def _editMessageText(self, body: dict[str, Any]) -> Answer:
        if body["message_id"] not in self.sent:
            return _error(400, "Bad Request: message to edit not found")
        refusal = _problem(body)
        if refusal:
            return _error(*refusal)
        self.sent[body["message_id"]] = body
        return _ok({"message_id": body["message_id"]})

    def _answerCallbackQuery(self, body: dict[str, Any]) -> Answer:
        if len(body["text"]) > 200:
            return _error(400, "Bad Request: MESSAGE_TOO_LONG")
        self.said.append(body)
        return _ok(True)

    async def until(self, holds: Callable[[], bool], within: float = 10.0) -> None:
        """Wait until something holds."""
        for _ in range(int(within / 0.05)):
            if holds():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it never held")


def pressed(message: dict[str, Any], label: str, user: int) -> dict[str, Any]:
    """The callback query of a pressed button."""
    rows = message["reply_markup"]["inline_keyboard"]
    [data] = [each["callback_data"] for row in rows for each in row if each["text"] == label]
    return {"id": "77", "from": {"id": user, "is_bot": False, "first_name": "A"}, "chat_instance": "1", "data": data}


def wrote(user: int, text: str) -> dict[str, Any]:
    """A message in a private chat."""
    who = {"id": user, "is_bot": False, "first_name": "A"}
    return {"message_id": 9, "from": who, "chat": {"id": user, "type": "private"}, "date": 1, "text": text}


def _problem(body: dict[str, Any]) -> tuple[int, str] | None:
    if not 1 <= len(body["text"]) <= 4096:
        return 400, "Bad Request: message is too long"
    for button in (each for row in body.get("reply_markup", {}).get("inline_keyboard", []) for each in row):
        if len(button.get("callback_data", "").encode()) > 64:
            return 400, "Bad Request: BUTTON_DATA_INVALID"
        url = button.get("url")
        if url and "localhost" in url:
            return 400, f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
        if not button["text"] or ("url" in button) == ("callback_data" in button):
            return 400, "Bad Request: can't parse inline keyboard button"
    return None


def _body(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def _ok(result: Any) -> Reply:
    return Reply(200, _body(result))


def _error(code: int, description: str, **parameters: Any) -> Reply:
    content = {"ok": False, "error_code": code, "description": description}
    return Reply(code, json.dumps({**content, **({"parameters": parameters} if parameters else {})}).encode())


def flood(seconds: int) -> Reply:
    """Too many requests."""
    return _error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
