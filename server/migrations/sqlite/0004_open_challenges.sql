-- How many challenges an owner has open is counted at each new one, however many spent ones are remembered.
CREATE INDEX challenges_open ON challenges (app, openid, expires_at) WHERE NOT spent_on_result;
