"""What Prometheus reads of Muster: counted from the database at each scrape, so that every node says the same."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from muster.base.unit import Conn

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
_EXPECTED = {
    "jobs": ("waiting", "due", "held", "dead"),
    "deliveries": ("pending", "handed_over", "delivered", "failed", "cancelled"),
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
    last = Gauge(
        "muster_last_delivery_timestamp_seconds", "When a provider last took a message; 0: never.", registry=registry
    )
    last.set(float(sent or 0))
    return generate_latest(registry)
