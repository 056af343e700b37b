"""The local list of breached passwords is searched on the disk."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.breached import open_breached
from muster.kit.errors import Invalid


def listed(path: Path, passwords: list[str], *, ending: str = "\r\n", counts: bool = True) -> Path:
    """A list as Have I Been Pwned gives it out."""
    hashes = sorted(
        hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper() for password in passwords
    )
    lines = [f"{each}:{number}" if counts else each for number, each in enumerate(hashes, 1)]
    path.write_bytes(ending.join(lines).encode())
    return path


@given(st.lists(st.text(max_size=20), min_size=1, unique=True), st.text(max_size=20), st.booleans())
def test_what_is_listed_is_found_and_nothing_else(listing: list[str], other: str, counts: bool) -> None:
    with TemporaryDirectory() as folder:
        path = listed(Path(folder) / "list", listing, counts=counts, ending="\n" if counts else "\r\n")
        breached = open_breached(path)
        assert all(breached.holds(password) for password in listing)
        assert breached.holds(other) == (other in listing)


def test_a_file_that_is_no_list_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("password\n123456\n")
    for path in (tmp_path / "plain", tmp_path / "missing"):
        with pytest.raises(Invalid) as refused:
            open_breached(path)
        assert refused.value.faults[0].field == "MUSTER_BREACHED_PASSWORDS"
        assert refused.value.faults[0].fix
