"""Messages in Slack: by incoming webhook into its channel, or by an app's bot to a person or channel, with buttons that answer.

The form of the address decides. An app: https://docs.slack.dev/reference/methods/chat.postMessage; a webhook:
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

import re
from typing import Any

import msgspec

from muster.base.http import Http, ParsedUrl, Response, read_url
from muster.channels.http_receipts import cut_short, deliver, exchange, never_raises, read_answer, wait_of
from muster.channels.slack import blocks as slack_blocks
from muster.channels.slack.text import literal
from muster.channels.slack.words import FAULTS_OF_SLACK, REFUSALS, WEBHOOK_REFUSALS
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, SendOutcome, handed_over, refused, retry

API = "https://slack.com/api"
_ID = re.compile(r"[UWCGD][A-Z0-9]{5,20}")
_RESPONSES = re.compile(r"https://hooks\.slack(-gov)?\.com/")
_EXAMPLE = "https://hooks.slack.com/services/T000/B000/XXXX"
_NO_TOKEN = "Slack takes messages to a person or channel from an app only: set MUSTER_SLACK_TOKEN."


class SlackChannel:
    """Posts to an incoming webhook, whose URL is the secret, or as the app of `token`.

    `answers` tells whether Slack's callbacks can be believed (the signing secret is set): only then buttons answer.
    """

    kind = "slack"
    form = ContactForm("Slack", "Member ID, channel ID or incoming webhook URL", "U024BE7LH")

    def __init__(self, http: Http, token: str = "", *, answers: bool = False, api: str = API) -> None:
        self._http, self._token, self._answers, self._api = http, token, answers and bool(token), api.rstrip("/")
        if not token:
            self.form = ContactForm("Slack", "Incoming webhook URL", _EXAMPLE)
        self.capabilities = Capabilities(max_length=slack_blocks.LONGEST_SECTION, two_way=self._answers)

    def check_address(self, address: str) -> Fault | None:
        """The form of an id or of a webhook's URL."""
        if _ID.fullmatch(address):
            return None if self._token else Fault("address", _NO_TOKEN, "Or enter an incoming webhook's URL.")
        target = read_url(address)
        if isinstance(target, Fault):
            rule = "A Slack address is a member ID (U…), a channel ID (C…) or an incoming webhook's URL."
            return target if "://" in address else Fault("address", rule, f"Write it like {self.form.example}.")
        if target.host.endswith("slack.com") and not target.path.startswith("/services/"):
            return Fault("address", "This is not an incoming webhook of Slack.", f"It looks like {_EXAMPLE}.")
        return None

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Post the message."""
        if _ID.fullmatch(address):
            body = slack_blocks.write(message, answerable=self._answers, channel=address)
            return await self._post("chat.postMessage", body)
        target = read_url(address)
        if isinstance(target, Fault):
            return refused(f"{target.rule} {target.fix}")
        headers = {"content-type": "application/json"}
        return await deliver(self._http, target, slack_blocks.write(message), headers, _read_webhook)

    @never_raises
    async def renew(self, address: str, provider_id: str, message: Message) -> Receipt:
        """Change a message that the app posted."""
        channel, _, stamp = provider_id.partition(":")
        if not stamp:
            return refused("Slack lets an app change its own messages only.")
        return await self._post("chat.update", slack_blocks.write(message, channel=channel, ts=stamp))

    @never_raises
    async def say(self, to: str, text: str) -> Receipt:
        """Say a sentence in a channel, or by the response URL of a button only to whoever pressed it."""
        words = {"text": literal(text)}
        if "://" not in to:
            return await self._post("chat.postMessage", msgspec.json.encode({**words, "channel": to}))
        target = read_url(to)
        if isinstance(target, Fault) or not (_RESPONSES.match(to) or to.startswith(f"{self._api}/")):
            return refused("Slack answers at addresses of its own only.")
        body = msgspec.json.encode({**words, "response_type": "ephemeral", "replace_original": False})
        return await deliver(self._http, target, body, {"content-type": "application/json"})

    async def check(self) -> Receipt | None:
        """`auth.test`: whether the token counts, and in which workspace."""
        return await self._post("auth.test", b"") if self._token else None

    async def _post(self, method: str, body: bytes) -> Receipt:
        if not self._token:
            return refused(_NO_TOKEN)
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json; charset=utf-8"}
        answer = await exchange(self._http, "POST", f"{self._api}/{method}", headers, body)
        return answer if isinstance(answer, Receipt) else _read(answer)


def _read(response: Response) -> Receipt:
    """The receipt of an answer of the Web API, which says 200 also to most refusals."""
    said: Any = response.json()
    if (cut := cut_short("Slack", response)) is not None:
        refusal = '"ok":false' in response.text(4000).replace(" ", "")
        return refused("Slack refused it, and its reason did not come whole.") if refusal else cut
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        receipt = read_answer(ParsedUrl("https", "Slack", 443, "/"), response)
        return retry("Something answered in Slack's place, and not as Slack does.") if receipt.outcome.sent else receipt
    if said["ok"]:
        where = " ".join(str(said.get(name, "")) for name in ("team", "user")).strip()
        sent = said.get("ts") and said.get("channel")
        return handed_over("Slack posted it.", f"{said['channel']}:{said['ts']}"[:100]) if sent else handed_over(where)
    error = str(said.get("error", ""))[:60]
    if response.status == 429 or error in ("ratelimited", "rate_limited"):
        return retry("Slack is being sent too much (429).", wait_of(response))
    if error in FAULTS_OF_SLACK or response.status >= 500:
        return retry(f"Slack has a problem of its own ({error}).", wait_of(response))
    needed = f" The scope {str(said.get('needed', ''))[:60]} is missing." if error == "missing_scope" else ""
    return refused(
        f"Slack refused it: {REFUSALS.get(error, 'it gives no reason that Muster knows')} ({error}).{needed}"
    )


def _read_webhook(target: ParsedUrl, response: Response) -> Receipt:
    said = response.text(100)
    if response.status == 200:
        return handed_over("Slack posted it.")
    if 400 <= response.status < 500 and said in WEBHOOK_REFUSALS:
        return refused(f"Slack refused it: {WEBHOOK_REFUSALS[said]} ({said}).")
    receipt = read_answer(target, response)
    return receipt if receipt.outcome is not SendOutcome.HANDED_OVER else refused(f"Slack answered {response.status}.")
