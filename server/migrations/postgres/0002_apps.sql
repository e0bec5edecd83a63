-- Keys and challenges belong to an openid of an app. '' is the default app, whose is all that was stored before.
--
-- Instances from before know no apps, and must not answer any more: their statements find no table of keys, and a challenge that
-- names no app cannot be added.
ALTER TABLE keys RENAME TO app_keys;
ALTER TABLE app_keys ADD COLUMN app TEXT NOT NULL DEFAULT '';
ALTER TABLE app_keys ALTER COLUMN app DROP DEFAULT;
ALTER TABLE app_keys DROP CONSTRAINT keys_pkey, ADD PRIMARY KEY (credential_id, app);
CREATE INDEX app_keys_owner ON app_keys (app, openid);
DROP INDEX keys_openid;

ALTER TABLE challenges ADD COLUMN app TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ALTER COLUMN app DROP DEFAULT;
ALTER TABLE challenges DROP CONSTRAINT challenges_pkey, ADD PRIMARY KEY (openid, app, hash);
