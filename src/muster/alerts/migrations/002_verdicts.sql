-- Whether each beginning of an alert was real, so that rules can be judged by all of their past.
CREATE TABLE alert_verdicts (
    alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
    episode integer NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('real', 'false')),
    at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, episode)
);
CREATE INDEX alert_verdicts_by_time ON alert_verdicts (at);

-- A test from the settings page is held back like what is silenced.
ALTER TABLE alerts DROP CONSTRAINT alerts_hold_check;
ALTER TABLE alerts ADD CONSTRAINT alerts_hold_check CHECK (hold IN ('', 'silence', 'maintenance', 'flapping', 'test'));

-- Both tables grow in order of time: these cost the intake next to nothing.
CREATE INDEX signals_by_age ON signals USING brin (received_at) WITH (pages_per_range = 32);
CREATE INDEX signals_refused ON signals (integration_id, received_at DESC) WHERE outcome <> 'accepted';
CREATE INDEX alert_transitions_by_age ON alert_transitions USING brin (at) WITH (pages_per_range = 32);

-- A list looks through what the index has not sorted in yet; a long such list made filters take 50 ms.
ALTER INDEX alerts_labels SET (gin_pending_list_limit = 256);
