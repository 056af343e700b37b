"""Plans that several tests read."""

SMALL = """\
name: main
severities:
  critical: {acknowledge_within: 5m}
  low: {acknowledge_within: 1d}
severity_rules:
  - {if: 'labels.severity == "critical"', then: critical}
  - {if: 'true', then: low}
routes:
  - {if: 'category == "security"', to: policy:secops, also: platform}
  - {if: 'true', to: platform}
grouping: {by: [alertname, service], window: 10m}
escalation:
  platform:
    - {notify: ["schedule:primary"], wait: 2m}
    - {notify: ["person:bo"], wait: 5m}
  secops:
    - {notify: team:security, wait: 5m, repeat: 1}
    - {notify: policy:platform}
closure:
  - {check: no_firing_alerts}
  - {check: attest, name: users_recovered, by: incident_manager}
paging: {final: {every: 15m, times: 2}}
"""


def changed(*edits: tuple[str, str]) -> str:
    """The small plan with texts replaced; each must occur."""
    text = SMALL
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text
