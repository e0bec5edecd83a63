//! What a test changes beyond its own database, and has to change back.

use super::Database;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::thread;
use tokio::runtime::Builder;

/// Statements that are executed by a PostgreSQL when a test ends, however it ends.
pub struct AtEnd {
    url: String,
    statements: Vec<String>,
}

impl AtEnd {
    pub fn execute(database: &Database, statements: impl Into<Vec<String>>) -> Self {
        Self { url: database.url.clone(), statements: statements.into() }
    }
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        let (url, statements) = (self.url.clone(), std::mem::take(&mut self.statements));
        // A runtime cannot wait within another one, which is the test's.
        let executed = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                for statement in statements {
                    connection.execute(AssertSqlSafe(statement)).await.unwrap();
                }
            });
        })
        .join();
        // A second panic would end the program before it says what the first one was.
        assert!(executed.is_ok() || thread::panicking(), "what a test has changed is not changed back");
    }
}
