-- What people wrote about an incident; a note with a `name` may be what the closure checklist asks for.
CREATE TABLE incident_notes (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incidents,
    at timestamptz NOT NULL,
    by_name text NOT NULL,
    name text NOT NULL DEFAULT '',
    text text NOT NULL CHECK (text <> '')
);
CREATE INDEX incident_notes_by_incident ON incident_notes (incident_id, at);

-- Links attached to an incident: a chat, a call, a dashboard, a document.
CREATE TABLE incident_links (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incidents,
    at timestamptz NOT NULL,
    by_name text NOT NULL,
    label text NOT NULL,
    url text NOT NULL CHECK (url ~ '^https?://'),
    UNIQUE (incident_id, url)
);
