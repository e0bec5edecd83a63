//! A database with so many keys in it.

use crate::device::{credential_id, openid, public_key};
use crate::process::parent_of;
use soter_server::store::Store;
use sqlx::{AnyPool, AssertSqlSafe, Connection, Executor, Row};
use std::time::Duration;

pub struct Database {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("keys.db").display());
        Self { url, _folder: Some(folder) }
    }

    pub async fn postgres(server: &str, suffix: &str) -> Self {
        let name = format!("bench_{}{suffix}", std::process::id());
        let mut admin = sqlx::PgConnection::connect(server).await.unwrap();
        admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        let mut url = url::Url::parse(server).unwrap();
        url.set_path(&name);
        Self { url: url.into(), _folder: None }
    }

    async fn pool(&self) -> AnyPool {
        sqlx::any::install_default_drivers();
        AnyPool::connect(&self.url).await.unwrap()
    }

    /// Adds keys until there are so many.
    pub async fn fill(&self, keys: u32) {
        Store::open(&self.url, 1, Duration::from_secs(10)).await.unwrap().close().await;
        let pool = self.pool().await;
        let row = pool.fetch_one("SELECT COUNT(*) FROM app_keys").await.unwrap();
        let numbers: Vec<u32> = (row.get::<i64, _>(0) as u32..keys).collect();
        let public_key = public_key();
        for some in numbers.chunks(50_000) {
            let mut transaction = pool.begin().await.unwrap();
            for few in some.chunks(500) {
                let rows: Vec<_> = (0..few.len())
                    .map(|row| {
                        let [id, openid, key] = [1, 2, 3].map(|column| row * 3 + column);
                        format!("('', ${id}, ${openid}, ${key}, 0, 1, 0, 0, 'internal', 0)")
                    })
                    .collect();
                let insert = format!(
                    "INSERT INTO app_keys (app, credential_id, openid, public_key, sign_count, uv_initialized, \
                     backup_eligible, backup_state, transports, created_at) VALUES {}",
                    rows.join(", ")
                );
                let mut insert = sqlx::query(AssertSqlSafe(insert));
                for number in few {
                    insert =
                        insert.bind(credential_id(*number)).bind(openid(*number)).bind(public_key.clone());
                }
                insert.execute(&mut *transaction).await.unwrap();
            }
            transaction.commit().await.unwrap();
        }
        if self.url.starts_with("postgres") {
            pool.execute("VACUUM ANALYZE app_keys").await.unwrap();
        }
        pool.close().await;
    }

    /// PostgreSQL's first process, which is the parent of all others; `None` where the database has no process of its own.
    pub async fn process(&self) -> Option<u32> {
        if !self.url.starts_with("postgres") {
            return None;
        }
        let pool = self.pool().await;
        let backend: i32 = pool.fetch_one("SELECT pg_backend_pid()").await.unwrap().get(0);
        let parent = parent_of(backend as u32);
        pool.close().await;
        parent
    }

    /// Bytes on the disk.
    pub async fn size(&self) -> i64 {
        let pool = self.pool().await;
        let question = if self.url.starts_with("postgres") {
            "SELECT pg_database_size(current_database())"
        } else {
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        };
        let size = pool.fetch_one(question).await.unwrap().get(0);
        pool.close().await;
        size
    }
}
