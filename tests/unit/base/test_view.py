"""What templates may ask about the onlooker."""

from datetime import UTC, datetime

import pytest

from muster.base.access import Kind, Level, Principal
from muster.base.web.view import View

NOW = datetime(2026, 11, 22, 3, 7, tzinfo=UTC)


def test_a_refusal_is_falsy_and_carries_its_reason() -> None:
    viewer = View(NOW, Principal(Kind.PERSON, "Vera Lind", Level.VIEWER))
    verdict = viewer.can("incident.close")
    assert not verdict
    assert "Vera Lind" in verdict.reason


def test_what_is_allowed_is_truthy_and_has_no_reason() -> None:
    verdict = View(NOW, Principal(Kind.PERSON, "Ana Sousa", Level.MANAGER)).can("incident.close")
    assert verdict
    assert verdict.reason == ""


def test_nobody_may_do_anything_before_signing_in() -> None:
    assert View(NOW).can("incident.read").reason == "Sign in first."


def test_a_misspelt_permission_is_an_error_and_no_silent_refusal() -> None:
    with pytest.raises(ValueError, match=r"incident\.clsoe"):
        View(NOW, Principal(Kind.PERSON, "Ana Sousa", Level.MANAGER)).can("incident.clsoe")
