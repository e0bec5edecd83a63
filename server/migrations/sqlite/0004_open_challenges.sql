-- How many challenges an owner has open is counted at each new one, however many spent ones are remembered: those are kept for
-- longer than any is open, or without a limit.
CREATE INDEX challenges_open ON challenges (app, openid, expires_at) WHERE expires_at IS NOT NULL;
