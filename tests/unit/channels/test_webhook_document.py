"""The documented webhook body is the one that is sent."""

import json
import re
from pathlib import Path

from tests.doubles.messages import a_message

from muster.channels.webhook.channel import write_body

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "webhook.md"


def test_the_documented_body_is_the_one_that_is_sent() -> None:
    example = re.search(r"```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert example is not None
    sent = write_body(a_message(title="Checkout returns errors", happening="12 % of payments fail."))
    assert json.loads(example[1]) == json.loads(sent)
