"""The file of the ledger's private key: made at first start, and readable by its owner alone."""

import os
import stat
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from muster.kit.errors import Fault, Invalid
from muster.ledger.key import LedgerKey

KEY_FILE = "ledger.key"


def load_or_create_key(path: Path) -> LedgerKey:
    """The key in the PEM file at `path`, which is made if it is not there (R10).

    Nodes that share a database share this file. It belongs in the backup, and a copy of the public half outside.

    Raises:
        Invalid: others may read the file, or it holds no Ed25519 key.
    """
    if not path.exists():
        _create(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o037:
        fault = Fault(str(path), "Others may read the key that signs the ledger's seals.", f"Run: chmod 600 {path}")
        raise Invalid("The ledger's key is not secret.", faults=[fault])
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        fix = "Restore it from a backup; or move it away, and Muster makes a new key that later seals are signed with."
        raise Invalid("The ledger's key cannot be read.", faults=[Fault(str(path), "It holds no Ed25519 key.", fix)])
    return LedgerKey(private)


def _create(path: Path) -> None:
    """Write a new key so that of two processes starting at once both end up with the same one, whole."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
