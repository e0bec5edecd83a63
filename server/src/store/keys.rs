//! Keys: credential records and whose they are.

use super::transaction::Transaction;
use super::{Store, Unspendable, challenges, until_unlocked};
use crate::challenge::{Challenge, Purpose};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use wx_soter_verifier::CredentialRecord;

/// A key as it is stored.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// The credential record.
    pub record: CredentialRecord,
    /// The user handle, where the backend told it.
    pub uid: Option<Vec<u8>>,
}

/// What became of an attempt to store a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition {
    /// It is stored.
    Added,
    /// The challenge stood in the way.
    Refused(Unspendable),
    /// The credential id is stored already, for this openid or another.
    RegisteredBefore,
}

const SELECT_KEY: &str =
    "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible,
                                 backup_state, uid
                          FROM keys WHERE credential_id = $1 AND openid = $2";

/// A key whose row nobody else can change, in no instance, until it is dropped or a result of it is accepted: a result is
/// checked with the counter of the one before it. (A check takes a tenth of what a commit takes. To check before, and compare
/// the counter at last, gives up whoever comes second.)
pub struct LockedKey {
    openid: String,
    key: StoredKey,
    transaction: Transaction,
}

impl Store {
    /// A key of an openid as it is now.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn key(&self, openid: &str, credential_id: &[u8]) -> Result<Option<StoredKey>, sqlx::Error> {
        let statement = sqlx::query(SELECT_KEY).bind(credential_id).bind(openid);
        statement.fetch_optional(&self.reads).await?.map(|row| stored_key(&row)).transpose()
    }

    /// Waits for the lock of the openid and locks the key's row.
    ///
    /// # Errors
    ///
    /// The database failed, or [somebody else has locked it](until_unlocked).
    pub async fn lock_key(
        &self,
        openid: &str,
        credential_id: &[u8],
    ) -> Result<Option<LockedKey>, sqlx::Error> {
        let mut transaction = Transaction::begin(self, openid).await?;
        let statement = AssertSqlSafe(format!("{SELECT_KEY}{}", self.kind.for_update()));
        let statement = sqlx::query(statement).bind(credential_id).bind(openid);
        let row = statement.fetch_optional(transaction.connection()?).await?;
        let key = row.map(|row| stored_key(&row)).transpose()?;
        Ok(key.map(|key| LockedKey { openid: openid.to_owned(), key, transaction }))
    }

    /// How many keys an openid has.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn count_keys(&self, openid: &str) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("SELECT COUNT(*) FROM keys WHERE openid = $1")
            .bind(openid)
            .fetch_one(&self.reads)
            .await?;
        row.try_get(0)
    }

    /// Spends the challenge and stores the key, or does neither.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn add_key(
        &self,
        openid: &str,
        key: &StoredKey,
        challenge: &Challenge,
        now: i64,
        keep_until: Option<i64>,
    ) -> Result<Addition, sqlx::Error> {
        until_unlocked(move || async move {
            let mut transaction = Transaction::begin(self, openid).await?;
            let connection = transaction.connection()?;
            let spent =
                challenges::spend(connection, openid, challenge, Purpose::Key, now, keep_until).await?;
            if let Err(unspendable) = spent {
                return Ok(Addition::Refused(unspendable));
            }
            if !insert(connection, openid, key, now).await? {
                return Ok(Addition::RegisteredBefore);
            }
            transaction.commit().await?;
            Ok(Addition::Added)
        })
        .await
    }

    /// Forgets a key of an openid; false if it has none such.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_key(&self, openid: &str, credential_id: &[u8]) -> Result<bool, sqlx::Error> {
        until_unlocked(move || async move {
            let mut transaction = Transaction::begin(self, openid).await?;
            let deleted = sqlx::query("DELETE FROM keys WHERE credential_id = $1 AND openid = $2")
                .bind(credential_id)
                .bind(openid)
                .execute(transaction.connection()?)
                .await?;
            transaction.commit().await?;
            Ok(deleted.rows_affected() > 0)
        })
        .await
    }

    /// Forgets all keys of an openid.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_keys(&self, openid: &str) -> Result<bool, sqlx::Error> {
        until_unlocked(move || async move {
            let mut transaction = Transaction::begin(self, openid).await?;
            let deleted = sqlx::query("DELETE FROM keys WHERE openid = $1")
                .bind(openid)
                .execute(transaction.connection()?)
                .await?;
            transaction.commit().await?;
            Ok(deleted.rows_affected() > 0)
        })
        .await
    }
}

impl LockedKey {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &StoredKey {
        &self.key
    }

    /// Whether a result with this challenge was accepted.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn is_spent_on_result(mut self, challenge: &Challenge) -> Result<bool, sqlx::Error> {
        challenges::is_spent_on_result(self.transaction.connection()?, &self.openid, challenge).await
    }

    /// Spends the challenge and stores what a result changed in the record, or does neither.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn accept(
        mut self,
        after: &CredentialRecord,
        challenge: &Challenge,
        now: i64,
        keep_until: Option<i64>,
    ) -> Result<Result<(), Unspendable>, sqlx::Error> {
        let (openid, connection) = (self.openid.as_str(), self.transaction.connection()?);
        let spent =
            challenges::spend(connection, openid, challenge, Purpose::Result, now, keep_until).await?;
        if spent.is_err() {
            return Ok(spent);
        }
        sqlx::query(
            "UPDATE keys SET sign_count = $1, backup_state = $2, used_at = $3 WHERE credential_id = $4",
        )
        .bind(i64::from(after.sign_count))
        .bind(i64::from(after.backup_state))
        .bind(now)
        .bind(self.key.record.id.as_slice())
        .execute(connection)
        .await?;
        self.transaction.commit().await?;
        Ok(Ok(()))
    }
}

/// False where the credential id is stored already.
async fn insert(
    connection: &mut AnyConnection,
    openid: &str,
    key: &StoredKey,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let record = &key.record;
    let inserted = sqlx::query(
        "INSERT INTO keys (credential_id, openid, public_key, uid, sign_count, uv_initialized, backup_eligible,
                           backup_state, transports, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (credential_id) DO NOTHING",
    )
    .bind(record.id.as_slice())
    .bind(openid)
    .bind(record.public_key.as_slice())
    .bind(key.uid.as_deref())
    .bind(i64::from(record.sign_count))
    .bind(i64::from(record.uv_initialized))
    .bind(i64::from(record.backup_eligible))
    .bind(i64::from(record.backup_state))
    .bind(record.transports.join(","))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

fn stored_key(row: &AnyRow) -> Result<StoredKey, sqlx::Error> {
    let sign_count: i64 = row.try_get(2)?;
    let transports: String = row.try_get(4)?;
    Ok(StoredKey {
        record: CredentialRecord {
            id: row.try_get(0)?,
            public_key: row.try_get(1)?,
            sign_count: u32::try_from(sign_count).map_err(|error| sqlx::Error::Decode(error.into()))?,
            uv_initialized: row.try_get::<i64, _>(3)? != 0,
            transports: transports.split(',').filter(|name| !name.is_empty()).map(Into::into).collect(),
            backup_eligible: row.try_get::<i64, _>(5)? != 0,
            backup_state: row.try_get::<i64, _>(6)? != 0,
        },
        uid: row.try_get(7)?,
    })
}
