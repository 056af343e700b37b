"""How a source is told where to send, format by format, with what to paste."""

import json
import shlex
from dataclasses import replace
from urllib.parse import urlsplit

from muster.alerts.integration_draft import FormatForm, FormatStep


def guides(form: FormatForm | None, address: str) -> list[FormatStep]:
    """The ways to connect a source of a format, or of any where it is None; `address` ends in the key."""
    if form is not None and form.steps:
        return [replace(step, code=step.code.replace("MUSTER-ADDRESS", address)) for step in form.steps]
    makers = {
        "alertmanager": (_prometheus, _alertmanager, _amtool),
        "grafana": (_grafana,),
        "pagerduty": (_pagerduty,),
        "azure-monitor": (_azure,),
        "cloudevents": (_cloudevents,),
        "email": (_email,),
        "generic": (_generic,),
    }
    if form is not None and form.name in makers:
        return [make(address) for make in makers[form.name]]
    return [make(address) for make in (_prometheus, _generic)]


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


def _prometheus(address: str) -> FormatStep:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    code = (
        "alerting:\n"
        "  alertmanagers:\n"
        f"    - scheme: {parts.scheme}\n"
        f"      path_prefix: {parts.path}\n"
        "      static_configs:\n"
        f'        - targets: ["{parts.hostname}:{port}"]\n'
    )
    return FormatStep(
        "Prometheus sends to Muster as if it were an Alertmanager; both can be listed.", "prometheus.yml", code
    )


def _alertmanager(address: str) -> FormatStep:
    code = f"receivers:\n  - name: muster\n    webhook_configs:\n      - url: {address}/alertmanager\n"
    return FormatStep("Or keep Alertmanager in front, and let it notify Muster.", "alertmanager.yml", code)


def _amtool(address: str) -> FormatStep:
    code = f"amtool --alertmanager.url={address} silence add alertname=DiskFull --duration=2h --comment=why"
    return FormatStep("amtool reads this integration's alerts and silences them.", "amtool", code)


def _grafana(address: str) -> FormatStep:
    return FormatStep(
        "In Grafana under Alerting, Contact points, add one of the type Webhook with this URL and the method POST.",
        "Contact point URL",
        f"{address}/grafana",
    )


def _pagerduty(address: str) -> FormatStep:
    return FormatStep(
        "Point whatever speaks PagerDuty's Events API v2 to this address instead; any routing key does.",
        "Events API URL",
        f"{address}/v2/enqueue",
    )


def _azure(address: str) -> FormatStep:
    return FormatStep(
        "In an action group add an action of the type Webhook with this URI, with the common alert schema switched on.",
        "Webhook URI",
        f"{address}/azure-monitor",
    )


def _cloudevents(address: str) -> FormatStep:
    return FormatStep(
        "Post events here, structured, binary or in batches. The options say which fields mean what.",
        "Sink",
        f"{address}/cloudevents",
    )


def _email(address: str) -> FormatStep:
    return FormatStep(
        "Let the monitor mail to the e-mail address above. What pipes mail to a program can post it here instead.",
        "Mail filter",
        f"curl -fsS -H 'content-type: message/rfc822' --data-binary @- {address}/email",
    )


def _generic(address: str) -> FormatStep:
    return FormatStep(
        "Post JSON with a title and, if it has them, status, severity and an id. The options map other names.",
        "URL",
        address,
    )
