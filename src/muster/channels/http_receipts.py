"""From what a provider answered, or did not, to a receipt: one reading for all channels that speak HTTP."""

import functools
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ParamSpec

from muster.base.http import Failure, Http, ParsedUrl, Response, Unreachable
from muster.paging.channel import Receipt, handed_over, refused, retry

LONGEST_WAIT = timedelta(minutes=10)
"""A provider may ask for more; a page that nobody got is not left alone for longer."""
_AGAIN = frozenset({408, 421, 425, 429})
_MEANINGS = {
    400: "it calls the message invalid",
    401: "it wants other credentials",
    403: "it forbids this",
    404: "nothing is at this address",
    405: "it takes no messages at this address",
    410: "the address is gone for good",
    413: "it calls the message too large",
}
Call = ParamSpec("Call")
_log = logging.getLogger(__name__)


def never_raises(send: Callable[Call, Awaitable[Receipt]]) -> Callable[Call, Coroutine[Any, Any, Receipt]]:
    """Turn what nobody foresaw into a refusal, so that the next contact is tried instead of the queue being stuck."""

    @functools.wraps(send)
    async def guarded(*args: Call.args, **kwargs: Call.kwargs) -> Receipt:
        try:
            return await send(*args, **kwargs)
        except Exception as error:
            _log.exception("a channel failed unforeseen")
            return refused(f"Muster could not send this message ({type(error).__name__}); its log has the details.")

    return guarded


async def deliver(
    http: Http,
    target: ParsedUrl,
    body: bytes,
    headers: Mapping[str, str],
    explain: Callable[[ParsedUrl, Response], Receipt] | None = None,
) -> Receipt:
    """POST a body and read the answer; `explain` overrides how it is read."""
    response = await exchange(http, "POST", target, headers, body)
    return response if isinstance(response, Receipt) else (explain or read_answer)(target, response)


async def exchange(
    http: Http, method: str, target: str | ParsedUrl, headers: Mapping[str, str], body: bytes
) -> Response | Receipt:
    """A request's answer, or the receipt of there being none.

    A provider that says 2xx has the message, however long the rest of its answer takes: such an answer is given as
    `truncated`, and nothing is sent again for it.
    """
    try:
        return await http.request(method, target, headers=headers, body=body)
    except Unreachable as failure:
        if failure.answer is not None and 200 <= failure.answer.status < 300:
            return failure.answer
        if failure.permanent:
            return refused(str(failure))
        return retry(str(failure), unanswered=failure.kind is Failure.TIMEOUT)


def cut_short(host: str, response: Response) -> Receipt | None:
    """The receipt of a 2xx whose body did not come whole; for channels that look for more than the status."""
    if response.truncated and 200 <= response.status < 300:
        return handed_over(f"{host} took it ({response.status}), and the rest of its answer did not come.")
    return None


def read_answer(target: ParsedUrl, response: Response) -> Receipt:
    """The receipt of an ordinary HTTP answer: 2xx taken; 408, 425, 429 and 5xx again later; all else refused."""
    host, status = target.host, response.status
    if 200 <= status < 300:
        return handed_over(f"{host} took it ({status}).")
    if 300 <= status < 400:
        return refused(f"{host} redirects elsewhere ({status}), which Muster does not follow: enter the new address.")
    said = f" and said: {response.text()}" if response.text() else ""
    if status >= 500 or status in _AGAIN:
        limited = "is being sent too much" if status == 429 else "has a problem of its own"
        return retry(f"{host} {limited} ({status}){said}.", wait_of(response))
    return refused(f"{host} answered {status}: {_MEANINGS.get(status, 'it refuses')}{said}.")


def wait_of(response: Response) -> timedelta | None:
    """How long the provider asks to wait (Retry-After in seconds or as a date), at most LONGEST_WAIT."""
    asked = response.headers.get("retry-after", "")
    if asked.isdecimal():
        return min(timedelta(seconds=int(asked[:9])), LONGEST_WAIT)
    until, there = _http_date(asked), _http_date(response.headers.get("date", ""))
    if until is None or there is None:
        return None
    return min(max(until - there, timedelta(0)), LONGEST_WAIT)


def _http_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
