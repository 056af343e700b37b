"""A problem and its recovery as Nagios mails them."""

_HEAD = (
    "From: Nagios <nagios@monitoring.example>\n"
    "To: alerts@muster.example\n"
    "Date: Mon, 02 Mar 2026 10:{minute}:00 +0000\n"
    "Message-ID: <{minute}@monitoring.example>\n"
    "Auto-Submitted: auto-generated\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Subject: ** {kind} Service Alert: web1/HTTP is {state} **\n"
    "\n"
    "***** Nagios *****\n\n"
    "Notification Type: {kind}\n\n"
    "Service: HTTP\nHost: web1\nAddress: 192.0.2.10\nState: {state}\n\n"
    "Additional Info:\n\n{info}\n"
)
PROBLEM = _HEAD.format(minute="01", kind="PROBLEM", state="CRITICAL", info="connect to port 80: timed out").encode()
RECOVERY = _HEAD.format(minute="09", kind="RECOVERY", state="OK", info="HTTP OK: 200, 312 bytes in 0.04 s").encode()
