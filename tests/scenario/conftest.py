"""The stories' fixture."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.scenario.door import Door, opened
from tests.scenario.story import Story, told


@pytest.fixture
async def story(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Story]:
    """Ana, Bo and Cy, and a plan that pages them one after the other."""
    async with told(connect, clock) as story:
        yield story


@pytest.fixture
async def door(story: Story) -> AsyncIterator[Door]:
    """The same Muster, asked over HTTP."""
    async with opened(story) as door:
        yield door
