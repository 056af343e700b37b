-- What whoever follows on a schedule should know; written once, put aside once.
CREATE TABLE handoff_notes (
    id uuid PRIMARY KEY,
    schedule_id uuid NOT NULL REFERENCES schedules,
    author_id uuid NOT NULL REFERENCES persons,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 5000),
    written_at timestamptz NOT NULL,
    done_at timestamptz CHECK (done_at >= written_at),
    done_by text NOT NULL DEFAULT '',
    CHECK ((done_at IS NULL) = (done_by = ''))
);
CREATE INDEX handoff_notes_schedule ON handoff_notes (schedule_id, id);
