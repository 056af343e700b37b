-- Which generation of a derived key is in use, by the key's purpose ("links"); none stands for the first. Rotating counts up.
CREATE TABLE key_epochs (
    purpose text PRIMARY KEY,
    epoch integer NOT NULL CHECK (epoch >= 1),
    since timestamptz NOT NULL
);
