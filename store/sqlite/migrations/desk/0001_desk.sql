-- Times are texts in UTC of one length, so that they sort: 2006-01-02T15:04:05.000000000Z.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A signed checkpoint of the journal as one line of JSON, by the position after its last one.
CREATE TABLE checkpoint (
    next INTEGER PRIMARY KEY,
    line BLOB NOT NULL
) STRICT;

CREATE TABLE api_key (
    id             TEXT PRIMARY KEY,
    principal      TEXT NOT NULL,
    principal_kind TEXT NOT NULL,
    scopes         TEXT NOT NULL, -- with blanks between
    hash           BLOB NOT NULL,
    created_at     TEXT NOT NULL,
    expires_at     TEXT,
    revoked_at     TEXT
) STRICT, WITHOUT ROWID;

-- Payloads are numbered in the order in which they come, so that their bulk is appended and
-- only the index of hashes is written all over the place.
CREATE TABLE evidence (
    number       INTEGER PRIMARY KEY,
    hash         BLOB NOT NULL UNIQUE,
    revision     INTEGER NOT NULL,
    size         INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    system       TEXT NOT NULL,
    instance     TEXT NOT NULL,
    delivery     TEXT NOT NULL,
    received_at  TEXT NOT NULL
) STRICT;

CREATE TABLE evidence_part (
    evidence INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    layout   TEXT NOT NULL, -- JSON: the ids of the keys, and the ranges
    sealed   BLOB NOT NULL,
    PRIMARY KEY (evidence, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE data_key (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    owner      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    erased_at  TEXT
) STRICT;

CREATE INDEX data_key_owner ON data_key (owner);

-- Rows are appended and later overwritten in place by as many zeros, never moved: no copy of
-- an erased key can stay behind in the gaps of a page.
CREATE TABLE wrapped_key (
    number INTEGER PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE delivery (
    system   TEXT NOT NULL,
    instance TEXT NOT NULL,
    id       TEXT NOT NULL,
    evidence BLOB NOT NULL,
    answer   BLOB NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (system, instance, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_at ON delivery (at);

-- Events that wait outside the journal, in the order in which they came.
CREATE TABLE waiting (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    event  BLOB NOT NULL
) STRICT;

-- The work list of what could not come in; an item is JSON.
CREATE TABLE exception (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    item   BLOB NOT NULL
) STRICT;
