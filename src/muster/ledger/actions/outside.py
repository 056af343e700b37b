"""Sends each seal away from this machine, so that whoever rules its database cannot take back what was sealed."""

import base64
import errno
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from muster.base.http import Http, ParsedUrl, read_url
from muster.kit.clock import Clock
from muster.kit.errors import Fault, Invalid, Unavailable
from muster.ledger.key import LedgerKey
from muster.ledger.line import seal_line, write_line
from muster.ledger.seal import Seal

FILE = "seals.jsonl"
SETTING = "MUSTER_SEALS_TO"
_LOOKED_AT = 1 << 16

Send = Callable[[Seal], Awaitable[None]]


def seals_to(setting: str, http: Http, key: LedgerKey, clock: Clock) -> Send | None:
    """How seals leave this machine by the setting: into a folder or to an https address; None where they stay.

    Raises:
        Invalid: it is neither.
    """
    if not setting:
        return None
    if "://" not in setting:
        folder = Path(setting).expanduser()
        if not folder.is_absolute():
            raise Invalid("Some settings cannot be read.", faults=[Fault(SETTING, f"{setting!r} is no absolute path.")])
        return lambda seal: append_to(folder, seal)
    target = read_url(setting, SETTING)
    if isinstance(target, Fault):
        raise Invalid("Some settings cannot be read.", faults=[target])
    if not target.secure:
        raise Invalid(
            "Some settings cannot be read.", faults=[Fault(SETTING, "It must be an https address or a folder.")]
        )
    return lambda seal: post_to(http, target, key, clock, seal)


async def append_to(folder: Path, seal: Seal) -> None:
    """Append the seal to `seals.jsonl` there, which `muster ledger verify --kept` takes; doing it again changes nothing.

    Raises:
        Unavailable: the folder cannot be written.
    """
    line = write_line(seal_line(seal))
    try:
        descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        try:
            size = os.fstat(descriptor).st_size
            there = os.pread(descriptor, _LOOKED_AT + len(line), max(0, size - _LOOKED_AT - len(line)))
            if line in there:
                return
            if torn := len(there) - there.rfind(b"\n") - 1:
                # Cut short by a full disk: that seal is written again by its own job.
                os.ftruncate(descriptor, size - torn)
            if os.write(descriptor, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unavailable(f"Seals cannot be written to {folder}.", error.strerror or str(error)) from error


async def post_to(http: Http, target: ParsedUrl, key: LedgerKey, clock: Clock, seal: Seal) -> None:
    """Post the seal, signed with the ledger's key after the Standard Webhooks specification (v1a).

    Raises:
        Unavailable: the address did not take it.
    """
    body = write_line(seal_line(seal))
    identity, timestamp = f"seal-{seal.number}", str(int(clock.now().timestamp()))
    signature = base64.b64encode(key.sign(f"{identity}.{timestamp}.".encode() + body)).decode()
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1a,{signature}",
    }
    answer = await http.post(target, body, headers)
    if answer.status >= 300:
        raise Unavailable("A seal was not taken outside.", f"The address of {SETTING} answered {answer.status}.")
