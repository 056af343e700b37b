-- How a person wants to be paged and when not; `rules` is what they wrote, as the model reads it back.
CREATE TABLE person_notify (
    person_id uuid PRIMARY KEY REFERENCES persons,
    rules jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'object'),
    changed_at timestamptz NOT NULL
);
