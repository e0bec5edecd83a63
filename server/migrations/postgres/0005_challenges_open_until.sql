-- The index of 0004 has a condition on what spending changes, so that spending wrote to it. This one counts the same (what is kept for
-- longer than any challenge is open is spent), and spending changes no column of any index: PostgreSQL writes the row alone, if there is
-- room beside the old one. The old index goes last, since nobody can read the table from then until the end.
CREATE INDEX challenges_open_until ON challenges (app, openid, expires_at) WHERE expires_at IS NOT NULL;
ALTER TABLE challenges SET (fillfactor = 70);
DROP INDEX challenges_open;
