-- Somebody asks others to take a time of theirs. A swap names the time taken in return and asks one person; nothing
-- changes until somebody who was asked agrees, and then once.
CREATE TABLE shift_requests (
    id uuid PRIMARY KEY,
    schedule_id uuid NOT NULL REFERENCES schedules,
    asker_id uuid NOT NULL REFERENCES persons,
    kind text NOT NULL CHECK (kind IN ('swap', 'cover')),
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL CHECK (end_at > start_at),
    their_start_at timestamptz,
    their_end_at timestamptz CHECK (their_end_at > their_start_at),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    state text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn', 'expired', 'undone')),
    asked_at timestamptz NOT NULL CHECK (asked_at <= start_at),
    expires_at timestamptz NOT NULL CHECK (expires_at > asked_at AND expires_at <= end_at),
    accepter_id uuid REFERENCES persons CHECK (accepter_id <> asker_id),
    accepted_at timestamptz CHECK (accepted_at < expires_at),
    ended_at timestamptz,
    ended_by text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    CHECK ((kind = 'swap') = (their_start_at IS NOT NULL)),
    CHECK ((their_start_at IS NULL) = (their_end_at IS NULL)),
    CHECK (their_start_at IS NULL OR their_end_at <= start_at OR their_start_at >= end_at),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state IN ('accepted', 'undone')) = (accepter_id IS NOT NULL)),
    CHECK ((accepter_id IS NULL) = (accepted_at IS NULL))
);
CREATE INDEX shift_requests_asker ON shift_requests (asker_id, state);
CREATE INDEX shift_requests_open ON shift_requests (schedule_id) WHERE state = 'open';

CREATE TABLE shift_request_people (
    request_id uuid NOT NULL REFERENCES shift_requests,
    person_id uuid NOT NULL REFERENCES persons,
    declined_at timestamptz,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    PRIMARY KEY (request_id, person_id)
);
CREATE INDEX shift_request_people_person ON shift_request_people (person_id);

-- What carries an accepted request out; an override belongs to one request at most.
CREATE TABLE shift_request_overrides (
    request_id uuid NOT NULL REFERENCES shift_requests,
    override_id uuid NOT NULL UNIQUE REFERENCES overrides,
    PRIMARY KEY (request_id, override_id)
);

-- An answer is final: open ends once, and only what was accepted can be undone.
CREATE FUNCTION shift_requests_end_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        (OLD.state = 'open' AND NEW.state <> 'undone') OR (OLD.state = 'accepted' AND NEW.state = 'undone')
    ) AND (NEW.schedule_id, NEW.asker_id, NEW.kind, NEW.start_at, NEW.end_at, NEW.expires_at)
        = (OLD.schedule_id, OLD.asker_id, OLD.kind, OLD.start_at, OLD.end_at, OLD.expires_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A request ends once: % from % is refused.', TG_OP, OLD.state
        USING ERRCODE = 'insufficient_privilege', HINT = 'Ask again instead.';
END $$;
CREATE TRIGGER shift_requests_end_once BEFORE UPDATE OR DELETE ON shift_requests
    FOR EACH ROW EXECUTE FUNCTION shift_requests_end_once();
