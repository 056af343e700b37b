"""What Amazon's alarms have in common, whether they come over SNS or over EventBridge."""

from collections.abc import Mapping
from typing import Any

from muster.alerts.signal import Signal
from muster.inbound.given import Given, Skipped, identity
from muster.inbound.states import states
from muster.kit.link import Link

ALARM = states("alarm, insufficient_data", "ok")


def alarm_signal(
    given: Given,
    *,
    arn: str,
    account: str,
    region: str,
    name: str,
    state: str,
    labels: Mapping[str, str],
    **rest: Any,
) -> Signal | Skipped:
    """The signal of a CloudWatch alarm; it is named by its ARN, or where that is not sent by account, region and name."""
    missing = state.strip().lower() == "insufficient_data"
    return given.signal(
        key=arn or (identity(account, region, name, kind="cloudwatch") if name else ""),
        state=state,
        states=ALARM,
        title=f"{name} has insufficient data" if missing else name,
        severity=given.severity("insufficient_data" if missing else "alarm", {"alarm": "high"}),
        labels={"alertname": name, "account": account, "region": region, **labels},
        links=_console(given, arn, name),
        **rest,
    )


def _console(given: Given, arn: str, name: str) -> tuple[Link, ...]:
    """The alarm in the console of its region, which only the ARN names as an address needs it."""
    parts = arn.split(":")
    if len(parts) < 7 or parts[1] != "aws" or not name.replace("-", "").replace("_", "").isalnum():
        return ()
    return given.url(
        "Alarm in the console",
        f"https://console.aws.amazon.com/cloudwatch/home?region={parts[3]}#alarmsV2:alarm/{name}",
    )
