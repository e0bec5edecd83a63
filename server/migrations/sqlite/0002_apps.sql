-- Keys and challenges belong to an openid of an app. '' is the default app, whose is all that was stored before. SQLite changes a
-- primary key by making the table anew.
--
-- A service from before knows no apps, and must not answer any more: its statements find no table of keys, and a challenge that
-- names no app cannot be added.
CREATE TABLE app_keys (
    app TEXT NOT NULL,
    openid TEXT NOT NULL,
    credential_id BLOB NOT NULL,
    public_key BLOB NOT NULL,
    -- The user handle, where the backend told it.
    uid BLOB,
    sign_count BIGINT NOT NULL,
    -- 0 or 1
    uv_initialized BIGINT NOT NULL,
    backup_eligible BIGINT NOT NULL,
    backup_state BIGINT NOT NULL,
    -- Separated by commas.
    transports TEXT NOT NULL,
    -- Seconds since 1970.
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (credential_id, app)
) WITHOUT ROWID;
INSERT INTO app_keys (app, openid, credential_id, public_key, uid, sign_count, uv_initialized, backup_eligible,
                      backup_state, transports, created_at, used_at)
SELECT '', openid, credential_id, public_key, uid, sign_count, uv_initialized, backup_eligible, backup_state,
       transports, created_at, used_at
FROM keys;
DROP TABLE keys;
CREATE INDEX app_keys_owner ON app_keys (app, openid);

ALTER TABLE challenges RENAME TO challenges_of_one_app;
CREATE TABLE challenges (
    app TEXT NOT NULL,
    openid TEXT NOT NULL,
    -- SHA-256 of the challenge: whoever reads the table cannot use one.
    hash BLOB NOT NULL,
    -- Seconds since 1970; the row may be deleted then. NULL for never.
    expires_at BIGINT,
    -- A first use makes a key and a result with one challenge, so it may be spent once on each.
    spent_on_key BOOLEAN NOT NULL,
    spent_on_result BOOLEAN NOT NULL,
    PRIMARY KEY (openid, app, hash)
) WITHOUT ROWID;
INSERT INTO challenges (app, openid, hash, expires_at, spent_on_key, spent_on_result)
SELECT '', openid, hash, expires_at, spent_on_key, spent_on_result FROM challenges_of_one_app;
DROP TABLE challenges_of_one_app;
CREATE INDEX challenges_expires_at ON challenges (expires_at) WHERE expires_at IS NOT NULL;
