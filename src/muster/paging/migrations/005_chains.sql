-- What is wrong with the plan's chains as it was last looked at; `key` stays the same while a flaw does. `told_at` is when
-- those who watch over paging were told.
CREATE TABLE chain_flaws (
    key text PRIMARY KEY,
    policy text NOT NULL,
    weakness text NOT NULL CHECK (weakness IN ('nobody', 'conditional', 'unproven', 'first_step', 'departed')),
    about text NOT NULL,
    sentence text NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    times integer NOT NULL,
    found_at timestamptz NOT NULL,
    told_at timestamptz
);
