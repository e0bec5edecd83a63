//! A disk that is full, for real: a small file system in memory. It wants a user who may mount one, and Linux.
#![cfg(target_os = "linux")]

use crate::common;

use common::at_end::AtEnd;
use common::{Database, Device, Made, Server, error, ok, until};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

const MIB: u64 = 1 << 20;

/// A file system of a test's own.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None`, with a word, where none can be mounted.
    fn mount(mebibytes: u64, owner: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        // The folder of others, too, who have to come through.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let options = format!("size={mebibytes}m,mode=700,uid={owner}");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).output();
        if !mount.is_ok_and(|mount| mount.status.success()) {
            eprintln!("skipped: no file system can be mounted here");
            return None;
        }
        Some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }

    /// Fills it, but for so many bytes.
    fn fill(&self, free: u64) {
        let mut filler = File::options().create(true).append(true).open(self.filler()).unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
        let length = filler.metadata().unwrap().len();
        filler.set_len(length.saturating_sub(free)).unwrap();
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

/// The service on a disk of a test's own, and a device with a key there.
struct Filled {
    server: Server,
    device: Device,
    results: AtomicU32,
}

impl Filled {
    async fn start(database: &Database) -> Self {
        let server = Server::with(database, &["--disk-reserve-mib", "4"]).await;
        let device = Device::without_counter("key");
        server.register("alice", &device).await;
        Self { server, device, results: AtomicU32::new(0) }
    }

    async fn ready(&self) -> (u16, String) {
        let response = reqwest::get(self.server.url("/readyz")).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn get_challenge(&self) -> Value {
        self.server.post("get_challenge", &json!({ "openid": "alice" })).await
    }

    /// Another result, which is accepted or failed.
    async fn one_more(&self) -> (Made, Value) {
        let number = self.results.fetch_add(1, Ordering::Relaxed);
        let result = self.device.result(&format!("order {number}"));
        let answer = self.server.verify("alice", &result).await;
        assert!(answer == ok() || answer == failed(), "{answer}");
        (result, answer)
    }

    /// Has results take what is left of the room, and gives one that failed.
    async fn one_that_fails(&self) -> Made {
        for _ in 0..1_000_000 {
            let (result, answer) = self.one_more().await;
            if answer == failed() {
                return result;
            }
        }
        panic!("the disk is never full");
    }
}

fn failed() -> Value {
    error(-1, "system error")
}

#[tokio::test(flavor = "multi_thread")]
async fn new_challenges_stop_before_results_do_and_both_go_on_with_room() {
    let Some(disk) = Disk::mount(16, 0) else {
        return;
    };
    let database = Database::at(format!("sqlite://{}/keys.db?mode=rwc", disk.path().display()));
    let filled = Filled::start(&database).await;
    let challenge = filled.server.challenge("alice").await;
    assert_eq!(filled.ready().await, (200, "ok".to_owned()));

    disk.fill(2 * MIB);
    assert_eq!(filled.get_challenge().await, error(45903, "no room for new challenges, retry later"));
    assert_eq!(filled.server.verify("alice", &filled.device.result(&challenge)).await, ok());
    let (status, text) = filled.ready().await;
    assert_eq!((status, text.contains("no new challenges")), (200, true), "{text}");

    disk.fill(0);
    let result = filled.one_that_fails().await;
    until("the end of readiness", async || {
        filled.one_more().await;
        filled.ready().await == (503, "the database cannot be written to".to_owned())
    })
    .await;

    disk.make_room();
    until("readiness", async || filled.ready().await == (200, "ok".to_owned())).await;
    // What failed was not spent.
    assert_eq!(filled.server.verify("alice", &result).await, ok());
    assert_eq!(filled.get_challenge().await["errcode"], 0);
}

/// What counts is the disk on which the file is, wherever its name is.
#[tokio::test(flavor = "multi_thread")]
async fn the_disk_behind_a_link_is_looked_at() {
    let Some(disk) = Disk::mount(16, 0) else {
        return;
    };
    let elsewhere = tempfile::tempdir().unwrap();
    let (file, link) = (disk.path().join("keys.db"), elsewhere.path().join("link.db"));
    File::create(&file).unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let url = format!("sqlite://{}?mode=rwc", link.display());
    let filled = Filled::start(&Database::at(url.clone())).await;
    assert_eq!(filled.get_challenge().await["errcode"], 0);
    disk.fill(2 * MIB);
    assert_eq!(filled.get_challenge().await["errcode"], 45903);
    let mut check = Command::new(env!("CARGO_BIN_EXE_soter-server"));
    check.args(["check", "--database-url", &url]).env_clear();
    let said = |check: &mut Command| String::from_utf8(check.output().unwrap().stdout).unwrap();
    let warning = "warning: less than --disk-reserve-mib is free";
    assert!(said(&mut check).contains(warning));
    assert!(!said(check.args(["--disk-reserve-mib", "1"])).contains(warning));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_of_postgresql_heals() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let mut admin = PgConnection::connect(&database.url).await.unwrap();
    let folder: Result<String, _> =
        sqlx::query_scalar("SELECT current_setting('data_directory')").fetch_one(&mut admin).await;
    let Some(owner) = folder.ok().and_then(|folder| fs::metadata(folder).ok()) else {
        eprintln!(
            "skipped: the server of SOTER_TEST_POSTGRES is not on this machine, or its user no superuser"
        );
        return;
    };
    let Some(disk) = Disk::mount(8, owner.uid()) else {
        return;
    };
    let filled = Filled::start(&database).await;
    let tablespace = format!("small_{}", std::process::id());
    let location = format!("CREATE TABLESPACE {tablespace} LOCATION '{}'", disk.path().display());
    admin.execute(AssertSqlSafe(location)).await.unwrap();
    // Before the disk goes, and also where the test fails: the server would miss the tablespace at each checkpoint.
    let at_end = AtEnd::execute(
        &database,
        [
            "SET lock_timeout = '1min'".to_owned(),
            "ALTER TABLE challenges SET TABLESPACE pg_default".to_owned(),
            format!("DROP TABLESPACE {tablespace}"),
        ],
    );
    let to = format!("ALTER TABLE challenges SET TABLESPACE {tablespace}");
    admin.execute(AssertSqlSafe(to)).await.unwrap();
    let challenge = filled.server.challenge("alice").await;
    assert_eq!(filled.server.verify("alice", &filled.device.result(&challenge)).await, ok());

    disk.fill(0);
    let result = filled.one_that_fails().await;
    until("the end of readiness", async || {
        filled.get_challenge().await;
        filled.ready().await == (503, "the database cannot be written to".to_owned())
    })
    .await;
    assert_eq!(filled.get_challenge().await, failed());

    disk.make_room();
    until("readiness", async || filled.ready().await == (200, "ok".to_owned())).await;
    assert_eq!(filled.server.verify("alice", &result).await, ok());
    assert_eq!(filled.get_challenge().await["errcode"], 0);
    filled.server.service.store.close().await;
    drop(at_end);
}
