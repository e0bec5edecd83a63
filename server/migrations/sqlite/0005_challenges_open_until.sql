-- The index of 0004 has a condition on what spending changes, so that spending wrote to it. This one counts the same: what is kept for
-- longer than any challenge is open is spent.
CREATE INDEX challenges_open_until ON challenges (app, openid, expires_at) WHERE expires_at IS NOT NULL;
DROP INDEX challenges_open;
