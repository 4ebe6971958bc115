-- A chunk is one row that describes it and a few rows of blocks, so that a pointer to a record
-- reads one small row. first is a position, at nanoseconds since 1970 UTC.
CREATE TABLE chunk (
    first       INTEGER PRIMARY KEY,
    count       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    prev        BLOB NOT NULL,
    root        BLOB NOT NULL,
    tenant      TEXT NOT NULL,
    environment TEXT NOT NULL
) STRICT;

CREATE TABLE block (
    first INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
