-- A clock is what must happen by a time. One may run for each subject and kind; it ends met, cancelled or breached, once.
CREATE TABLE clocks (
    id uuid PRIMARY KEY,
    subject text NOT NULL,
    kind text NOT NULL,
    label text NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'met', 'breached', 'cancelled')),
    started_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX clocks_running ON clocks (subject, kind) WHERE state = 'running';
CREATE INDEX clocks_subject ON clocks (subject, due_at);
CREATE INDEX clocks_due ON clocks (due_at) WHERE state = 'running';
