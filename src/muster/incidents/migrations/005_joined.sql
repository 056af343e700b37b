-- The alerts of an incident in the order in which they joined, a page at a time.
CREATE INDEX incident_alerts_joined ON incident_alerts (incident_id, joined_at, alert_id);
