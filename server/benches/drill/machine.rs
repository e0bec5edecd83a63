//! The database's machine of a zone: PostgreSQL under Patroni, and etcd. All of it runs as the user postgres, and nothing else in the
//! zone does.

use crate::Arguments;
use crate::network::{DATABASES, ZONES, Zone, run};
use anyhow::{Context, Result, ensure};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Of the database, in memory: what a process has written before it is killed stays, and no other disk is in the way.
const DISK: &str = "256m";

/// All of a signal's effect is seen long before.
const SIGNAL_TIMEOUT: Duration = Duration::from_secs(30);

pub struct Machine {
    pub zone: Zone,
    folder: PathBuf,
    user: u32,
    programs: Vec<(&'static str, Command)>,
    running: Vec<Child>,
}

/// What a signal is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signal {
    Kill,
    Stop,
    Continue,
}

impl Machine {
    pub fn start(arguments: &Arguments, zone: Zone) -> Result<Self> {
        let folder = PathBuf::from(format!("/run/drill/{zone}"));
        let disk = folder.join("disk");
        fs::create_dir_all(&disk).context("cannot make a node's folder")?;
        let owner = |flag: &str| -> Result<u32> {
            let output = Command::new("id").args([flag, "postgres"]).output().context("cannot start id")?;
            let id = String::from_utf8_lossy(&output.stdout).trim().parse();
            id.context("there is no user postgres, whom Debian's package postgresql makes")
        };
        let (user, group) = (owner("-u")?, owner("-g")?);
        let options = format!("size={DISK},uid={user},gid={group},mode=0700");
        run(Command::new("mount").args(["-t", "tmpfs", "-o", &options, "none"]).arg(&disk))?;
        fs::write(folder.join("patroni.yaml"), patroni(arguments, zone, &folder))
            .context("cannot write Patroni's settings")?;
        run(Command::new("chown").arg("-R").arg("postgres:postgres").arg(&folder))?;
        let mut machine = Self { zone, user, programs: Vec::new(), running: Vec::new(), folder };
        let mut patroni = machine.command(Path::new("/run/drill/python/bin/python"));
        patroni.args(["-m", "patroni"]).arg(machine.folder.join("patroni.yaml"));
        let etcd = machine.etcd();
        machine.programs = vec![("etcd", etcd), ("patroni", patroni)];
        for (name, command) in &mut machine.programs {
            log(command, &arguments.logs, &format!("{zone}-{name}"))?;
        }
        machine.boot()?;
        Ok(machine)
    }

    /// Starts what is not running.
    pub fn boot(&mut self) -> Result<()> {
        for (name, command) in &mut self.programs {
            self.running.push(command.spawn().with_context(|| format!("cannot start {name}"))?);
        }
        Ok(())
    }

    /// Everything on it ends at once.
    pub fn kill(&mut self) -> Result<()> {
        self.signal(Signal::Kill)?;
        for mut program in self.running.drain(..) {
            program.wait().context("cannot wait for a program that was killed")?;
        }
        Ok(())
    }

    /// PostgreSQL ends at once; all else goes on.
    pub fn kill_postgres(&self) -> Result<()> {
        let file = self.folder.join("disk/data/postmaster.pid");
        let text = fs::read_to_string(file).context("PostgreSQL is not running")?;
        let process = text.lines().next().unwrap_or_default();
        run(Command::new("kill").args(["-s", "KILL", process]))
    }

    /// Everything on it stands still, as where a machine in a cloud is moved.
    pub fn pause(&self) -> Result<()> {
        self.signal(Signal::Stop)
    }

    pub fn resume(&self) -> Result<()> {
        self.signal(Signal::Continue)
    }

    pub fn fill_disk(&self) -> Result<()> {
        let mut file = File::create(self.filler()).context("cannot make the file that fills the disk")?;
        let zeros = [0; 64 * 1024];
        loop {
            match file.write_all(&zeros) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::StorageFull => return Ok(()),
                Err(error) => return Err(error).context("the disk cannot be filled"),
            }
        }
    }

    pub fn empty_disk(&self) -> Result<()> {
        fs::remove_file(self.filler()).context("cannot remove the file that fills the disk")
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("disk/filler")
    }

    /// Until it has come to all, also to those that are just being started.
    fn signal(&self, signal: Signal) -> Result<()> {
        let name = match signal {
            Signal::Kill => "KILL",
            Signal::Stop => "STOP",
            Signal::Continue => "CONT",
        };
        let started = Instant::now();
        loop {
            let left: Vec<_> = self
                .processes()?
                .into_iter()
                .filter(|(_, state)| match signal {
                    Signal::Kill => *state != 'Z',
                    Signal::Stop => *state != 'T' && *state != 'Z',
                    Signal::Continue => *state == 'T',
                })
                .map(|(process, _)| process.to_string())
                .collect();
            if left.is_empty() {
                return Ok(());
            }
            ensure!(started.elapsed() < SIGNAL_TIMEOUT, "processes {left:?} do not take SIG{name}");
            // One that has ended meanwhile is no failure.
            let _ = Command::new("kill").args(["-s", name]).args(&left).output();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Those of the machine, each with its state (proc(5)).
    fn processes(&self) -> Result<Vec<(u32, char)>> {
        let output = Command::new("ip").args(["netns", "pids", &self.zone.to_string()]).output();
        let output = output.context("cannot start ip")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let processes = String::from_utf8_lossy(&output.stdout).into_owned();
        let processes = processes.lines().filter_map(|line| {
            let process = line.trim().parse().ok()?;
            let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
            let value = |name| status.lines().find_map(|line: &str| line.strip_prefix(name));
            let is_own = value("Uid:\t")?.split('\t').next() == Some(&self.user.to_string());
            let state = value("State:\t")?.chars().next()?;
            is_own.then_some((process, state))
        });
        Ok(processes.collect())
    }

    /// A program that runs as postgres.
    fn command(&self, program: &Path) -> Command {
        let mut command = self.zone.command("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LC_ALL", "C.UTF-8");
        command.env("HOME", &self.folder).current_dir(&self.folder);
        command
    }

    fn etcd(&self) -> Command {
        let (zone, address) = (self.zone, self.zone.database());
        let members = ZONES.map(|zone| format!("{zone}=http://{}:2380", zone.database())).join(",");
        let mut etcd = self.command(Path::new("etcd"));
        etcd.args(["--name", &zone.to_string(), "--initial-cluster", &members]);
        etcd.arg("--data-dir").arg(self.folder.join("etcd"));
        for (option, port) in [("peer", 2380), ("client", 2379)] {
            etcd.arg(format!("--listen-{option}-urls=http://{address}:{port}"));
        }
        etcd.arg(format!("--initial-advertise-peer-urls=http://{address}:2380"));
        etcd.arg(format!("--advertise-client-urls=http://{address}:2379"));
        etcd
    }
}

fn patroni(arguments: &Arguments, zone: Zone, folder: &Path) -> String {
    let etcd = ZONES.map(|zone| format!("{}:2379", zone.database())).join(",");
    include_str!("patroni.yaml")
        .replace("{zone}", &zone.to_string())
        .replace("{address}", &zone.database())
        .replace("{etcd}", &etcd)
        .replace("{folder}", &folder.display().to_string())
        .replace("{postgres}", &arguments.postgres.display().to_string())
        .replace("{network}", DATABASES)
        .replace("{mode}", arguments.replication().0)
}

/// Has a program print into a file, which outlives the drill.
pub fn log(command: &mut Command, folder: &Path, name: &str) -> Result<()> {
    let file = folder.join(format!("{name}.log"));
    let file = OpenOptions::new().create(true).append(true).open(&file);
    let file = file.with_context(|| format!("cannot write the log of {name}"))?;
    command.stdin(Stdio::null()).stdout(file.try_clone().context("cannot use a log twice")?).stderr(file);
    Ok(())
}
