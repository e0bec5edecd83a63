//! A PostgreSQL of the tests' own: found or installed, started on a free port with an empty folder, and gone afterwards.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::apt::Apt;
use crate::workspace::Workspace;
use crate::{browsers, command, soter_server};

/// A running server. It ends when this is dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    password: String,
}

impl Postgres {
    /// Starts a server; an error says why there is none.
    pub fn start(workspace: &Workspace) -> Result<Self> {
        let programs = programs()?;
        let password = soter_server::random()?;
        // Not in the target folder, which the user `postgres` may not be able to reach. The name is nobody else's.
        let folder = std::env::temp_dir().join(format!("wx-soter-postgres-{}", soter_server::random()?));
        fs::create_dir(&folder).context("cannot make a folder for PostgreSQL")?;
        let server = Self { programs, folder, port: free_port()?, password };
        // Others on this machine may connect, but a superuser can start programs.
        let password_file = server.folder.join("password");
        fs::write(&password_file, &server.password).context("cannot write a password")?;
        command::run(Command::new("chmod").args(["-R", "go-rwx"]).arg(&server.folder))?;
        if is_root() {
            command::run(Command::new("chown").args(["-R", "postgres"]).arg(&server.folder))?;
        }
        let password_file = format!("--pwfile={}", password_file.display());
        let auth = ["--auth=scram-sha-256", &password_file, "--username=postgres"];
        server.run("initdb", &[&auth[..], &["--encoding=UTF8", "--no-locale"]].concat())?;
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200",
            server.port
        );
        let log = server.folder.join("log").display().to_string();
        server.run("pg_ctl", &["start", "-w", "-l", &log, "-o", &options])?;
        println!("PostgreSQL on port {}, for {}", server.port, workspace.root().display());
        Ok(server)
    }

    /// The address of its database `postgres`.
    pub fn url(&self) -> String {
        format!("postgres://postgres:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    /// Runs one of its programs on its folder. It refuses to be root.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.arg("-D").arg(self.folder.join("data")).args(arguments);
        command::run(command.current_dir(&self.folder).stdout(Stdio::null()))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = self.run("pg_ctl", &["stop", "-m", "immediate"]);
        let removed = fs::remove_dir_all(&self.folder);
        if let Err(error) = stopped.and_then(|()| removed.context("cannot remove its folder")) {
            eprintln!("warning: PostgreSQL could not be cleared away: {error:#}");
        }
    }
}

/// The folder of its programs. Debian keeps them off PATH, one folder a version.
fn programs() -> Result<PathBuf> {
    if let Some(folder) = find() {
        return Ok(folder);
    }
    if let Some(mut apt) = Apt::usable() {
        println!("Installing PostgreSQL with apt-get ...");
        apt.install(&["postgresql"])?;
    }
    let folder =
        find().context("PostgreSQL is missing: install it, so that initdb and pg_ctl are on PATH")?;
    ensure!(folder.join("pg_ctl").is_file(), "there is no pg_ctl in {}", folder.display());
    Ok(folder)
}

fn find() -> Option<PathBuf> {
    let on_path = || browsers::on_path("initdb")?.parent().map(Path::to_path_buf);
    debian().or_else(on_path)
}

fn debian() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let usable = versions.filter(|entry| entry.path().join("bin/initdb").is_file());
    let newest = usable.max_by_key(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok())?;
    Some(newest.path().join("bin"))
}

fn is_root() -> bool {
    command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("there is no free port")?;
    Ok(listener.local_addr().context("the socket has no address")?.port())
}
