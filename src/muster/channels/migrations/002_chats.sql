-- What a channel must remember beside its settings: the sealed key pair of web push, the name of the Telegram bot.
CREATE TABLE channel_memory (
    channel text NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    kept_at timestamptz NOT NULL,
    PRIMARY KEY (channel, name)
);

-- A callback that was heard once does nothing a second time: providers repeat them, and so may whoever overheard one.
CREATE TABLE heard_callbacks (
    channel text NOT NULL,
    id text NOT NULL CHECK (length(id) <= 200),
    at timestamptz NOT NULL,
    PRIMARY KEY (channel, id)
);
CREATE INDEX heard_callbacks_age ON heard_callbacks (at);

-- A code that a person says to the bot, so that the bot learns which chat is theirs.
CREATE TABLE chat_links (
    code_hash bytea PRIMARY KEY CHECK (length(code_hash) = 32),
    channel text NOT NULL,
    person_id uuid NOT NULL REFERENCES persons,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);
CREATE INDEX chat_links_person ON chat_links (person_id);
