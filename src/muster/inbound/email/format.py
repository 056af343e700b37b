"""The format `email`: one mail is one report. Whatever can be read of it fires, unless it says clearly that it is over.

Recoveries read from a subject are guesses, so that they end only what is open under the same key. Only what standard headers call
an answer of a program to a mail (RFC 3834, RFC 3462) is no alert: monitors call their own mails automatic, too.
"""

import re
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import Any

from muster.alerts.signal import Signal
from muster.inbound.bounded import LONGEST_DESCRIPTION, make_signal
from muster.inbound.email.message import has_too_many_parts, header, html_in, message_in, text_in
from muster.inbound.email.options import extracted, graded, mail_option_faults, says
from muster.inbound.email.samples import PROBLEM, RECOVERY
from muster.inbound.email.subject import MailSubject, read_subject
from muster.inbound.json_body import refused
from muster.inbound.places import is_address
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings
from muster.inbound.text import digest, one_line, shorten
from muster.kit.errors import Fault, Problem
from muster.kit.link import Link

NAME, PATH, MEDIA_TYPE = "email", "/email", "message/rfc822"
_MOST_LINKS = 5
_URL = re.compile(r"https?://[^\x00-\x20\"'<>\\^`\ufffd]{4,2000}", re.IGNORECASE)
_MONITORS = re.compile(
    r"x-(?:nagios|icinga|zabbix|checkmk|grafana|prometheus|datadog|sentry|alert|monitor|jenkins|github|gitlab|pagerduty)"
    r"[a-z0-9-]{0,60}$"
)
_TOKEN = re.compile(r"\+[a-z2-7]{40,43}@", re.IGNORECASE)
_REPORTS = ("delivery-status", "disposition-notification")
_LONGEST_TEXT = 200_000
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)


def is_mail(request: Request) -> bool:
    """Whether a request is a mail, by its address or media type."""
    return request.path.rstrip("/") == PATH or request.content_type == MEDIA_TYPE


def mail_options(configured: str, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """An integration's rules for mail: its options where this is its format, else its option `email`."""
    found = options if configured == NAME else options.get(NAME, {})
    return found if isinstance(found, Mapping) else {}


class Email:
    """Mail of any monitor; options as `options.mail_option_faults` describes them."""

    name = NAME
    title = "E-mail"
    paths: tuple[str, ...] = ()

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read a mail.

        Raises:
            Malformed: it is empty.
        """
        raw = request.body
        if not raw.strip():
            raise refused("", "The mail is empty.", "Send a mail with a subject.")
        findings = Findings()
        if has_too_many_parts(raw):
            findings.warn("", "It has too many parts; only its headers were read.", "Send a simpler mail.")
            raw = _head(raw)
        try:
            return self._read(message_in(raw), options, findings)
        except _UNREADABLE as error:
            findings.warn(
                "", f"It could not be read in full ({type(error).__name__}), so it fires.", "Look at the mail."
            )
        return Parsed(
            (_unreadable(raw, findings),), warnings=tuple(findings.warnings), status=202, reply={"accepted": 1}
        )

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Everything wrong with an integration's options."""
        return mail_option_faults(options)

    def refusal(self, problem: Problem) -> Any:
        """Problem details."""
        return problem.as_json()

    def sample(self) -> Sample:
        """A pair as Nagios sends it."""
        return Sample(PATH, PROBLEM, {"content-type": MEDIA_TYPE}, RECOVERY)

    def _read(self, mail: EmailMessage, options: Mapping[str, Any], findings: Findings) -> Parsed:
        subject = read_subject(header(mail, "subject"))
        reason = _why_no_alert(mail, subject)
        if reason:
            return Parsed(warnings=(Fault("", reason),), status=202, reply={"accepted": 0, "ignored": [reason]})
        signal = _signal(mail, subject, options, findings)
        return Parsed((signal,), warnings=tuple(findings.warnings), status=202, reply={"accepted": 1})


def _why_no_alert(mail: EmailMessage, subject: MailSubject) -> str:
    submitted = header(mail, "auto-submitted").partition(";")[0].strip().lower()
    if submitted == "auto-replied":
        return "It is an automatic reply (Auto-Submitted: auto-replied), and no alert."
    if mail.get_content_type() == "multipart/report" and str(mail.get_param("report-type", "")).lower() in _REPORTS:
        return "It is a report about a mail (multipart/report), and no alert."
    if subject.note:
        return f"It tells of {subject.note}, which is no alert and no end of one."
    return ""


def _signal(mail: EmailMessage, subject: MailSubject, options: Mapping[str, Any], findings: Findings) -> Signal:
    written = one_line(header(mail, "subject"))
    text = text_in(mail)[:_LONGEST_TEXT].replace("\r\n", "\n").strip()
    sender = parseaddr(header(mail, "from"))[1].lower()
    key, keyed = _key(mail, options, f"{written}\n{text}")
    if "key" in options and not keyed:
        findings.warn("key", "The option finds no key in it; the subject is taken.", "Look at the mail and the option.")
    certain, guess = _over(mail, options, subject, written, text)
    if certain and "key" in options and not keyed:
        guess = "the option recovery, without a key"
    place = options.get("title")
    chosen = extracted(str(place.get("regex", "")), f"{written}\n{text}") if isinstance(place, Mapping) else ""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return make_signal(
        findings,
        "",
        key=key or subject.key or digest(NAME, sender, written, text[:500]),
        status="resolved" if certain or guess else "firing",
        title=chosen or subject.title or first or f"Mail from {sender or 'nobody'}",
        labels=_labels(mail, sender, written),
        annotations=_annotations(mail),
        description=shorten(text, LONGEST_DESCRIPTION),
        severity_hint=graded(options.get("severity"), f"{written}\n{text}") or subject.severity,
        links=_links(text, html_in(mail)),
        guess=guess,
    )


def _key(mail: EmailMessage, options: Mapping[str, Any], text: str) -> tuple[str, bool]:
    place = options.get("key")
    if not isinstance(place, Mapping):
        return "", False
    found = (
        one_line(header(mail, str(place["header"]))) if "header" in place else extracted(str(place.get("regex")), text)
    )
    return found, bool(found)


def _over(
    mail: EmailMessage, options: Mapping[str, Any], subject: MailSubject, written: str, text: str
) -> tuple[bool, str]:
    """Whether it is over for certain, by the integration's own rule, or else the evidence for a guess."""
    rule = options.get("recovery")
    if not isinstance(rule, Mapping) or not rule:
        return False, subject.over
    headers = rule.get("header", {})
    held = [says(str(rule["subject"]), written)] if "subject" in rule else []
    held += [says(str(rule["body"]), text)] if "body" in rule else []
    if isinstance(headers, Mapping):
        held += [
            one_line(header(mail, str(name))).lower() == str(value).strip().lower() for name, value in headers.items()
        ]
    return bool(held) and all(held), ""


def _labels(mail: EmailMessage, sender: str, written: str) -> dict[str, str]:
    recipients = [address.lower() for _, address in getaddresses([header(mail, "to")]) if address]
    labels = {
        "from": sender,
        "to": _TOKEN.sub("@", ", ".join(recipients[:10])),
        "subject": written,
        "list_id": one_line(header(mail, "list-id")),
    }
    for name in list(mail.keys())[:200]:
        if _MONITORS.match(name.lower()):
            labels[name.lower().replace("-", "_")] = one_line(header(mail, name))
    return {name: value for name, value in labels.items() if value}


def _annotations(mail: EmailMessage) -> dict[str, str]:
    named = [part.get_filename() or part.get_content_type() for part in mail.iter_attachments()]
    return {"attachments": shorten(one_line(", ".join(named[:20])), 1000)} if named else {}


def _links(text: str, html: str) -> tuple[Link, ...]:
    found = dict.fromkeys(url.rstrip(".,;:!?)]}") for url in _URL.findall(f"{text[:65536]}\n{html[:65536]}"))
    fit = [url.replace("&amp;", "&") for url in found if is_address(url) and "unsubscribe" not in url.lower()]
    return tuple(Link("In the mail", url) for url in fit[:_MOST_LINKS])


def _head(raw: bytes) -> bytes:
    ends = [at for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    return raw[: min(ends)] + b"\r\n\r\n" if ends else raw[:65536]


def _unreadable(raw: bytes, findings: Findings) -> Signal:
    found = re.search(rb"^subject:([^\r\n]{1,500})", raw[:65536], re.IGNORECASE | re.MULTILINE)
    written = one_line(found.group(1).decode("utf-8", "replace")) if found else ""
    return make_signal(
        findings,
        "",
        key=read_subject(written).key or digest(NAME, raw[:2000].decode("latin-1")),
        status="firing",
        title=written or "A mail that cannot be read",
        labels={"subject": written} if written else {},
        annotations={},
        description=raw[:2000].decode("utf-8", "replace"),
    )
