//! Keys: credential records and whose they are.

use super::{Store, Unspendable, challenges};
use crate::challenge::{Challenge, Purpose};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
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

/// What became of an attempt to accept a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// The challenge is spent and the new counter stored.
    Accepted,
    /// The challenge stood in the way.
    Refused(Unspendable),
    /// The key is no longer what it was when the result was checked: another result came first and moved its counter, or
    /// it was removed, and perhaps registered anew.
    KeyChanged,
}

impl Store {
    /// A key of an openid.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn key(&self, openid: &str, credential_id: &[u8]) -> Result<Option<StoredKey>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT credential_id, public_key, sign_count, uv_initialized, transports, backup_eligible,
                    backup_state, uid
             FROM keys WHERE credential_id = $1 AND openid = $2",
        )
        .bind(credential_id)
        .bind(openid)
        .fetch_optional(&self.reads)
        .await?;
        row.map(|row| stored_key(&row)).transpose()
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
        let mut transaction = self.writes.begin().await?;
        let spent =
            challenges::spend(&mut transaction, openid, challenge, Purpose::Key, now, keep_until).await?;
        if let Err(unspendable) = spent {
            return Ok(Addition::Refused(unspendable));
        }
        if !insert(&mut transaction, openid, key, now).await? {
            return Ok(Addition::RegisteredBefore);
        }
        transaction.commit().await?;
        Ok(Addition::Added)
    }

    /// Spends the challenge and stores what the result changed in the record, or does neither.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn accept(
        &self,
        openid: &str,
        before: &CredentialRecord,
        after: &CredentialRecord,
        challenge: &Challenge,
        now: i64,
        keep_until: Option<i64>,
    ) -> Result<Acceptance, sqlx::Error> {
        let mut transaction = self.writes.begin().await?;
        let spent =
            challenges::spend(&mut transaction, openid, challenge, Purpose::Result, now, keep_until).await?;
        if let Err(unspendable) = spent {
            return Ok(Acceptance::Refused(unspendable));
        }
        let updated = sqlx::query(
            "UPDATE keys SET sign_count = $1, backup_state = $2, used_at = $3
             WHERE credential_id = $4 AND openid = $5 AND sign_count = $6 AND public_key = $7",
        )
        .bind(i64::from(after.sign_count))
        .bind(i64::from(after.backup_state))
        .bind(now)
        .bind(before.id.as_slice())
        .bind(openid)
        .bind(i64::from(before.sign_count))
        .bind(before.public_key.as_slice())
        .execute(&mut *transaction)
        .await?;
        if updated.rows_affected() != 1 {
            return Ok(Acceptance::KeyChanged);
        }
        transaction.commit().await?;
        Ok(Acceptance::Accepted)
    }

    /// Forgets a key of an openid; false if it has none such.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_key(&self, openid: &str, credential_id: &[u8]) -> Result<bool, sqlx::Error> {
        let deleted = sqlx::query("DELETE FROM keys WHERE credential_id = $1 AND openid = $2")
            .bind(credential_id)
            .bind(openid)
            .execute(&self.writes)
            .await?;
        Ok(deleted.rows_affected() > 0)
    }

    /// Forgets all keys of an openid.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_keys(&self, openid: &str) -> Result<bool, sqlx::Error> {
        let deleted =
            sqlx::query("DELETE FROM keys WHERE openid = $1").bind(openid).execute(&self.writes).await?;
        Ok(deleted.rows_affected() > 0)
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
