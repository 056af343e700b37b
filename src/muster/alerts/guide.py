"""How a source is told where to send, format by format, with what to paste."""

import json
import re
import shlex
from dataclasses import replace
from urllib.parse import urlsplit

from muster.alerts.integration_draft import FormatForm, FormatStep

_PROMETHEUS = """\
alerting:
  alertmanagers:
    - scheme: MUSTER-SCHEME
      path_prefix: MUSTER-PATH
      static_configs:
        - targets: ["MUSTER-HOST"]
"""
_ALERTMANAGER = """\
receivers:
  - name: muster
    webhook_configs:
      - url: MUSTER-ADDRESS/alertmanager
"""
_AMTOOL = "amtool --alertmanager.url=MUSTER-ADDRESS silence add alertname=DiskFull --duration=2h --comment=why"
_MAIL = "curl -fsS -H 'content-type: message/rfc822' --data-binary @- MUSTER-ADDRESS/email"

STEPS = {
    name: tuple(FormatStep(*step) for step in steps)
    for name, steps in {
        "alertmanager": (
            ("Prometheus sends to Muster as if it were an Alertmanager; both can be listed.", "prometheus.yml", _PROMETHEUS),
            ("Or keep Alertmanager in front, and let it notify Muster.", "alertmanager.yml", _ALERTMANAGER),
            ("amtool reads this integration's alerts and silences them.", "amtool", _AMTOOL),
        ),
        "grafana": ((
            "In Grafana under Alerting, Contact points, add one of the type Webhook with this URL and the method POST.",
            "Contact point URL", "MUSTER-ADDRESS/grafana",
        ),),
        "pagerduty": ((
            "Point whatever speaks PagerDuty's Events API v2 to this address instead; any routing key does.",
            "Events API URL", "MUSTER-ADDRESS/v2/enqueue",
        ),),
        "azure-monitor": ((
            "In an action group add an action of the type Webhook with this URI, with the common alert schema switched on.",
            "Webhook URI", "MUSTER-ADDRESS/azure-monitor",
        ),),
        "cloudevents": ((
            "Post events here, structured, binary or in batches. The options say which fields mean what.",
            "Sink", "MUSTER-ADDRESS/cloudevents",
        ),),
        "email": ((
            "Let the monitor mail to the e-mail address above. What pipes mail to a program can post it here instead.",
            "Mail filter", _MAIL,
        ),),
        "generic": ((
            "Post JSON with a title and, if it has them, status, severity and an id. The options map other names.",
            "URL", "MUSTER-ADDRESS",
        ),),
    }.items()
}  # fmt: skip
"""What to do at the sources of formats that do not say so themselves."""


def guides(form: FormatForm | None, address: str) -> list[FormatStep]:
    """The ways to connect a source of a format, or of any where it is None; `address` ends in the key."""
    if form is not None and form.steps:
        return [_filled(step, address) for step in form.steps]
    steps = (
        STEPS[form.name] if form is not None and form.name in STEPS else (STEPS["alertmanager"][0], *STEPS["generic"])
    )
    return [_filled(step, address) for step in steps]


def curl(form: FormatForm, address: str) -> str:
    """A command that sends the format's sample to an address."""
    headers = " ".join(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in form.headers.items())
    body = form.example.decode("utf-8", "replace")
    if form.name == "email":
        return f"curl -i {headers} {shlex.quote(address + form.path)} --data-binary @mail.eml"
    return f"curl -i {headers} {shlex.quote(address + form.path)} --data {shlex.quote(_compact(body))}"


def _compact(body: str) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body


def _filled(step: FormatStep, address: str) -> FormatStep:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    words = {"ADDRESS": address, "SCHEME": parts.scheme, "PATH": parts.path, "HOST": f"{parts.hostname}:{port}"}
    return replace(step, code=re.sub(r"MUSTER-(ADDRESS|SCHEME|PATH|HOST)", lambda match: words[match[1]], step.code))
