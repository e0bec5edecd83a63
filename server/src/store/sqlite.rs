//! SQLite. There is one writer: what reads within a transaction sees nothing change until it ends. Many rows come as one JSON
//! text, so that they cost one statement.

use super::database::{Batch, Database, NotAccepted, Transaction};
use super::exclusive_connection::{ExclusiveConnection, Lease};
use super::owner_locks::OwnerGuard;
use super::transaction::Open;
use super::waiting::Waiting;
use super::{
    Acceptance, Accepted, Connections, IssuedToken, KeyName, KnownChallenge, ListedKey, NewChallenge, Owner,
    PoolState, StoredKey, Unspendable, migrations, session,
};
use crate::challenge::{Challenge, Purpose};
use crate::secret::Hash;
use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow};
use sqlx::{Executor, Row, Sqlite, SqliteConnection, SqlitePool};
use std::collections::HashSet;
use std::str::FromStr;
use std::time::Duration;
use wx_soter_verifier::CredentialRecord;

/// Locks the database at once: a transaction that reads first and writes then fails where another process has written in
/// between. Its commit waits for the disk. Pragmas work while they are prepared, so this and the next must not be kept prepared.
const BEGIN: &str = "PRAGMA synchronous = FULL; BEGIN IMMEDIATE";

/// What comes next is one statement, and a transaction by itself, which takes the lock as [`BEGIN`] does. Its commit does not wait for
/// the disk. The next one of [`BEGIN`] flushes it, too.
const UNFLUSHED: &str = "PRAGMA synchronous = NORMAL";

pub(super) struct SqliteDatabase {
    reads: SqlitePool,
    /// Reads keys for many calls at once.
    key_reads: ExclusiveConnection,
    /// One connection: waiting for it in order is better than all trying for the lock.
    writes: ExclusiveConnection,
}

impl SqliteDatabase {
    pub async fn open(url: &str, max_connections: u32, acquire_timeout: Duration) -> anyhow::Result<Self> {
        let address = SqliteConnectOptions::from_str(url)?;
        let writes = ExclusiveConnection::new(address.clone(), acquire_timeout);
        let mut first = writes.acquire().await?;
        migrations::ensure_sqlite(first.connection()?).await?;
        first.keep();
        let key_reads = ExclusiveConnection::new(address.clone(), acquire_timeout);
        key_reads.acquire().await?.keep();
        let reads = SqlitePoolOptions::new()
            .acquire_timeout(acquire_timeout)
            .max_connections(max_connections)
            // A file does not disconnect.
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(session::prepare_sqlite(connection)))
            .connect_with(address)
            .await?;
        Ok(Self { reads, key_reads, writes })
    }

    /// For one call, which is counted while it waits.
    async fn begin(&self, turn: Option<OwnerGuard>) -> Result<Open<Sqlite>, sqlx::Error> {
        let waiting = Waiting::alone();
        let lease = self.writes.acquire().await?;
        drop(waiting);
        Open::begin(lease, BEGIN, turn).await
    }

    /// For many calls, each of which is counted by its [lane](super::lane), or for none.
    async fn begin_shared(&self) -> Result<Open<Sqlite>, sqlx::Error> {
        Open::begin(self.writes.acquire().await?, BEGIN, None).await
    }

    /// For one statement, for many calls or for none.
    async fn unflushed(&self) -> Result<Lease, sqlx::Error> {
        let mut lease = self.writes.acquire().await?;
        lease.connection()?.execute(UNFLUSHED).await?;
        Ok(lease)
    }
}

#[async_trait]
impl Database for SqliteDatabase {
    async fn begin(&self, turn: OwnerGuard) -> Result<Box<dyn Transaction>, sqlx::Error> {
        Ok(Box::new(self.begin(Some(turn)).await?))
    }

    async fn begin_many(&self) -> Result<Box<dyn Batch>, sqlx::Error> {
        Ok(Box::new(self.begin_shared().await?))
    }

    async fn add_challenges(&self, challenges: &[NewChallenge]) -> Result<Vec<bool>, sqlx::Error> {
        let rows = challenges.iter().map(|new| {
            json!({
                "app": new.owner.app, "openid": new.owner.openid, "hash": new.hash.to_hex(),
                "lifetime": new.lifetime, "room": new.room,
            })
        });
        // It may be committed even where the caller gives up meanwhile. Nobody knows such a challenge, and it expires.
        let mut lease = self.unflushed().await?;
        let added = sqlx::query(
            "INSERT INTO challenges (app, openid, hash, expires_at, spent_on_key, spent_on_result)
             SELECT value ->> 'app', value ->> 'openid', unhex(value ->> 'hash'), unixepoch() + (value ->> 'lifetime'),
                    FALSE, FALSE
             FROM json_each(?1)
             WHERE (SELECT count(*) FROM challenges AS open
                    WHERE open.app = value ->> 'app' AND open.openid = value ->> 'openid'
                    AND NOT open.spent_on_result AND open.expires_at > unixepoch()
                    -- What is kept for longer is spent.
                    AND open.expires_at <= unixepoch() + (value ->> 'lifetime')) < value ->> 'room'
             RETURNING hash",
        )
        .bind(text_of(rows))
        .fetch_all(lease.connection()?)
        .await?;
        lease.keep();
        let added = added.iter().map(|row| row.try_get(0)).collect::<Result<HashSet<Vec<u8>>, _>>()?;
        Ok(challenges.iter().map(|new| added.contains(new.hash.as_bytes().as_slice())).collect())
    }

    async fn keys(&self, names: &[KeyName]) -> Result<Vec<Option<StoredKey>>, sqlx::Error> {
        let rows = names.iter().map(|name| {
            let id = hex(&name.credential_id);
            json!({ "app": name.owner.app, "openid": name.owner.openid, "id": id })
        });
        let mut lease = self.key_reads.acquire().await?;
        let found = sqlx::query(
            "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible, backup_state,
                    uid, name.key
             FROM json_each(?1) AS name
             CROSS JOIN app_keys AS keys ON credential_id = unhex(name.value ->> 'id') AND app = name.value ->> 'app'
             WHERE openid = name.value ->> 'openid'",
        )
        .bind(text_of(rows))
        .fetch_all(lease.connection()?)
        .await?;
        lease.keep();
        let mut keys: Vec<_> = names.iter().map(|_| None).collect();
        for row in found {
            let place = usize::try_from(row.try_get::<i64, _>(8)?).unwrap_or(usize::MAX);
            if let Some(key) = keys.get_mut(place) {
                *key = Some(stored_key(&row)?);
            }
        }
        Ok(keys)
    }

    async fn count_keys(&self, owner: &Owner) -> Result<i64, sqlx::Error> {
        count_keys(&mut *self.reads.acquire().await?, owner).await
    }

    async fn list_keys(&self, owner: &Owner) -> Result<Vec<ListedKey>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible, backup_state,
                    uid, created_at, used_at
             FROM app_keys WHERE openid = ?1 AND app = ?2 ORDER BY created_at, credential_id",
        )
        .bind(&owner.openid)
        .bind(&owner.app)
        .fetch_all(&self.reads)
        .await?;
        rows.iter().map(listed_key).collect()
    }

    async fn challenge(
        &self,
        owner: &Owner,
        challenge: &Challenge,
    ) -> Result<Option<KnownChallenge>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT coalesce(expires_at <= unixepoch(), FALSE), spent_on_result
             FROM challenges WHERE app = ?1 AND openid = ?2 AND hash = ?3",
        )
        .bind(&owner.app)
        .bind(&owner.openid)
        .bind(challenge.hash.as_bytes().as_slice())
        .fetch_optional(&self.reads)
        .await?;
        row.map(|row| {
            Ok(KnownChallenge { has_expired: row.try_get(0)?, is_spent_on_result: row.try_get(1)? })
        })
        .transpose()
    }

    async fn add_access_token(&self, hash: &Hash, appid: &str, lifetime: i64) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin(None).await?;
        sqlx::query("INSERT INTO access_tokens (hash, appid, expires_at) VALUES (?1, ?2, unixepoch() + ?3)")
            .bind(hash.as_bytes().as_slice())
            .bind(appid)
            .bind(lifetime)
            .execute(transaction.connection()?)
            .await?;
        transaction.end().await
    }

    async fn access_token(&self, hash: &Hash) -> Result<Option<IssuedToken>, sqlx::Error> {
        let row = sqlx::query("SELECT appid, expires_at - unixepoch() FROM access_tokens WHERE hash = ?1")
            .bind(hash.as_bytes().as_slice())
            .fetch_optional(&self.reads)
            .await?;
        row.map(|row| Ok(IssuedToken { appid: row.try_get(0)?, expires_in: row.try_get(1)? })).transpose()
    }

    async fn sweep_challenges(&self, limit: i64) -> Result<u64, sqlx::Error> {
        let mut lease = self.unflushed().await?;
        let deleted = sqlx::query(
            "DELETE FROM challenges WHERE (openid, app, hash) IN
             (SELECT openid, app, hash FROM challenges WHERE expires_at <= unixepoch() LIMIT ?1)",
        )
        .bind(limit)
        .execute(lease.connection()?)
        .await?;
        lease.keep();
        Ok(deleted.rows_affected())
    }

    async fn sweep_access_tokens(&self, limit: i64) -> Result<u64, sqlx::Error> {
        let mut lease = self.unflushed().await?;
        let deleted = sqlx::query(
            "DELETE FROM access_tokens WHERE hash IN
             (SELECT hash FROM access_tokens WHERE expires_at <= unixepoch() LIMIT ?1)",
        )
        .bind(limit)
        .execute(lease.connection()?)
        .await?;
        lease.keep();
        Ok(deleted.rows_affected())
    }

    async fn prove_writing(&self, nobody: &NewChallenge) -> Result<(), sqlx::Error> {
        let (owner, hash) = (&nobody.owner, nobody.hash.as_bytes().as_slice());
        self.keys(&[KeyName { owner: owner.clone(), credential_id: hash.to_vec() }]).await?;
        let mut transaction = self.begin_shared().await?;
        let connection = transaction.connection()?;
        sqlx::query(
            "INSERT INTO challenges (app, openid, hash, expires_at, spent_on_key, spent_on_result)
             VALUES (?1, ?2, ?3, unixepoch() + ?4, FALSE, FALSE)",
        )
        .bind(&owner.app)
        .bind(&owner.openid)
        .bind(hash)
        .bind(nobody.lifetime)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "UPDATE app_keys SET sign_count = sign_count WHERE credential_id = ?1 AND app = ?2 AND openid = ?3",
        )
        .bind(hash)
        .bind(&owner.app)
        .bind(&owner.openid)
        .execute(&mut *connection)
        .await?;
        sqlx::query("DELETE FROM challenges WHERE app = ?1 AND openid = ?2 AND hash = ?3")
            .bind(&owner.app)
            .bind(&owner.openid)
            .bind(hash)
            .execute(connection)
            .await?;
        transaction.end().await
    }

    /// Of the one that writes, which works for one call and for many. What only reads waits for one of `max_connections` readers, and
    /// not for long: nothing locks them out.
    fn pool_state(&self) -> PoolState {
        PoolState { single: self.writes.state(), shared: Connections::default() }
    }

    async fn challenge_figures(&self) -> Result<(i64, Option<i64>), sqlx::Error> {
        sqlx::query_as(
            "SELECT (SELECT count(*) FROM challenges WHERE expires_at > unixepoch()),
                    unixepoch() - (SELECT min(expires_at) FROM challenges)",
        )
        .fetch_one(&self.reads)
        .await
    }

    /// This machine's.
    async fn now(&self) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar("SELECT unixepoch()").fetch_one(&self.reads).await
    }

    async fn close(&self) {
        self.writes.close().await;
        self.key_reads.close().await;
        self.reads.close().await;
    }
}

#[async_trait]
impl Batch for Open<Sqlite> {
    async fn accept(mut self: Box<Self>, results: &[Acceptance]) -> Result<Vec<Accepted>, NotAccepted> {
        let accepted = Transaction::accept(&mut *self, results).await.map_err(NotAccepted::Undone)?;
        self.end().await.map_err(NotAccepted::Unknown)?;
        Ok(accepted)
    }
}

#[async_trait]
impl Transaction for Open<Sqlite> {
    async fn accept(&mut self, results: &[Acceptance]) -> Result<Vec<Accepted>, sqlx::Error> {
        let rows = results.iter().map(|result| {
            let (before, owner) = (&result.before, &result.owner);
            json!({
                "app": owner.app, "openid": owner.openid, "id": hex(&before.id), "public_key": hex(&before.public_key),
                "sign_count": before.sign_count, "backup_state": i64::from(before.backup_state),
                "hash": result.challenge.hash.to_hex(),
            })
        });
        let found = sqlx::query(
            "SELECT result.key, challenges.expires_at, challenges.expires_at <= unixepoch(), challenges.spent_on_result
             FROM json_each(?1) AS result
             CROSS JOIN app_keys AS keys ON keys.credential_id = unhex(result.value ->> 'id') AND keys.app = result.value ->> 'app'
             LEFT JOIN challenges ON challenges.openid = result.value ->> 'openid'
                AND challenges.app = result.value ->> 'app' AND challenges.hash = unhex(result.value ->> 'hash')
             WHERE keys.openid = result.value ->> 'openid' AND keys.public_key = unhex(result.value ->> 'public_key')
                AND keys.sign_count = result.value ->> 'sign_count'
                AND keys.backup_state = result.value ->> 'backup_state'",
        )
        .bind(text_of(rows))
        .fetch_all(self.connection()?)
        .await?;
        let mut outcomes = vec![Accepted::NotAsRead; results.len()];
        let mut accepted = Vec::new();
        for row in found {
            let place = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(usize::MAX);
            let (Some(result), Some(outcome)) = (results.get(place), outcomes.get_mut(place)) else {
                continue;
            };
            let has_expired = row.try_get::<Option<bool>, _>(2)?.unwrap_or(false);
            let known = row
                .try_get::<Option<bool>, _>(3)?
                .map(|is_spent_on_result| KnownChallenge { has_expired, is_spent_on_result });
            match Unspendable::on_result(&result.challenge, known) {
                None => {
                    *outcome = Accepted::Accepted;
                    accepted.push(acceptance(result, row.try_get(1)?));
                }
                Some(why) => *outcome = Accepted::Refused(why),
            }
        }
        if !accepted.is_empty() {
            write_accepted(self.connection()?, &text_of(accepted.into_iter())).await?;
        }
        Ok(outcomes)
    }

    async fn lock_key(&mut self, name: &KeyName) -> Result<Option<StoredKey>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible, backup_state, uid
             FROM app_keys WHERE credential_id = ?1 AND app = ?2 AND openid = ?3",
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
        count_keys(self.connection()?, owner).await
    }

    async fn insert_key(&mut self, owner: &Owner, key: &StoredKey) -> Result<bool, sqlx::Error> {
        let record = &key.record;
        let inserted = sqlx::query(
            "INSERT INTO app_keys (app, openid, credential_id, public_key, uid, sign_count, uv_initialized,
                               backup_eligible, backup_state, transports, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, unixepoch())
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
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM removed_keys WHERE hash = ?1)")
            .bind(KeyName::removed_hash(app, credential_id).as_bytes().as_slice())
            .fetch_one(self.connection()?)
            .await
    }

    async fn delete_keys(&mut self, owner: &Owner, credential_id: Option<&[u8]>) -> Result<u64, sqlx::Error> {
        let deleted: Vec<Vec<u8>> = sqlx::query_scalar(
            "DELETE FROM app_keys WHERE openid = ?1 AND app = ?2 AND (?3 IS NULL OR credential_id = ?3)
             RETURNING credential_id",
        )
        .bind(&owner.openid)
        .bind(&owner.app)
        .bind(credential_id)
        .fetch_all(self.connection()?)
        .await?;
        let hashes = deleted.iter().map(|id| KeyName::removed_hash(&owner.app, id).to_hex().into());
        sqlx::query(
            "INSERT INTO removed_keys (hash) SELECT unhex(value) FROM json_each(?1) WHERE TRUE ON CONFLICT DO NOTHING",
        )
        .bind(text_of(hashes))
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
            "SELECT hash FROM challenges WHERE openid = ?1 AND app = ?2 AND hash > ?3 ORDER BY hash LIMIT ?4",
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
            "DELETE FROM challenges WHERE openid = ?1 AND app = ?2 AND hash > ?3 AND hash <= ?4
             AND (NOT ?5 OR expires_at IS NULL)",
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

/// What is stored of a result that was accepted. The expiry of an issued challenge stays as it is.
fn acceptance(result: &Acceptance, expires_at: Option<i64>) -> Value {
    json!({
        "app": result.owner.app, "openid": result.owner.openid, "id": hex(&result.before.id),
        "sign_count": result.after.sign_count, "backup_state": i64::from(result.after.backup_state),
        "hash": result.challenge.hash.to_hex(), "expires_at": expires_at.filter(|_| result.challenge.is_issued),
        "keep_for": result.keep_for,
    })
}

async fn write_accepted(connection: &mut SqliteConnection, accepted: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO challenges (app, openid, hash, expires_at, spent_on_key, spent_on_result)
         SELECT value ->> 'app', value ->> 'openid', unhex(value ->> 'hash'),
                coalesce(value ->> 'expires_at', unixepoch() + (value ->> 'keep_for')), FALSE, TRUE
         FROM json_each(?1) WHERE TRUE
         ON CONFLICT (openid, app, hash) DO UPDATE SET spent_on_result = TRUE, expires_at = EXCLUDED.expires_at",
    )
    .bind(accepted)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE app_keys AS keys SET sign_count = result.value ->> 'sign_count', backup_state = result.value ->> 'backup_state',
                         used_at = unixepoch()
         FROM json_each(?1) AS result
         WHERE keys.credential_id = unhex(result.value ->> 'id') AND keys.app = result.value ->> 'app'",
    )
    .bind(accepted)
    .execute(connection)
    .await?;
    Ok(())
}

async fn spend_issued(
    connection: &mut SqliteConnection,
    owner: &Owner,
    challenge: &Challenge,
    purpose: Purpose,
) -> Result<Result<(), Unspendable>, sqlx::Error> {
    let statement = match purpose {
        Purpose::Key => {
            "UPDATE challenges SET spent_on_key = TRUE
             WHERE openid = ?1 AND app = ?2 AND hash = ?3 AND NOT spent_on_key AND expires_at > unixepoch()"
        }
        Purpose::Result => {
            "UPDATE challenges SET spent_on_result = TRUE
             WHERE openid = ?1 AND app = ?2 AND hash = ?3 AND NOT spent_on_result AND expires_at > unixepoch()"
        }
    };
    let hash = challenge.hash.as_bytes().as_slice();
    let updated = sqlx::query(statement)
        .bind(&owner.openid)
        .bind(&owner.app)
        .bind(hash)
        .execute(&mut *connection)
        .await?;
    if updated.rows_affected() == 1 {
        return Ok(Ok(()));
    }
    let has_expired = sqlx::query_scalar(
        "SELECT expires_at <= unixepoch() FROM challenges WHERE openid = ?1 AND app = ?2 AND hash = ?3",
    )
    .bind(&owner.openid)
    .bind(&owner.app)
    .bind(hash)
    .fetch_optional(connection)
    .await?;
    Ok(Err(Unspendable::of_issued(has_expired)))
}

async fn spend_own(
    connection: &mut SqliteConnection,
    owner: &Owner,
    challenge: &Challenge,
    purpose: Purpose,
    keep_for: Option<i64>,
) -> Result<Result<(), Unspendable>, sqlx::Error> {
    let statement = match purpose {
        Purpose::Key => {
            "INSERT INTO challenges (openid, app, hash, expires_at, spent_on_key, spent_on_result)
             VALUES (?1, ?2, ?3, unixepoch() + ?4, TRUE, FALSE)
             ON CONFLICT (openid, app, hash) DO UPDATE SET spent_on_key = TRUE,
             expires_at = CASE WHEN EXCLUDED.expires_at IS NULL OR challenges.expires_at < EXCLUDED.expires_at
                               THEN EXCLUDED.expires_at ELSE challenges.expires_at END
             WHERE NOT challenges.spent_on_key"
        }
        Purpose::Result => {
            "INSERT INTO challenges (openid, app, hash, expires_at, spent_on_key, spent_on_result)
             VALUES (?1, ?2, ?3, unixepoch() + ?4, FALSE, TRUE)
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

async fn count_keys(connection: &mut SqliteConnection, owner: &Owner) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM app_keys WHERE openid = ?1 AND app = ?2")
        .bind(&owner.openid)
        .bind(&owner.app)
        .fetch_one(connection)
        .await
}

fn listed_key(row: &SqliteRow) -> Result<ListedKey, sqlx::Error> {
    Ok(ListedKey { key: stored_key(row)?, created_at: row.try_get(8)?, used_at: row.try_get(9)? })
}

fn stored_key(row: &SqliteRow) -> Result<StoredKey, sqlx::Error> {
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

fn text_of(rows: impl Iterator<Item = Value>) -> String {
    Value::from_iter(rows).to_string()
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn level(lease: &mut Lease) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar("PRAGMA synchronous").persistent(false).fetch_one(lease.connection()?).await
    }

    /// One connection does both, by turns, and SQLite changes this when a statement is prepared: one that is kept prepared would do so
    /// only once.
    #[tokio::test]
    async fn only_what_may_be_lost_does_not_wait_for_the_disk() -> anyhow::Result<()> {
        const NORMAL: i64 = 1;
        const FULL: i64 = 2;
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("soter.db").display());
        let database = SqliteDatabase::open(&url, 1, Duration::from_secs(600)).await?;
        for _ in 0..3 {
            let mut lease = database.unflushed().await?;
            assert_eq!(level(&mut lease).await?, NORMAL);
            lease.keep();
            database.begin_shared().await?.end().await?;
            let mut lease = database.writes.acquire().await?;
            assert_eq!(level(&mut lease).await?, FULL);
            lease.keep();
        }
        database.close().await;
        Ok(())
    }
}
