-- Keys and challenges belong to an openid of an app. '' is the default app, whose is all that was stored before.
ALTER TABLE keys ADD COLUMN app TEXT NOT NULL DEFAULT '';
ALTER TABLE keys DROP CONSTRAINT keys_pkey, ADD PRIMARY KEY (credential_id, app);
CREATE INDEX keys_owner ON keys (openid, app);
DROP INDEX keys_openid;

ALTER TABLE challenges ADD COLUMN app TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges DROP CONSTRAINT challenges_pkey, ADD PRIMARY KEY (openid, app, hash);
