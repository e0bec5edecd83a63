//! PostgreSQL. Many rows come as arrays, one a column, so that they cost one statement. The time is that of the server, when it got
//! the statement: a clock that is read again for each row would keep a condition from its index.

use super::database::{Batch, Database, NotAccepted, Transaction};
use super::owner_locks::OwnerGuard;
use super::shared_connection::{Lease, SharedConnection, is_disconnected, is_undone};
use super::stale::{Stale, is_read_only};
use super::transaction::Open;
use super::{
    Acceptance, Accepted, Connections, IssuedToken, KeyName, KnownChallenge, ListedKey, NewChallenge, Owner,
    PoolState, StoredKey, Unspendable, migrations, session, waiting,
};
use crate::challenge::{Challenge, Purpose};
use crate::secret::Hash;
use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, Postgres, Row};
use std::collections::HashSet;
use std::str::FromStr;
use std::time::Duration;
use wx_soter_verifier::CredentialRecord;

/// One for each kind of work that is done for many calls at once.
const SHARED_CONNECTIONS: u32 = 3;

/// Fewer than that leave none for all else.
pub const MIN_CONNECTIONS: u32 = SHARED_CONNECTIONS + 1;

/// The server looks at the rights of a statement, also of one that changes nothing: those that are used seldom, and would be
/// missed by the first who removes a key.
const PROVE_RIGHTS: &str = "WITH
    removed AS (INSERT INTO removed_keys (hash) SELECT hash FROM removed_keys WHERE FALSE),
    new_key AS (INSERT INTO app_keys (app, openid, credential_id, public_key, uid, sign_count, uv_initialized,
                                      backup_eligible, backup_state, transports, created_at)
                SELECT app, openid, credential_id, public_key, uid, sign_count, uv_initialized,
                       backup_eligible, backup_state, transports, created_at
                FROM app_keys WHERE FALSE),
    old_key AS (DELETE FROM app_keys WHERE FALSE),
    new_token AS (INSERT INTO access_tokens (hash, appid, expires_at)
                  SELECT hash, appid, expires_at FROM access_tokens WHERE FALSE),
    old_token AS (DELETE FROM access_tokens WHERE FALSE)
    SELECT";

pub(super) struct PostgresDatabase {
    /// For all that is done for one owner, and may wait for a lock.
    pool: PgPool,
    /// For what is done for many at once.
    key_reads: SharedConnection,
    new_challenges: SharedConnection,
    acceptances: SharedConnection,
    stale: Stale,
}

impl PostgresDatabase {
    pub async fn open(
        url: &str,
        max_connections: u32,
        timeout: Duration,
        acquire_timeout: Duration,
    ) -> anyhow::Result<Self> {
        let address = PgConnectOptions::from_str(url)?;
        migrate(&address).await?;
        let stale = Stale::default();
        let given_up = stale.clone();
        let options =
            PgPoolOptions::new().acquire_timeout(acquire_timeout).before_acquire(move |_, connection| {
                let is_good = !given_up.contains(connection.age);
                Box::pin(async move { Ok(is_good) })
            });
        let shared = |is_flushed| SharedConnection::new(address.clone(), timeout, is_flushed, stale.clone());
        let pool = options
            .max_connections(max_connections.max(MIN_CONNECTIONS) - SHARED_CONNECTIONS)
            .after_connect(move |connection, _| Box::pin(session::prepare_postgres(connection, timeout)));
        Ok(Self {
            pool: pool.connect_with(address.clone()).await?,
            key_reads: shared(true),
            new_challenges: shared(false),
            acceptances: shared(true),
            stale,
        })
    }
}

/// On a connection of its own, without the limits of time that calls have: large tables take as long as they take.
async fn migrate(address: &PgConnectOptions) -> anyhow::Result<()> {
    let mut connection = address.connect().await?;
    migrations::ensure_postgres(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// A connection that the server closed while nobody used it shows that only now; the next attempt gets a new one.
async fn again_if_disconnected<T, F>(attempt: impl Fn() -> F) -> Result<T, sqlx::Error>
where
    F: Future<Output = Result<T, sqlx::Error>>,
{
    match attempt().await {
        Err(error) if is_disconnected(&error) => attempt().await,
        done => done,
    }
}

impl PostgresDatabase {
    /// One of those that work for one owner.
    async fn connection(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        waiting::acquire(&self.pool).await
    }

    /// On each of the connections by which calls are answered. The last waits for the disk, and for the first with that.
    async fn write_nothing(&self, nobody: &NewChallenge) -> Result<(), sqlx::Error> {
        let (owner, hash) = (&nobody.owner, nobody.hash.as_bytes().as_slice());
        self.keys(&[KeyName { owner: owner.clone(), credential_id: hash.to_vec() }]).await?;
        self.add_challenges(std::slice::from_ref(nobody)).await?;
        let lock = async || {
            let mut lease = self.acceptances.acquire().await?;
            let locked = sqlx::query(
                "UPDATE app_keys SET sign_count = sign_count WHERE credential_id = $1 AND app = $2 AND openid = $3",
            )
            .bind(hash)
            .bind(&owner.app)
            .bind(&owner.openid)
            .execute(lease.connection())
            .await;
            lease.settle(locked)
        };
        again_if_disconnected(lock).await?;
        sqlx::query("DELETE FROM challenges WHERE openid = $1 AND app = $2 AND hash = $3")
            .bind(&owner.openid)
            .bind(&owner.app)
            .bind(hash)
            .execute(&mut *self.connection().await?)
            .await?;
        sqlx::query(PROVE_RIGHTS).execute(&mut *self.connection().await?).await?;
        Ok(())
    }
}

#[async_trait]
impl Database for PostgresDatabase {
    async fn begin(&self, turn: OwnerGuard) -> Result<Box<dyn Transaction>, sqlx::Error> {
        Ok(Box::new(Open::<Postgres>::begin(self.connection().await?, "BEGIN", Some(turn)).await?))
    }

    async fn begin_many(&self) -> Result<Box<dyn Batch>, sqlx::Error> {
        Ok(Box::new(self.acceptances.acquire().await?))
    }

    async fn add_challenges(&self, challenges: &[NewChallenge]) -> Result<Vec<bool>, sqlx::Error> {
        let apps: Vec<_> = challenges.iter().map(|new| new.owner.app.as_str()).collect();
        let openids: Vec<_> = challenges.iter().map(|new| new.owner.openid.as_str()).collect();
        let hashes: Vec<_> = challenges.iter().map(|new| new.hash.as_bytes().as_slice()).collect();
        let lifetimes: Vec<_> = challenges.iter().map(|new| new.lifetime).collect();
        let rooms: Vec<_> = challenges.iter().map(|new| new.room).collect();
        let add = async || {
            let mut lease = self.new_challenges.acquire().await?;
            let added = sqlx::query_scalar(
                "INSERT INTO challenges (app, openid, hash, expires_at, spent_on_key, spent_on_result)
                 SELECT app, openid, hash, now + lifetime, FALSE, FALSE
                 FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[])
                      AS new (app, openid, hash, lifetime, room)
                 CROSS JOIN (SELECT floor(extract(epoch FROM statement_timestamp()))::bigint) AS clock (now)
                 WHERE (SELECT count(*) FROM challenges AS open
                        WHERE open.app = new.app AND open.openid = new.openid AND NOT open.spent_on_result
                        -- What is kept for longer is spent.
                        AND open.expires_at > now AND open.expires_at <= now + lifetime) < new.room
                 RETURNING hash",
            )
            .bind(&apps)
            .bind(&openids)
            .bind(&hashes)
            .bind(&lifetimes)
            .bind(&rooms)
            .fetch_all(lease.connection())
            .await;
            lease.settle(added)
        };
        let added: HashSet<Vec<u8>> = again_if_disconnected(add).await?.into_iter().collect();
        Ok(challenges.iter().map(|new| added.contains(new.hash.as_bytes().as_slice())).collect())
    }

    async fn keys(&self, names: &[KeyName]) -> Result<Vec<Option<StoredKey>>, sqlx::Error> {
        let apps: Vec<_> = names.iter().map(|name| name.owner.app.as_str()).collect();
        let openids: Vec<_> = names.iter().map(|name| name.owner.openid.as_str()).collect();
        let ids: Vec<_> = names.iter().map(|name| name.credential_id.as_slice()).collect();
        let read = async || {
            let mut lease = self.key_reads.acquire().await?;
            let rows = sqlx::query(
                "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible,
                        backup_state, uid, place
                 FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS name (app, openid, id, place)
                 JOIN app_keys AS keys ON keys.credential_id = name.id AND keys.app = name.app AND keys.openid = name.openid",
            )
            .bind(&apps)
            .bind(&openids)
            .bind(&ids)
            .fetch_all(lease.connection())
            .await;
            lease.settle(rows)
        };
        let mut keys: Vec<_> = names.iter().map(|_| None).collect();
        for row in again_if_disconnected(read).await? {
            if let Some(key) = at_mut(&mut keys, row.try_get(8)?) {
                *key = Some(stored_key(&row)?);
            }
        }
        Ok(keys)
    }

    async fn count_keys(&self, owner: &Owner) -> Result<i64, sqlx::Error> {
        count_keys(&mut *self.connection().await?, owner).await
    }

    async fn list_keys(&self, owner: &Owner) -> Result<Vec<ListedKey>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible, backup_state,
                    uid, created_at, used_at
             FROM app_keys WHERE openid = $1 AND app = $2 ORDER BY created_at, credential_id",
        )
        .bind(&owner.openid)
        .bind(&owner.app)
        .fetch_all(&mut *self.connection().await?)
        .await?;
        rows.iter().map(listed_key).collect()
    }

    async fn challenge(
        &self,
        owner: &Owner,
        challenge: &Challenge,
    ) -> Result<Option<KnownChallenge>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT coalesce(expires_at <= floor(extract(epoch FROM statement_timestamp()))::bigint, FALSE), spent_on_result
             FROM challenges WHERE app = $1 AND openid = $2 AND hash = $3",
        )
        .bind(&owner.app)
        .bind(&owner.openid)
        .bind(challenge.hash.as_bytes().as_slice())
        .fetch_optional(&mut *self.connection().await?)
        .await?;
        row.map(|row| {
            Ok(KnownChallenge { has_expired: row.try_get(0)?, is_spent_on_result: row.try_get(1)? })
        })
        .transpose()
    }

    async fn add_access_token(&self, hash: &Hash, appid: &str, lifetime: i64) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO access_tokens (hash, appid, expires_at)
             VALUES ($1, $2, floor(extract(epoch FROM statement_timestamp()))::bigint + $3)",
        )
        .bind(hash.as_bytes().as_slice())
        .bind(appid)
        .bind(lifetime)
        .execute(&mut *self.connection().await?)
        .await
        .map(drop)
    }

    async fn access_token(&self, hash: &Hash) -> Result<Option<IssuedToken>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT appid, expires_at - floor(extract(epoch FROM statement_timestamp()))::bigint FROM access_tokens
             WHERE hash = $1",
        )
        .bind(hash.as_bytes().as_slice())
        .fetch_optional(&mut *self.connection().await?)
        .await?;
        row.map(|row| Ok(IssuedToken { appid: row.try_get(0)?, expires_in: row.try_get(1)? })).transpose()
    }

    /// Instances that sweep at once delete different rows, and wait for nobody.
    async fn sweep_challenges(&self, limit: i64) -> Result<u64, sqlx::Error> {
        let deleted = sqlx::query(
            "DELETE FROM challenges WHERE (openid, app, hash) IN
             (SELECT openid, app, hash FROM challenges
              WHERE expires_at <= floor(extract(epoch FROM statement_timestamp()))::bigint
              ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)",
        )
        .bind(limit)
        .execute(&mut *self.connection().await?)
        .await?;
        Ok(deleted.rows_affected())
    }

    async fn sweep_access_tokens(&self, limit: i64) -> Result<u64, sqlx::Error> {
        let deleted = sqlx::query(
            "DELETE FROM access_tokens WHERE hash IN
             (SELECT hash FROM access_tokens WHERE expires_at <= floor(extract(epoch FROM statement_timestamp()))::bigint
              ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)",
        )
        .bind(limit)
        .execute(&mut *self.connection().await?)
        .await?;
        Ok(deleted.rows_affected())
    }

    async fn prove_writing(&self, nobody: &NewChallenge) -> Result<(), sqlx::Error> {
        let proved = self.write_nothing(nobody).await;
        if proved.as_ref().is_err_and(is_read_only) {
            self.stale.give_up_all();
        }
        proved
    }

    fn pool_state(&self) -> PoolState {
        let shared = [&self.key_reads, &self.new_challenges, &self.acceptances];
        PoolState {
            single: Connections { open: self.pool.size(), idle: self.pool.num_idle() },
            shared: shared
                .into_iter()
                .map(SharedConnection::state)
                .fold(Connections::default(), Connections::and),
        }
    }

    async fn challenge_figures(&self) -> Result<(i64, Option<i64>), sqlx::Error> {
        sqlx::query_as(
            "WITH clock AS (SELECT floor(extract(epoch FROM statement_timestamp()))::bigint AS now)
             SELECT (SELECT count(*) FROM challenges WHERE expires_at > now),
                    now - (SELECT min(expires_at) FROM challenges)
             FROM clock",
        )
        .fetch_one(&mut *self.connection().await?)
        .await
    }

    async fn now(&self) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar("SELECT floor(extract(epoch FROM statement_timestamp()))::bigint")
            .fetch_one(&mut *self.connection().await?)
            .await
    }

    async fn close(&self) {
        for connection in [&self.new_challenges, &self.key_reads, &self.acceptances] {
            connection.close().await;
        }
        self.pool.close().await;
    }
}

/// One statement is a transaction by itself, and its answer comes after its commit.
#[async_trait]
impl Batch for Lease {
    async fn accept(mut self: Box<Self>, results: &[Acceptance]) -> Result<Vec<Accepted>, NotAccepted> {
        let accepted = accept_all(self.connection(), results).await;
        self.settle(accepted).map_err(|error| {
            if is_undone(&error) { NotAccepted::Undone(error) } else { NotAccepted::Unknown(error) }
        })
    }
}

#[async_trait]
impl Transaction for Open<Postgres> {
    /// Whoever has locked a challenge is waited for.
    async fn accept(&mut self, results: &[Acceptance]) -> Result<Vec<Accepted>, sqlx::Error> {
        lock_challenges(self.connection()?, results).await?;
        accept_all(self.connection()?, results).await
    }

    async fn lock_key(&mut self, name: &KeyName) -> Result<Option<StoredKey>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible, backup_state, uid
             FROM app_keys WHERE credential_id = $1 AND app = $2 AND openid = $3 FOR UPDATE",
        )
        .bind(&name.credential_id)
        .bind(&name.owner.app)
        .bind(&name.owner.openid)
        .fetch_optional(self.connection()?)
        .await?;
        row.map(|row| stored_key(&row)).transpose()
    }

    async fn spend(
        &mut self,
        owner: &Owner,
        challenge: &Challenge,
        purpose: Purpose,
        keep_for: Option<i64>,
    ) -> Result<Result<(), Unspendable>, sqlx::Error> {
        let connection = self.connection()?;
        if challenge.is_issued {
            spend_issued(connection, owner, challenge, purpose).await
        } else {
            spend_own(connection, owner, challenge, purpose, keep_for).await
        }
    }

    async fn count_keys(&mut self, owner: &Owner) -> Result<i64, sqlx::Error> {
        let connection = self.connection()?;
        // Where an owner has no key yet there is no row to lock.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, hashtext($2)))")
            .bind(&owner.openid)
            .bind(&owner.app)
            .execute(&mut *connection)
            .await?;
        count_keys(connection, owner).await
    }

    async fn insert_key(&mut self, owner: &Owner, key: &StoredKey) -> Result<bool, sqlx::Error> {
        let record = &key.record;
        let inserted = sqlx::query(
            "INSERT INTO app_keys (app, openid, credential_id, public_key, uid, sign_count, uv_initialized,
                               backup_eligible, backup_state, transports, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, floor(extract(epoch FROM statement_timestamp()))::bigint)
             ON CONFLICT (credential_id, app) DO NOTHING",
        )
        .bind(&owner.app)
        .bind(&owner.openid)
        .bind(&record.id)
        .bind(&record.public_key)
        .bind(key.uid.as_deref())
        .bind(i64::from(record.sign_count))
        .bind(i64::from(record.uv_initialized))
        .bind(i64::from(record.backup_eligible))
        .bind(i64::from(record.backup_state))
        .bind(record.transports.join(","))
        .execute(self.connection()?)
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    async fn was_removed(&mut self, app: &str, credential_id: &[u8]) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM removed_keys WHERE hash = $1)")
            .bind(KeyName::removed_hash(app, credential_id).as_bytes().as_slice())
            .fetch_one(self.connection()?)
            .await
    }

    async fn delete_keys(&mut self, owner: &Owner, credential_id: Option<&[u8]>) -> Result<u64, sqlx::Error> {
        let deleted: Vec<Vec<u8>> = sqlx::query_scalar(
            "DELETE FROM app_keys WHERE openid = $1 AND app = $2 AND ($3::bytea IS NULL OR credential_id = $3)
             RETURNING credential_id",
        )
        .bind(&owner.openid)
        .bind(&owner.app)
        .bind(credential_id)
        .fetch_all(self.connection()?)
        .await?;
        let hashes = deleted.iter().map(|id| KeyName::removed_hash(&owner.app, id).as_bytes().to_vec());
        sqlx::query("INSERT INTO removed_keys (hash) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING")
            .bind(hashes.collect::<Vec<_>>())
            .execute(self.connection()?)
            .await?;
        Ok(u64::try_from(deleted.len()).unwrap_or(u64::MAX))
    }

    async fn delete_challenges(
        &mut self,
        owner: &Owner,
        lasting_ones: bool,
        after: &[u8],
        limit: i64,
    ) -> Result<(u64, Option<Vec<u8>>), sqlx::Error> {
        let connection = self.connection()?;
        let hashes: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT hash FROM challenges WHERE openid = $1 AND app = $2 AND hash > $3 ORDER BY hash LIMIT $4",
        )
        .bind(&owner.openid)
        .bind(&owner.app)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
        let Some(last) = hashes.last() else {
            return Ok((0, None));
        };
        let deleted = sqlx::query(
            "DELETE FROM challenges WHERE openid = $1 AND app = $2 AND hash > $3 AND hash <= $4
             AND (NOT $5 OR expires_at IS NULL)",
        )
        .bind(&owner.openid)
        .bind(&owner.app)
        .bind(after)
        .bind(last)
        .bind(lasting_ones)
        .execute(connection)
        .await?;
        let is_full = i64::try_from(hashes.len()).is_ok_and(|found| found >= limit);
        Ok((deleted.rows_affected(), is_full.then(|| last.clone())))
    }

    async fn commit(self: Box<Self>) -> Result<(), sqlx::Error> {
        self.end().await
    }
}

/// So that [`accept_all`] does not skip them.
async fn lock_challenges(connection: &mut PgConnection, results: &[Acceptance]) -> Result<(), sqlx::Error> {
    for result in results {
        sqlx::query("SELECT FROM challenges WHERE openid = $1 AND app = $2 AND hash = $3 FOR UPDATE")
            .bind(&result.owner.openid)
            .bind(&result.owner.app)
            .bind(result.challenge.hash.as_bytes().as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// One statement. It locks the keys first, and then the issued challenges, and skips those that others have locked, so that no two of
/// it wait for each other. A backend's own challenge that somebody else is about to store is no row yet, and is waited for.
async fn accept_all(
    connection: &mut PgConnection,
    results: &[Acceptance],
) -> Result<Vec<Accepted>, sqlx::Error> {
    let mut outcomes = vec![Accepted::NotAsRead; results.len()];
    for row in locked_results(connection, results).await? {
        if let Some(outcome) = at_mut(&mut outcomes, row.try_get(0)?) {
            *outcome = match row.try_get(1)? {
                "accepted" => Accepted::Accepted,
                "not issued" => Accepted::Refused(Unspendable::NotIssued),
                "expired" => Accepted::Refused(Unspendable::Expired),
                "spent" => Accepted::Refused(Unspendable::SpentBefore),
                // Locked by others.
                _ => Accepted::NotAsRead,
            };
        }
    }
    Ok(outcomes)
}

/// Accepts, and returns a row for each result whose key is as it was and could be locked: its place, from 1, and its outcome.
///
/// `coalesce` changes nothing, since an issued challenge always expires, but keeps it from the index of open challenges: with a plan made
/// while the table is empty it would read all that the owner has open.
async fn locked_results(
    connection: &mut PgConnection,
    results: &[Acceptance],
) -> Result<Vec<PgRow>, sqlx::Error> {
    let apps: Vec<_> = results.iter().map(|result| result.owner.app.as_str()).collect();
    let openids: Vec<_> = results.iter().map(|result| result.owner.openid.as_str()).collect();
    let ids: Vec<_> = results.iter().map(|result| result.before.id.as_slice()).collect();
    let public_keys: Vec<_> = results.iter().map(|result| result.before.public_key.as_slice()).collect();
    let counts: Vec<_> = results.iter().map(|result| i64::from(result.before.sign_count)).collect();
    let states: Vec<_> = results.iter().map(|result| i64::from(result.before.backup_state)).collect();
    let new_counts: Vec<_> = results.iter().map(|result| i64::from(result.after.sign_count)).collect();
    let new_states: Vec<_> = results.iter().map(|result| i64::from(result.after.backup_state)).collect();
    let hashes: Vec<_> = results.iter().map(|result| result.challenge.hash.as_bytes().as_slice()).collect();
    let issued: Vec<_> = results.iter().map(|result| result.challenge.is_issued).collect();
    let keep_for: Vec<_> = results.iter().map(|result| result.keep_for).collect();
    sqlx::query(
        "WITH result AS (
            SELECT *, floor(extract(epoch FROM statement_timestamp()))::bigint AS now
            FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[],
                        $7::bigint[], $8::bigint[], $9::bytea[], $10::bool[], $11::bigint[])
            WITH ORDINALITY AS result (app, openid, id, public_key, sign_count, backup_state, new_sign_count,
                                       new_backup_state, hash, is_issued, keep_for, place)
         ), locked AS (
            SELECT result.* FROM result
            JOIN app_keys AS keys ON keys.credential_id = result.id AND keys.app = result.app
            WHERE keys.openid = result.openid AND keys.public_key = result.public_key
              AND keys.sign_count = result.sign_count AND keys.backup_state = result.backup_state
            FOR UPDATE OF keys SKIP LOCKED
         ), open AS (
            SELECT locked.* FROM locked
            JOIN challenges ON challenges.openid = locked.openid AND challenges.app = locked.app
              AND challenges.hash = locked.hash
            WHERE locked.is_issued AND NOT challenges.spent_on_result
              AND coalesce(challenges.expires_at, 0) > locked.now
            FOR UPDATE OF challenges SKIP LOCKED
         ), issued AS (
            UPDATE challenges SET spent_on_result = TRUE FROM open
            WHERE challenges.openid = open.openid AND challenges.app = open.app AND challenges.hash = open.hash
              AND NOT challenges.spent_on_result
            RETURNING open.*
         ), own AS (
            INSERT INTO challenges (openid, app, hash, expires_at, spent_on_key, spent_on_result)
            SELECT openid, app, hash, now + keep_for, FALSE, TRUE FROM locked WHERE NOT is_issued
            ON CONFLICT (openid, app, hash) DO UPDATE SET spent_on_result = TRUE, expires_at = EXCLUDED.expires_at
            WHERE NOT challenges.spent_on_result
            RETURNING openid, app, hash
         ), spent AS (
            SELECT place, app, id, new_sign_count, new_backup_state, now FROM issued
            UNION ALL
            SELECT place, app, id, new_sign_count, new_backup_state, now FROM own JOIN locked USING (openid, app, hash)
         ), changed AS (
            UPDATE app_keys AS keys SET sign_count = new_sign_count, backup_state = new_backup_state, used_at = now
            FROM spent WHERE keys.credential_id = spent.id AND keys.app = spent.app
         )
         SELECT locked.place,
                CASE WHEN spent.place IS NOT NULL THEN 'accepted' WHEN NOT locked.is_issued THEN 'spent' ELSE coalesce(
                    (SELECT CASE WHEN expires_at <= locked.now THEN 'expired' WHEN spent_on_result THEN 'spent' ELSE 'locked' END
                     FROM challenges
                     WHERE challenges.openid = locked.openid AND challenges.app = locked.app
                       AND challenges.hash = locked.hash), 'not issued')
                END
         FROM locked LEFT JOIN spent USING (place)",
    )
    .bind(apps)
    .bind(openids)
    .bind(ids)
    .bind(public_keys)
    .bind(counts)
    .bind(states)
    .bind(new_counts)
    .bind(new_states)
    .bind(hashes)
    .bind(issued)
    .bind(keep_for)
    .fetch_all(connection)
    .await
}

async fn spend_issued(
    connection: &mut PgConnection,
    owner: &Owner,
    challenge: &Challenge,
    purpose: Purpose,
) -> Result<Result<(), Unspendable>, sqlx::Error> {
    let statement = match purpose {
        Purpose::Key => {
            "UPDATE challenges SET spent_on_key = TRUE
             WHERE openid = $1 AND app = $2 AND hash = $3 AND NOT spent_on_key
             AND expires_at > floor(extract(epoch FROM statement_timestamp()))::bigint"
        }
        Purpose::Result => {
            "UPDATE challenges SET spent_on_result = TRUE
             WHERE openid = $1 AND app = $2 AND hash = $3 AND NOT spent_on_result
             AND expires_at > floor(extract(epoch FROM statement_timestamp()))::bigint"
        }
    };
    let updated = sqlx::query(statement)
        .bind(&owner.openid)
        .bind(&owner.app)
        .bind(challenge.hash.as_bytes().as_slice())
        .execute(&mut *connection)
        .await?;
    if updated.rows_affected() == 1 {
        return Ok(Ok(()));
    }
    Ok(Err(unspendable(connection, owner, challenge).await?))
}

async fn spend_own(
    connection: &mut PgConnection,
    owner: &Owner,
    challenge: &Challenge,
    purpose: Purpose,
    keep_for: Option<i64>,
) -> Result<Result<(), Unspendable>, sqlx::Error> {
    let statement = match purpose {
        Purpose::Key => {
            "INSERT INTO challenges (openid, app, hash, expires_at, spent_on_key, spent_on_result)
             VALUES ($1, $2, $3, floor(extract(epoch FROM statement_timestamp()))::bigint + $4, TRUE, FALSE)
             ON CONFLICT (openid, app, hash) DO UPDATE SET spent_on_key = TRUE,
             expires_at = CASE WHEN EXCLUDED.expires_at IS NULL OR challenges.expires_at < EXCLUDED.expires_at
                               THEN EXCLUDED.expires_at ELSE challenges.expires_at END
             WHERE NOT challenges.spent_on_key"
        }
        Purpose::Result => {
            "INSERT INTO challenges (openid, app, hash, expires_at, spent_on_key, spent_on_result)
             VALUES ($1, $2, $3, floor(extract(epoch FROM statement_timestamp()))::bigint + $4, FALSE, TRUE)
             ON CONFLICT (openid, app, hash) DO UPDATE SET spent_on_result = TRUE, expires_at = EXCLUDED.expires_at
             WHERE NOT challenges.spent_on_result"
        }
    };
    let changed = sqlx::query(statement)
        .bind(&owner.openid)
        .bind(&owner.app)
        .bind(challenge.hash.as_bytes().as_slice())
        .bind(keep_for)
        .execute(connection)
        .await?;
    Ok(if changed.rows_affected() == 1 { Ok(()) } else { Err(Unspendable::SpentBefore) })
}

/// Why an issued challenge could not be spent.
async fn unspendable(
    connection: &mut PgConnection,
    owner: &Owner,
    challenge: &Challenge,
) -> Result<Unspendable, sqlx::Error> {
    let has_expired = sqlx::query_scalar(
        "SELECT expires_at <= floor(extract(epoch FROM statement_timestamp()))::bigint FROM challenges
         WHERE openid = $1 AND app = $2 AND hash = $3",
    )
    .bind(&owner.openid)
    .bind(&owner.app)
    .bind(challenge.hash.as_bytes().as_slice())
    .fetch_optional(connection)
    .await?;
    Ok(Unspendable::of_issued(has_expired))
}

async fn count_keys(connection: &mut PgConnection, owner: &Owner) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM app_keys WHERE openid = $1 AND app = $2")
        .bind(&owner.openid)
        .bind(&owner.app)
        .fetch_one(connection)
        .await
}

fn listed_key(row: &PgRow) -> Result<ListedKey, sqlx::Error> {
    Ok(ListedKey { key: stored_key(row)?, created_at: row.try_get(8)?, used_at: row.try_get(9)? })
}

fn stored_key(row: &PgRow) -> Result<StoredKey, sqlx::Error> {
    let sign_count: i64 = row.try_get(2)?;
    Ok(StoredKey {
        record: CredentialRecord {
            id: row.try_get(0)?,
            public_key: row.try_get(1)?,
            sign_count: u32::try_from(sign_count).map_err(|error| sqlx::Error::Decode(error.into()))?,
            uv_initialized: row.try_get::<i64, _>(3)? != 0,
            transports: StoredKey::transports(row.try_get(4)?),
            backup_eligible: row.try_get::<i64, _>(5)? != 0,
            backup_state: row.try_get::<i64, _>(6)? != 0,
        },
        uid: row.try_get(7)?,
    })
}

/// What has that ordinality, which begins with 1.
fn at_mut<T>(all: &mut [T], place: i64) -> Option<&mut T> {
    let place = usize::try_from(place.checked_sub(1)?).ok()?;
    all.get_mut(place)
}
