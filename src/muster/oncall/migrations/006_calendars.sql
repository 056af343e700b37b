-- A calendar of holidays or of shifts. `content` is the file as it was last read well; a failure leaves it standing.
CREATE TABLE calendars (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    title text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    kind text NOT NULL CHECK (kind IN ('holidays', 'shifts')),
    url text,
    content text,
    etag text,
    last_modified text,
    notes jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(notes) = 'array'),
    created_at timestamptz NOT NULL,
    made_by text NOT NULL,
    tried_at timestamptz,
    read_at timestamptz,
    failed_since timestamptz,
    failure text,
    deleted_at timestamptz,
    CHECK (url IS NOT NULL OR content IS NOT NULL),
    CHECK ((failed_since IS NULL) = (failure IS NULL))
);

-- What a calendar said from `valid_from` until the next: coverage of the past is answered by what was known then.
CREATE TABLE calendar_versions (
    id uuid PRIMARY KEY,
    calendar_id uuid NOT NULL REFERENCES calendars,
    number integer NOT NULL CHECK (number >= 1),
    valid_from timestamptz NOT NULL,
    content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    UNIQUE (calendar_id, number)
);
CREATE TRIGGER calendar_versions_keep_history BEFORE UPDATE OR DELETE ON calendar_versions
    FOR EACH ROW EXECUTE FUNCTION schedules_keep_history();

-- Which calendars a version of a schedule names.
CREATE TABLE schedule_calendars (
    schedule_id uuid NOT NULL,
    number integer NOT NULL,
    calendar_id uuid NOT NULL REFERENCES calendars,
    PRIMARY KEY (schedule_id, number, calendar_id),
    FOREIGN KEY (schedule_id, number) REFERENCES schedule_versions (schedule_id, number)
);
CREATE INDEX schedule_calendars_calendar ON schedule_calendars (calendar_id);
