"""What Prometheus reads of Muster: counted from the database at each scrape, so that every node says the same."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from muster.base.unit import Conn
from muster.paging.store import audits

_COUNTS = {
    "incidents": (
        "Incidents that are not closed.",
        "state",
        "SELECT state, count(*) FROM incidents WHERE state <> 'closed' GROUP BY 1",
    ),
    "alerts": (
        "Alerts that are not resolved; held is empty, silence, maintenance, flapping or test.",
        "held",
        "SELECT hold, count(*) FROM alerts WHERE status <> 'resolved' GROUP BY 1",
    ),
    "pages": (
        "Escalations under way.",
        "state",
        "SELECT state, count(*) FROM pages WHERE state = 'running' GROUP BY 1",
    ),
    "deliveries": (
        "Messages of the last hour by what became of them.",
        "state",
        "SELECT state, count(*) FROM deliveries WHERE created_at > $1::timestamptz - interval '1 hour' GROUP BY 1",
    ),
    "clocks": ("Deadlines that run.", "kind", "SELECT kind, count(*) FROM clocks WHERE state = 'running' GROUP BY 1"),
    "jobs": (
        "Background jobs: waiting, due (should be running), held by a worker, dead (given up).",
        "state",
        """SELECT CASE WHEN dead THEN 'dead' WHEN lease_until IS NOT NULL THEN 'held' WHEN run_at <= $1 THEN 'due'
                       ELSE 'waiting' END, count(*) FROM work GROUP BY 1""",
    ),
}
_COUNTS |= {
    "heartbeats": (
        "Heartbeats that Muster expects.",
        "state",
        "SELECT CASE WHEN missing_since IS NULL THEN 'heard' ELSE 'missing' END, count(*) FROM heartbeats GROUP BY 1",
    ),
    "chain_flaws": (
        "What is wrong with the plan's chains in the next 90 days, by weakness.",
        "weakness",
        "SELECT weakness, count(*) FROM chain_flaws GROUP BY 1",
    ),
}
_EXPECTED = {
    "heartbeats": ("heard", "missing"),
    "chain_flaws": ("nobody", "conditional", "unproven", "first_step", "departed"),
    "jobs": ("waiting", "due", "held", "dead"),
    "deliveries": ("planned", "pending", "handed_over", "delivered", "failed", "cancelled"),
}


async def measured(conn: Conn, now: object) -> bytes:
    """The figures in Prometheus' text format."""
    registry = CollectorRegistry()
    for name, (sentence, label, query) in _COUNTS.items():
        gauge = Gauge(f"muster_{name}", sentence, [label], registry=registry)
        for value in _EXPECTED.get(name, ()):
            gauge.labels(value).set(0)
        for value, count in await conn.fetch(query, *([now] if "$1" in query else [])):
            gauge.labels(value).set(count)
    sent = await conn.fetchval("SELECT extract(epoch FROM max(sent_at)) FROM deliveries WHERE sent_at IS NOT NULL")
    await _watched(conn, registry)
    last = Gauge(
        "muster_last_delivery_timestamp_seconds", "When a provider last took a message; 0: never.", registry=registry
    )
    last.set(float(sent or 0))
    audit = await audits.newest(conn)
    looked = Gauge(
        "muster_page_audit_timestamp_seconds", "When the self-audit of paging last ran; 0: never.", registry=registry
    )
    looked.set(audit["at"].timestamp() if audit else 0.0)
    repaired = Gauge(
        "muster_page_repairs", "Pages, messages and deadlines that the self-audit set going again.", registry=registry
    )
    repaired.set(audit["repaired"] if audit else 0)
    return generate_latest(registry)


async def _watched(conn: Conn, registry: CollectorRegistry) -> None:
    """What the synthetic pages came to; the age of the last good one is what to alert on."""
    good = Gauge(
        "muster_path_proven_timestamp_seconds",
        "When a synthetic page through the channel last came back (closed) or its provider last answered; 0: never.",
        ["channel", "closed"],
        registry=registry,
    )
    failures = Gauge(
        "muster_path_failures", "Synthetic pages in a row that failed.", ["channel", "closed"], registry=registry
    )
    for row in await conn.fetch(
        "SELECT channel, closed, coalesce(extract(epoch FROM good_at), 0) AS good, failures FROM loop_rounds"
    ):
        labels = (row["channel"], "yes" if row["closed"] else "no")
        good.labels(*labels).set(float(row["good"]))
        failures.labels(*labels).set(row["failures"])
