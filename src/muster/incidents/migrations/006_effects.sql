-- What Muster itself did for an incident because a rule of the engine said so: each effect once.
CREATE TABLE incident_effects (
    incident_id uuid NOT NULL REFERENCES incidents,
    kind text NOT NULL,
    identity text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (incident_id, kind, identity)
);
