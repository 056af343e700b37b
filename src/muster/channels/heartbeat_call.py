"""Calls the outside address that expects Muster's heartbeat (healthchecks.io, Dead Man's Snitch, another Muster)."""

from muster.base.http import Http, Response
from muster.channels.http_receipts import exchange, never_raises
from muster.paging.channel import Receipt, handed_over, retry


class OutsideCall:
    """One GET; the address holds the receiver's key and is never logged."""

    kind = "heartbeat"

    def __init__(self, http: Http, url: str) -> None:
        self._http, self._url = http, url

    @never_raises
    async def __call__(self) -> Receipt:
        """Call it once; a call that is not heard is made up for by the next one."""
        answer = await exchange(self._http, "GET", self._url, {"user-agent": "muster"}, b"")
        if isinstance(answer, Response):
            said = f"The outside address answered {answer.status}."
            return handed_over(said) if answer.status < 400 else retry(said)
        return answer
