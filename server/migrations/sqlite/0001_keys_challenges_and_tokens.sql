-- One row for each key. Nothing here is secret; what must not change unseen is public_key.
CREATE TABLE keys (
    credential_id BLOB PRIMARY KEY,
    openid TEXT NOT NULL,
    public_key BLOB NOT NULL,
    -- The user handle, where the backend told it.
    uid BLOB,
    sign_count BIGINT NOT NULL,
    -- 0 or 1: the driver that speaks to either database reads no booleans of SQLite's.
    uv_initialized BIGINT NOT NULL,
    backup_eligible BIGINT NOT NULL,
    backup_state BIGINT NOT NULL,
    -- Separated by commas.
    transports TEXT NOT NULL,
    -- Seconds since 1970.
    created_at BIGINT NOT NULL,
    used_at BIGINT
) WITHOUT ROWID;
CREATE INDEX keys_openid ON keys (openid);

-- One row for each challenge that was issued and has not expired, and for each of the backend's own that was spent.
CREATE TABLE challenges (
    openid TEXT NOT NULL,
    -- SHA-256 of the challenge: whoever reads the table cannot use one.
    hash BLOB NOT NULL,
    -- Seconds since 1970; the row may be deleted then. NULL for never.
    expires_at BIGINT,
    -- A first use makes a key and a result with one challenge, so it may be spent once on each.
    spent_on_key BOOLEAN NOT NULL,
    spent_on_result BOOLEAN NOT NULL,
    PRIMARY KEY (openid, hash)
) WITHOUT ROWID;
CREATE INDEX challenges_expires_at ON challenges (expires_at) WHERE expires_at IS NOT NULL;

-- Access tokens that the service gave for an appid and its secret.
CREATE TABLE access_tokens (
    -- SHA-256 of the token.
    hash BLOB PRIMARY KEY,
    appid TEXT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX access_tokens_expires_at ON access_tokens (expires_at);
