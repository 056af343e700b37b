"""How often each rule fired, for how long, and what people said of it."""

from datetime import datetime

from muster.alerts.fidelity import RuleRecord
from muster.base.unit import Conn

_RULES = """
WITH begun AS (
  SELECT alert_id, at, status, lead(at) OVER w AS next_at
  FROM alert_transitions WHERE at >= $1 AND status IN ('opened', 'held', 'resolved') WINDOW w AS (PARTITION BY alert_id ORDER BY at)
), episodes AS (
  SELECT alert_id, count(*) AS episodes, count(*) FILTER (WHERE status = 'opened') AS paged,
         array_agg(extract(epoch FROM next_at - at)) FILTER (WHERE next_at IS NOT NULL) AS spans
  FROM begun WHERE status <> 'resolved' GROUP BY alert_id
), verdicts AS (
  SELECT alert_id, count(*) FILTER (WHERE verdict = 'real') AS truly, count(*) FILTER (WHERE verdict = 'false') AS falsely
  FROM alert_verdicts WHERE at >= $1 GROUP BY alert_id
), each AS (
  SELECT coalesce(nullif(a.labels ->> 'alertname', ''), a.title) AS rule, a.integration_id,
         coalesce(e.episodes, 0) AS episodes, coalesce(e.paged, 0) AS paged, e.spans,
         coalesce(v.truly, 0) AS truly, coalesce(v.falsely, 0) AS falsely
  FROM episodes e FULL JOIN verdicts v USING (alert_id) JOIN alerts a ON a.id = alert_id
  WHERE coalesce(a.labels ->> 'muster_test', '') <> 'true'
), summed AS (
  SELECT rule, integration_id, sum(episodes)::int AS episodes, sum(paged)::int AS paged, sum(truly)::int AS truly,
         sum(falsely)::int AS falsely FROM each GROUP BY rule, integration_id
), medians AS (
  SELECT rule, integration_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY span) AS seconds
  FROM each, unnest(spans) AS span GROUP BY rule, integration_id
)
SELECT s.rule, i.name AS integration, s.episodes, s.paged, s.truly AS "real", s.falsely AS "false",
       make_interval(secs => m.seconds) AS median
FROM summed s JOIN integrations i ON i.id = s.integration_id LEFT JOIN medians m USING (rule, integration_id)
ORDER BY s.paged DESC, s.rule LIMIT $2"""


async def rules(conn: Conn, since: datetime, limit: int = 500) -> list[RuleRecord]:
    """The rules that fired or were judged since an instant, those that paged most often first."""
    return [RuleRecord(**dict(row)) for row in await conn.fetch(_RULES, since, limit)]
