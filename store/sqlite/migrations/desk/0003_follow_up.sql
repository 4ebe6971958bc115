-- What thin notifications have left to be asked. due_at is NULL where a person has to say so.
CREATE TABLE follow_up (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    pack      TEXT NOT NULL,
    instance  TEXT NOT NULL,
    due_at    TEXT,
    raised    INTEGER NOT NULL,
    follow_up BLOB NOT NULL -- JSON
) STRICT;

CREATE INDEX follow_up_due ON follow_up (pack, instance, due_at, number);
