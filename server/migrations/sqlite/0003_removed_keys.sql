-- Keys that were removed, and are never registered again: what is known of their used challenges goes with them.
CREATE TABLE removed_keys (
    -- SHA-256 of the app, a zero byte and the credential id.
    hash BLOB PRIMARY KEY
) WITHOUT ROWID;
