"""Secrets at rest: encrypted with a key that is not in the database, and bound to the row that they belong to.

A sealed secret reads `m1.<key>.<data>`: the format, which key sealed it (so that keys can be changed), and nonce plus
AES-256-GCM ciphertext in base64url. The row's identity is authenticated with it: a value copied to another row does not open.
"""

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from muster.kit.errors import Fault, Invalid, Problem

KEY_FILE = "secret.key"
_FORMAT, _KEY_BYTES, _NONCE_BYTES = "m1", 32, 12


class Unreadable(Problem):
    """A sealed secret does not open: another key, another row, or altered."""

    status, kind = 500, "secret-unreadable"


class Secrets:
    """Seals and opens secrets with the first key; opens what earlier keys sealed."""

    def __init__(self, key: bytes, *earlier: bytes, reload: Callable[[], "Secrets"] | None = None) -> None:
        self._root = key
        self._current = _name(key)
        self._ciphers = {_name(secret_key): AESGCM(_derive(secret_key, "secrets")) for secret_key in (key, *earlier)}
        self._reload = reload

    @property
    def names(self) -> tuple[str, ...]:
        """What the keys are called in what they seal, the present one first."""
        return tuple(self._ciphers)

    def derive(self, purpose: str, epoch: int = 0) -> bytes:
        """A 32-byte key of its own for one purpose, such as `"links"`; the same for the same root key and generation."""
        if purpose == "secrets":
            raise ValueError("The encryption key serves nothing else.")
        return _derive(self._root, f"{purpose}:{epoch}" if epoch else purpose)

    def seal(self, secret: str, row: str) -> str:
        """Encrypt `secret` for the row named `row`, such as `"contact:0192…/secret"`."""
        nonce = token_bytes(_NONCE_BYTES)
        sealed = nonce + self._ciphers[self._current].encrypt(nonce, secret.encode(), row.encode())
        return f"{_FORMAT}.{self._current}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, row: str) -> str:
        """Decrypt what `seal` made for the same row.

        Raises:
            Unreadable: with the likeliest reason and the way out.
        """
        form, _, rest = sealed.partition(".")
        name, _, data = rest.partition(".")
        if form != _FORMAT or not data:
            raise Unreadable("A stored secret is not in a form that this version knows.", "Enter the secret again.")
        if name not in self._ciphers and self._reload is not None:
            # The keys were rotated under a running node. Derived keys stay as they are until it is started anew.
            fresh = self._reload()
            self._ciphers, self._current = fresh._ciphers, fresh._current
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise Unreadable(
                "A stored secret was sealed with another key.",
                f"Put the earlier key back (MUSTER_SECRET_KEY or {KEY_FILE}), or enter the secret again.",
            )
        try:
            raw = base64.b64decode(data, altchars=b"-_", validate=True)
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], row.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Unreadable("A stored secret was altered or moved to another row.", "Enter it again.") from error


def load_secrets(data_dir: Path, configured: str = "") -> Secrets:
    """The installation's keys: those of `configured` (MUSTER_SECRET_KEY), else of the key file, made on first use.

    `configured` holds one or more base64 keys of 32 bytes, separated by commas, the present one first.

    Raises:
        Invalid: for a key that is none, or a key file that others may read.
    """
    if configured.strip():
        return Secrets(*(_parse(part, "MUSTER_SECRET_KEY") for part in configured.split(",") if part.strip()))
    path = data_dir / KEY_FILE
    if not path.exists():
        _create(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        fault = Fault(str(path), "Others may read the secret key.", f"Run: chmod 600 {path}")
        raise Invalid("The secret key is not secret.", faults=[fault])
    lines = path.read_text().split()
    if not lines:
        fault = Fault(str(path), "The key file is empty.", "Restore it from a backup; without it no secret opens.")
        raise Invalid("The secret key cannot be read.", faults=[fault])
    return Secrets(*(_parse(line, str(path)) for line in lines), reload=lambda: load_secrets(data_dir))


def add_key(data_dir: Path) -> None:
    """Put a new key before the others in the key file, so that at each moment the file is whole."""
    path = data_dir / KEY_FILE
    draft = path.with_name(f".{path.name}.{os.getpid()}.{token_bytes(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(base64.urlsafe_b64encode(token_bytes(_KEY_BYTES)).decode() + "\n" + path.read_text())
        file.flush()
        os.fsync(file.fileno())
    owner = path.stat()
    if os.geteuid() == 0:
        os.chown(draft, owner.st_uid, owner.st_gid)
    draft.replace(path)


def key_of(sealed: str) -> str:
    """The name of the key that sealed a secret."""
    return sealed.split(".", 2)[1] if sealed.count(".") >= 2 else ""


def _create(path: Path) -> None:
    """Write a new key so that of two processes starting at once both end up with the same one, whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{token_bytes(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(base64.urlsafe_b64encode(token_bytes(_KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)


def _parse(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        fix = "Make one with: head -c 32 /dev/urandom | base64"
        raise Invalid("The secret key cannot be read.", faults=[Fault(source, "A key is 32 bytes in base64.", fix)])
    return key


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, None, f"muster:{purpose}".encode()).derive(key)


def _name(key: bytes) -> str:
    return hashlib.sha256(b"muster:key:" + key).hexdigest()[:8]
