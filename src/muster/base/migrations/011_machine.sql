-- What is wrong with the machines that nodes run on, by the node's data directory; a row that is not seen any more is forgotten.
CREATE TABLE machine_troubles (
    place text NOT NULL,
    kind text NOT NULL,
    sentence text NOT NULL,
    fix text NOT NULL,
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (place, kind)
);

-- Which server this database lives in, so that one restored from a dump is known for a copy.
CREATE TABLE instance (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id uuid NOT NULL,
    system_identifier text NOT NULL,
    database_oid bigint NOT NULL
);
