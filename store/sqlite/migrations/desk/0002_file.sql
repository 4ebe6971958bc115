-- Files that were collected, in the order in which they were first kept; doc is JSON.
CREATE TABLE file (
    number   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    pack     TEXT NOT NULL,
    instance TEXT NOT NULL,
    name     TEXT NOT NULL,
    content  BLOB NOT NULL,
    doc      BLOB NOT NULL
) STRICT;

CREATE INDEX file_name ON file (pack, instance, name, number);
CREATE INDEX file_content ON file (content, number);

-- What became of the records of a file, in parts as they were decided.
CREATE TABLE file_lines (
    file  INTEGER NOT NULL,
    part  INTEGER NOT NULL,
    lines BLOB NOT NULL,
    PRIMARY KEY (file, part)
) STRICT, WITHOUT ROWID;
