-- The rows of each table of each projection are in a table of their own, part_<id>, whose
-- columns are key and value: dropping it is cheap, and a row repeats neither name.
CREATE TABLE projection (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    next INTEGER NOT NULL,
    root BLOB NOT NULL
) STRICT;

CREATE TABLE part (
    id         INTEGER PRIMARY KEY,
    projection INTEGER NOT NULL,
    name       TEXT NOT NULL,
    counters   INTEGER NOT NULL,
    UNIQUE (projection, name, counters)
) STRICT;
