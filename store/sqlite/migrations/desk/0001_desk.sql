CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A signed checkpoint of the journal as one line of JSON, by the position after its last one.
CREATE TABLE checkpoint (
    next INTEGER PRIMARY KEY,
    line BLOB NOT NULL
) STRICT;
