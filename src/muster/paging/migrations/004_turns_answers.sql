-- What a page wakes people for: to take the incident, or because somebody who has it asks for them.
ALTER TABLE pages ADD COLUMN purpose text NOT NULL DEFAULT 'incident'
    CHECK (purpose IN ('incident', 'hand_over', 'responders', 'help'));

-- Why a step was passed over, where its condition did not hold.
ALTER TABLE page_steps ADD COLUMN skipped text NOT NULL DEFAULT '';

-- Who was paged by a step that pages one of several in turn, the latest last. Its row is the lock under which turns are taken.
CREATE TABLE turns (
    turn text PRIMARY KEY,
    people text[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 70);

-- Who answered a page, and how: whoever was paged and has no row here has not answered.
CREATE TABLE page_answers (
    page_id uuid NOT NULL REFERENCES pages,
    person_id uuid NOT NULL REFERENCES persons,
    at timestamptz NOT NULL,
    answer text NOT NULL CHECK (answer IN ('coming', 'declined')),
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (page_id, person_id)
);

-- The newest self-audit: what it found running with nothing to drive it, and repaired.
CREATE TABLE page_audits (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    at timestamptz NOT NULL,
    running integer NOT NULL,
    repaired bigint NOT NULL DEFAULT 0,
    repaired_at timestamptz
);
