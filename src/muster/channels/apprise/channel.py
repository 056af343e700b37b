"""The long tail: services that Apprise knows, by their URL. Needs the extra `apprise`; there are no receipts.

Apprise resolves names and opens files by itself, past the guard of `base.http`. So only listed services and options are handed
on, read as Apprise reads them; those whose host the address chooses need the setting that allows private targets, and the host
is judged all the same.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from muster.base.http.failure import Unreachable
from muster.base.http.guard import resolve
from muster.channels.apprise.address import CHOSEN, address_fault, options_fault, schema_of
from muster.channels.http_receipts import never_raises
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, MessageKind, Receipt, handed_over, refused, retry
from muster.paging.wording import one_line, shorten, with_links

MISSING = "Apprise is not installed: pip install 'muster-incidents[apprise]', or from a checkout: make apprise."
_TYPES = {MessageKind.PAGE: "failure", MessageKind.RESOLVED: "success", MessageKind.NOTICE: "info"}


class AppriseChannel:
    """Sends through Apprise in a few threads of its own, one attempt a call, `patience` seconds at most."""

    kind = "apprise"
    form = ContactForm("Other service (Apprise)", "Apprise URL", "discord://webhook-id/webhook-token")
    capabilities = Capabilities()

    def __init__(self, *, allow_private: bool = False, patience: float = 15.0, threads: int = 4) -> None:
        self._allow_private, self._patience = allow_private, patience
        self._pool = ThreadPoolExecutor(threads, "apprise")

    def check_address(self, address: str) -> Fault | None:
        """Whether the service and its options are such that Muster hands them on."""
        return address_fault(address)

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check: the address holds it."""
        return None

    async def close(self) -> None:
        """Let the threads end; one that hangs in a provider's answer is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Send through Apprise."""
        fault = self.check_address(address)
        if fault is not None:
            return refused(f"{fault.rule} {fault.fix}")
        try:
            service = await asyncio.to_thread(_read, address)
            if isinstance(service, Receipt):
                return service
            if schema_of(address) in CHOSEN and (forbidden := await self._judged(service)):
                return forbidden
        except ImportError:
            return refused(MISSING)
        work = asyncio.get_running_loop().run_in_executor(self._pool, self._notify, address, message)
        try:
            async with asyncio.timeout(self._patience + 1.0):
                return await work
        except TimeoutError:
            return retry(f"The service did not answer within {self._patience:g} seconds.", unanswered=True)

    def _notify(self, address: str, message: Message) -> Receipt:
        import apprise

        asset = _asset()
        service: Any = apprise.Apprise.instantiate(address, asset=asset)
        service.retry, service.verify_certificate, service.redirects = 0, True, False
        sender = apprise.Apprise(asset=asset)
        sender.add(service)
        return _send(sender, service, message, self._patience)

    async def _judged(self, service: Any) -> Receipt | None:
        """Why the host that an address names is not called; None where it is."""
        if not self._allow_private:
            return refused(
                f"Muster cannot vouch for the host that {service.service_name} would reach. "
                "Use another channel, or set MUSTER_ALLOW_PRIVATE_TARGETS=1."
            )
        try:
            await resolve(str(service.host), int(service.port or 443), self._allow_private)
        except Unreachable as error:
            return refused(str(error))
        return None


def _asset() -> Any:
    import apprise

    return apprise.AppriseAsset(app_id="Muster", async_mode=False, secure_logging=True, http_redirects=False)


def _read(address: str) -> Any:
    """The service as Apprise reads the address, or the refusal of what it found in it."""
    import apprise

    schema = schema_of(address)
    service: Any = apprise.Apprise.instantiate(address, asset=_asset())
    if service is None:
        return refused("Apprise does not know this service, or the address is incomplete.")
    found = type(service).parse_url(address) or {}
    names = [name for kind in ("qsd", "qsd+", "qsd-", "qsd:") for name in found.get(kind) or {}]
    if fault := options_fault(schema, names):
        return refused(f"{fault.rule} {fault.fix}")
    return service


def _send(sender: Any, service: Any, message: Message, patience: float) -> Receipt:
    result = sender.notify(
        body=with_links(message),
        title=message.subject,
        notify_type=_TYPES.get(message.kind, "info"),
        body_format="text",
        timeout=patience,
        log_level=logging.WARNING,
    )
    name = one_line(str(service.service_name))
    if result:
        return handed_over(f"{name} took it.")
    said = [one_line(str(entry.message)) for log in result for entry in log.logs()]
    return retry(shorten(f"{name} did not take it: {' '.join(said) or 'no reason given.'}", 300))
