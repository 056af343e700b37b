"""The long tail: every service that Apprise knows, by its URL. Needs the extra `apprise`; there are no receipts.

Apprise resolves names and opens files by itself, past the guard of `base.http`. So services that act on this machine
are refused, and those whose host the address chooses need the setting that allows private targets.
"""

import asyncio
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from muster.integrations.outbound.answers import never_raises
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, Form, Message, MessageKind, Receipt, handed_over, refused, retry
from muster.paging.wording import one_line, shorten, with_links

_SCHEMA = re.compile(r"([a-z0-9]{1,30})://\S{1,1000}", re.IGNORECASE)
_LOCAL = frozenset({"syslog", "dbus", "kde", "qt", "glib", "gio", "gnome", "macosx", "windows", "blink1", "file"})
_CHOOSES_HOST = frozenset({"nostr"})
_READS_FILES = re.compile(r"[?&](keyfile|subfile|template|config)=", re.IGNORECASE)
_TYPES = {MessageKind.PAGE: "failure", MessageKind.RESOLVED: "success", MessageKind.NOTICE: "info"}


class AppriseChannel:
    """Sends through Apprise in a few threads of its own, one attempt a call, `patience` seconds at most."""

    kind = "apprise"
    form = Form("Other service (Apprise)", "Apprise URL", "discord://webhook-id/webhook-token")
    capabilities = Capabilities()

    def __init__(self, *, allow_private: bool = False, patience: float = 15.0, threads: int = 4) -> None:
        self._allow_private, self._patience = allow_private, patience
        self._pool = ThreadPoolExecutor(threads, "apprise")

    def check_address(self, address: str) -> Fault | None:
        """The form of an Apprise URL, and whether the service is one that Muster uses."""
        parts = _SCHEMA.fullmatch(address)
        if parts is None:
            return Fault("address", "This is no Apprise URL.", f"Write it like {self.form.example}.")
        if parts[1].lower() in _LOCAL:
            return Fault("address", f"{parts[1]} acts on Muster's own machine.", "Choose a service that reaches you.")
        if _READS_FILES.search(address):
            return Fault("address", "This address makes Apprise read a file.", "Leave that part out.")
        return None

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
        work = asyncio.get_running_loop().run_in_executor(self._pool, self._notify, address, message)
        try:
            async with asyncio.timeout(self._patience + 1.0):
                return await work
        except TimeoutError:
            return retry(f"The service did not answer within {self._patience:g} seconds.", unanswered=True)

    def _notify(self, address: str, message: Message) -> Receipt:
        try:
            import apprise
        except ImportError:
            return refused("Apprise is not installed: pip install 'muster-incidents[apprise]'.")
        asset = apprise.AppriseAsset(app_id="Muster", async_mode=False, secure_logging=True)
        service: Any = apprise.Apprise.instantiate(address, asset=asset)
        if service is None:
            return refused("Apprise does not know this service, or the address is incomplete.")
        chosen = address.partition(":")[0].lower() in _CHOOSES_HOST or any(
            "{host}" in each for each in service.templates
        )
        if chosen and not self._allow_private:
            return refused(
                f"Muster cannot vouch for the host that {service.service_name} would reach. "
                "Use another channel, or set MUSTER_ALLOW_PRIVATE_TARGETS=1."
            )
        service.retry, service.verify_certificate = 0, True
        sender = apprise.Apprise(asset=asset)
        sender.add(service)
        return _send(sender, service, message, self._patience)


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
    said = [one_line(str(entry.message)) for each in result for entry in each.logs()]
    return retry(shorten(f"{name} did not take it: {' '.join(said) or 'no reason given.'}", 300))
