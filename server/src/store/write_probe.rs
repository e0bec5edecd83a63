//! The proof that calls can be answered: what they write can be written.

use super::{NewChallenge, Owner, Store};
use crate::challenge::{self, Challenge};

impl Store {
    /// Writes a challenge that nobody can use, waits for the disk, and deletes it; reads a key as a result has it read, and takes
    /// the locks that a result takes. On each of the connections by which results are accepted and keys change.
    ///
    /// # Errors
    ///
    /// The database failed. Where it only reads, connections are given up as well.
    pub async fn prove_writing(&self) -> Result<(), sqlx::Error> {
        let challenge = challenge::issue().map_err(|error| sqlx::Error::Configuration(error.into()))?;
        let hash = Challenge::of(&challenge).hash;
        // No call can have an empty openid.
        let nobody = Owner::default();
        self.database.prove_writing(&NewChallenge { owner: nobody, hash, lifetime: 0, room: i64::MAX }).await
    }
}
