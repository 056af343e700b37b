"""What Amazon's alarms have in common, whether they come over SNS or over EventBridge."""

from collections.abc import Mapping
from typing import Any

from muster.alerts.signal import Signal
from muster.inbound.state_words import states
from muster.inbound.vendor_report import Skipped, VendorReport, identity
from muster.kit.link import Link

ALARM = states("alarm, insufficient_data", "ok")


def alarm_signal(
    report: VendorReport,
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
    return report.signal(
        key=arn or (identity(account, region, name, kind="cloudwatch") if name else ""),
        state=state,
        states=ALARM,
        title=f"{name} has insufficient data" if missing else name,
        severity=report.severity("insufficient_data" if missing else "alarm", {"alarm": "high"}),
        labels={"alertname": name, "account": account, "region": region, **labels},
        links=_console(report, arn, name),
        **rest,
    )


def _console(report: VendorReport, arn: str, name: str) -> tuple[Link, ...]:
    """The alarm in the console of its region, which only the ARN names as an address needs it."""
    parts = arn.split(":")
    if len(parts) < 7 or parts[1] != "aws" or not name.replace("-", "").replace("_", "").isalnum():
        return ()
    return report.url(
        "Alarm in the console",
        f"https://console.aws.amazon.com/cloudwatch/home?region={parts[3]}#alarmsV2:alarm/{name}",
    )
