"""Settings of people."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """What passwords are judged by."""

    breached_passwords: str = setting(
        "", "A file of SHA-1 hashes of breached passwords, ordered by hash (Have I Been Pwned's format); empty: none."
    )
