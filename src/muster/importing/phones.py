"""Telephone numbers as other tools keep them, as +E.164."""

import re

_E164 = re.compile(r"\+[1-9]\d{6,14}")


def e164(number: str, country: int | None = None) -> str:
    """`1-5551234567`, `+1 (555) 123-4567`, or a national number with its country's code; empty where it is none.

    A number without `+` and without a country begins with the code of its country, before the dash, as Opsgenie writes it.
    """
    digits = re.sub(r"\D", "", number)
    if not number.strip().startswith("+") and country is not None:
        digits = f"{country}{digits.lstrip('0')}"
    elif not number.strip().startswith("+") and "-" not in number:
        return ""
    return f"+{digits}" if _E164.fullmatch(f"+{digits}") else ""
