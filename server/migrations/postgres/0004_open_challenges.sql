-- How many challenges an owner has open is counted at each new one, however many spent ones are remembered: those are kept for
-- longer than any is open, or without a limit. Spending changes no column of an index, so that PostgreSQL writes the row alone, if
-- there is room beside the old one.
CREATE INDEX challenges_open ON challenges (app, openid, expires_at) WHERE expires_at IS NOT NULL;
ALTER TABLE challenges SET (fillfactor = 70);
