"""A Teams workflow's webhook: takes one Adaptive Card of a message, as the template of Power Automate does."""

import json
from typing import Any

from tests.doubles.http_sink import Answer, HttpSink, Received, Reply

PATH = "/powerautomate/automations/direct/workflows/abc/triggers/manual/paths/invoke?api-version=1&sig=s3cr3t"


def refusal(status: int, code: str) -> Reply:
    """An error of the Power Platform."""
    return Reply(status, json.dumps({"error": {"code": code, "message": "…"}}).encode())


class Teams(HttpSink):
    """`async with Teams() as teams`: post to `teams.address`; `teams.cards` are the cards that it posted."""

    def __init__(self) -> None:
        super().__init__(self._take)
        self.cards: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        """The workflow's URL with its signature."""
        return self.url + PATH

    def _take(self, request: Received) -> Answer:
        if request.path != PATH:
            return refusal(401, "InvalidSasSignature")
        if len(request.body) > 28 * 1024:
            return Reply(413, b"")
        body = request.json
        if request.headers["content-type"] != "application/json" or set(body) != {"type", "attachments"}:
            return refusal(400, "TriggerInputSchemaMismatch")
        [attachment] = body["attachments"]
        card = attachment["content"]
        known = attachment["contentType"] == "application/vnd.microsoft.card.adaptive" and body["type"] == "message"
        if not known or not _card(card):
            return refusal(400, "InvalidRequestContent")
        self.cards.append(card)
        return Reply(202, b"")


def _card(card: dict[str, Any]) -> bool:
    texts = [run for block in card["body"] for run in block["inlines"]]
    return (
        card["type"] == "AdaptiveCard"
        and card["version"] in ("1.2", "1.3", "1.4", "1.5")
        and all(block["type"] == "RichTextBlock" for block in card["body"])
        and all(run["type"] == "TextRun" and run["text"] for run in texts)
        and len(card["actions"]) <= 6
        and all(each["type"] == "Action.OpenUrl" and each["url"].startswith("http") for each in card["actions"])
        and all(each["title"] for each in card["actions"])
    )
